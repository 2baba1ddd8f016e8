package main

import (
	"context"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// ControllerExpandVolume makes the file or the promise of a volume larger; the filesystem in it grows on the node.
func (d *Driver) ControllerExpandVolume(ctx context.Context, r *csi.ControllerExpandVolumeRequest) (*csi.ControllerExpandVolumeResponse, error) {
	if r.GetVolumeId() == "" {
		return nil, missing("volume ID")
	}
	if r.GetCapacityRange() == nil {
		return nil, missing("capacity range")
	}
	if err := d.needs(capExpandController); err != nil {
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
	if err := d.expand(volume, r.GetCapacityRange()); err != nil {
		return nil, err
	}
	answer := &csi.ControllerExpandVolumeResponse{
		CapacityBytes:         volume.Size,
		NodeExpansionRequired: d.config.Capabilities[capExpandNode] && volume.Backing == backingLoop,
	}
	if effect := effectOf(ctx); effect != nil && effect.Size != nil {
		answer.CapacityBytes = *effect.Size
	}
	return answer, nil
}

// expand changes the volume when it is smaller than asked for.
func (d *Driver) expand(volume *Volume, asked *csi.CapacityRange) error {
	size, err := d.sizeFor(asked)
	if err != nil || size <= volume.Size {
		return err
	}
	for _, node := range sortedKeys(volume.Attached) {
		if d.config.Capabilities[capOffline] {
			return status.Errorf(codes.FailedPrecondition, "volume %s is in use on node %s and can only be expanded offline", volume.ID, node)
		}
	}
	if err := d.reserve(size - volume.Size); err != nil {
		return err
	}
	volume.Size = size
	if err := d.store.makeData(volume); err != nil {
		return internal(err)
	}
	return internal(d.store.putVolume(volume))
}
