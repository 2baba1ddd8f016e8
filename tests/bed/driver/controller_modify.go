package main

import (
	"context"
	"strings"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// mutable are the parameters of a VolumeAttributesClass that the driver knows. They change nothing but the record.
var mutable = []string{"iops", "throughput", "tier"}

func checkMutable(parameters map[string]string) error {
	for _, key := range sortedKeys(parameters) {
		if !strings.HasPrefix(key, faultPrefix) && !contains(mutable, key) {
			return status.Errorf(codes.InvalidArgument, "mutable parameter %q is none of %s", key, strings.Join(mutable, ", "))
		}
	}
	if err := checkParameters(parameters); err != nil {
		return status.Error(codes.InvalidArgument, err.Error())
	}
	return nil
}

// ControllerModifyVolume takes over the parameters of a VolumeAttributesClass, faults among them.
func (d *Driver) ControllerModifyVolume(_ context.Context, r *csi.ControllerModifyVolumeRequest) (*csi.ControllerModifyVolumeResponse, error) {
	if err := d.needs(capModify); err != nil {
		return nil, err
	}
	if err := checkMutable(r.GetMutableParameters()); err != nil {
		return nil, err
	}
	unlock, err := d.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	volume, err := d.volumeOf(r.GetVolumeId())
	if err != nil {
		return nil, err
	}
	volume.Mutable = r.GetMutableParameters()
	return &csi.ControllerModifyVolumeResponse{}, internal(d.store.putVolume(volume))
}
