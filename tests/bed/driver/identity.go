package main

import (
	"context"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// GetPluginInfo says who the driver is. Sidecars and kubelet compare the name with their own idea of it.
func (d *Driver) GetPluginInfo(ctx context.Context, _ *csi.GetPluginInfoRequest) (*csi.GetPluginInfoResponse, error) {
	info := &csi.GetPluginInfoResponse{Name: d.config.Name, VendorVersion: d.config.VendorVersion}
	effect := effectOf(ctx)
	if effect.is(whatNoVersion) {
		info.VendorVersion = ""
	}
	if effect != nil && effect.Name != "" {
		info.Name = effect.Name
	}
	if effect != nil && effect.Version != "" {
		info.VendorVersion = effect.Version
	}
	return info, nil
}

// GetPluginCapabilities says which services there are.
func (d *Driver) GetPluginCapabilities(ctx context.Context, _ *csi.GetPluginCapabilitiesRequest) (*csi.GetPluginCapabilitiesResponse, error) {
	if effectOf(ctx).is(whatNoCapabilities) {
		return &csi.GetPluginCapabilitiesResponse{}, nil
	}
	return &csi.GetPluginCapabilitiesResponse{Capabilities: d.config.Capabilities.plugin()}, nil
}

// Probe says whether the driver is ready.
func (d *Driver) Probe(ctx context.Context, _ *csi.ProbeRequest) (*csi.ProbeResponse, error) {
	return &csi.ProbeResponse{Ready: wrapperspb.Bool(!effectOf(ctx).is(whatNotReady))}, nil
}
