package main

import (
	"fmt"
	"sort"
	"strings"

	"github.com/container-storage-interface/spec/lib/go/csi"
)

// The names of what a driver can announce.
const (
	capController       = "controller"
	capTopology         = "topology"
	capAttach           = "attach"
	capList             = "list"
	capGetVolume        = "get-volume"
	capGetCapacity      = "get-capacity"
	capSnapshot         = "snapshot"
	capClone            = "clone"
	capExpandController = "expand-controller"
	capExpandNode       = "expand-node"
	capOffline          = "offline"
	capModify           = "modify"
	capStage            = "stage"
	capStats            = "stats"
	capCondition        = "condition"
	capSingleWriter     = "single-writer"
	capReadonly         = "readonly"
)

// byDefault are all but offline, which takes away more than it gives.
var byDefault = []string{
	capController, capTopology, capAttach, capList, capGetVolume, capGetCapacity, capSnapshot, capClone, capExpandController,
	capExpandNode, capModify, capStage, capStats, capCondition, capSingleWriter, capReadonly,
}

// capabilities is a set of names.
type capabilities map[string]bool

// parseCapabilities reads a list such as `default,-attach`.
func parseCapabilities(text string) (capabilities, error) {
	set := capabilities{}
	known := append([]string{capOffline}, byDefault...)
	for _, word := range strings.Split(text, ",") {
		name, takeAway := strings.CutPrefix(strings.TrimSpace(word), "-")
		switch {
		case name == "default" && !takeAway:
			for _, each := range byDefault {
				set[each] = true
			}
		case contains(known, name):
			set[name] = !takeAway
		case name != "":
			return nil, fmt.Errorf("%q is none of default, %s", name, strings.Join(known, ", "))
		}
	}
	return set, nil
}

func contains(list []string, name string) bool {
	for _, each := range list {
		if each == name {
			return true
		}
	}
	return false
}

// plugin lists what GetPluginCapabilities answers.
func (c capabilities) plugin() []*csi.PluginCapability {
	var list []*csi.PluginCapability
	service := map[string]csi.PluginCapability_Service_Type{
		capController: csi.PluginCapability_Service_CONTROLLER_SERVICE,
		capTopology:   csi.PluginCapability_Service_VOLUME_ACCESSIBILITY_CONSTRAINTS,
	}
	for _, name := range among(c, service) {
		list = append(list, &csi.PluginCapability{Type: &csi.PluginCapability_Service_{
			Service: &csi.PluginCapability_Service{Type: service[name]},
		}})
	}
	expansion := csi.PluginCapability_VolumeExpansion_ONLINE
	if c[capOffline] {
		expansion = csi.PluginCapability_VolumeExpansion_OFFLINE
	}
	if c[capExpandController] || c[capExpandNode] {
		list = append(list, &csi.PluginCapability{Type: &csi.PluginCapability_VolumeExpansion_{
			VolumeExpansion: &csi.PluginCapability_VolumeExpansion{Type: expansion},
		}})
	}
	return list
}

// controller lists what ControllerGetCapabilities answers.
func (c capabilities) controller() []*csi.ControllerServiceCapability {
	types := map[string][]csi.ControllerServiceCapability_RPC_Type{
		capController: {csi.ControllerServiceCapability_RPC_CREATE_DELETE_VOLUME},
		capAttach:     {csi.ControllerServiceCapability_RPC_PUBLISH_UNPUBLISH_VOLUME},
		capList: {
			csi.ControllerServiceCapability_RPC_LIST_VOLUMES, csi.ControllerServiceCapability_RPC_LIST_SNAPSHOTS,
			csi.ControllerServiceCapability_RPC_LIST_VOLUMES_PUBLISHED_NODES,
		},
		capGetVolume:        {csi.ControllerServiceCapability_RPC_GET_VOLUME},
		capGetCapacity:      {csi.ControllerServiceCapability_RPC_GET_CAPACITY},
		capSnapshot:         {csi.ControllerServiceCapability_RPC_CREATE_DELETE_SNAPSHOT},
		capClone:            {csi.ControllerServiceCapability_RPC_CLONE_VOLUME},
		capExpandController: {csi.ControllerServiceCapability_RPC_EXPAND_VOLUME},
		capModify:           {csi.ControllerServiceCapability_RPC_MODIFY_VOLUME},
		capCondition:        {csi.ControllerServiceCapability_RPC_VOLUME_CONDITION},
		capSingleWriter:     {csi.ControllerServiceCapability_RPC_SINGLE_NODE_MULTI_WRITER},
		capReadonly:         {csi.ControllerServiceCapability_RPC_PUBLISH_READONLY},
	}
	var list []*csi.ControllerServiceCapability
	for _, name := range among(c, types) {
		for _, rpc := range types[name] {
			list = append(list, &csi.ControllerServiceCapability{Type: &csi.ControllerServiceCapability_Rpc{
				Rpc: &csi.ControllerServiceCapability_RPC{Type: rpc},
			}})
		}
	}
	return list
}

// node lists what NodeGetCapabilities answers.
func (c capabilities) node() []*csi.NodeServiceCapability {
	types := map[string]csi.NodeServiceCapability_RPC_Type{
		capStage:        csi.NodeServiceCapability_RPC_STAGE_UNSTAGE_VOLUME,
		capStats:        csi.NodeServiceCapability_RPC_GET_VOLUME_STATS,
		capExpandNode:   csi.NodeServiceCapability_RPC_EXPAND_VOLUME,
		capCondition:    csi.NodeServiceCapability_RPC_VOLUME_CONDITION,
		capSingleWriter: csi.NodeServiceCapability_RPC_SINGLE_NODE_MULTI_WRITER,
	}
	var list []*csi.NodeServiceCapability
	for _, name := range among(c, types) {
		list = append(list, &csi.NodeServiceCapability{Type: &csi.NodeServiceCapability_Rpc{
			Rpc: &csi.NodeServiceCapability_RPC{Type: types[name]},
		}})
	}
	return list
}

// among returns the names of the table that are in the set, sorted.
func among[T any](set capabilities, table map[string]T) []string {
	var names []string
	for name := range table {
		if set[name] {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	return names
}
