package main

import (
	"context"

	"github.com/container-storage-interface/spec/lib/go/csi"
)

// NodeGetInfo is what the kubelet writes into its CSINode, and what labels of the node come from.
func (d *Driver) NodeGetInfo(ctx context.Context, _ *csi.NodeGetInfoRequest) (*csi.NodeGetInfoResponse, error) {
	info := &csi.NodeGetInfoResponse{NodeId: d.config.Node, MaxVolumesPerNode: d.config.AttachLimit}
	segments := d.config.Topology
	if effect := effectOf(ctx); effect != nil {
		if effect.Node != "" {
			info.NodeId = effect.Node
		}
		if effect.Limit != nil {
			info.MaxVolumesPerNode = *effect.Limit
		}
		if effect.Topology != nil || effect.is(whatNoTopology) {
			segments = effect.Topology
		}
	}
	if d.config.Capabilities[capTopology] && len(segments) > 0 {
		info.AccessibleTopology = &csi.Topology{Segments: segments}
	}
	return info, nil
}

// NodeGetCapabilities says what the node can do.
func (d *Driver) NodeGetCapabilities(ctx context.Context, _ *csi.NodeGetCapabilitiesRequest) (*csi.NodeGetCapabilitiesResponse, error) {
	if effectOf(ctx).is(whatNoCapabilities) {
		return &csi.NodeGetCapabilitiesResponse{}, nil
	}
	return &csi.NodeGetCapabilitiesResponse{Capabilities: d.config.Capabilities.node()}, nil
}
