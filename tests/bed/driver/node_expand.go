package main

import (
	"context"
	"os"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"k8s.io/mount-utils"
)

// NodeExpandVolume lets the loop device see that its file has grown, and grows the filesystem on it.
func (d *Driver) NodeExpandVolume(ctx context.Context, r *csi.NodeExpandVolumeRequest) (*csi.NodeExpandVolumeResponse, error) {
	switch {
	case r.GetVolumeId() == "":
		return nil, missing("volume ID")
	case r.GetVolumePath() == "":
		return nil, missing("volume path")
	}
	if err := d.needs(capExpandNode); err != nil {
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
	if err := d.expandOnNode(volume, r); err != nil {
		return nil, err
	}
	answer := &csi.NodeExpandVolumeResponse{CapacityBytes: volume.Size}
	if effect := effectOf(ctx); effect != nil && effect.Size != nil {
		answer.CapacityBytes = *effect.Size
	}
	return answer, nil
}

func (d *Driver) expandOnNode(volume *Volume, r *csi.NodeExpandVolumeRequest) error {
	info, err := os.Stat(r.GetVolumePath())
	if err != nil {
		return status.Errorf(codes.NotFound, "volume path %s: %v", r.GetVolumePath(), err)
	}
	// A driver without a controller's part in this is asked for the new size here.
	if !d.config.Capabilities[capExpandController] && r.GetCapacityRange() != nil {
		if err := d.expand(volume, r.GetCapacityRange()); err != nil {
			return err
		}
	}
	if volume.Backing == backingDirectory {
		return nil
	}
	device, err := attachLoop(d.store.dataOf(volume))
	if err != nil {
		return internal(err)
	}
	if _, err := run("losetup", "--set-capacity", device); err != nil {
		return internal(err)
	}
	if volume.Block || !info.IsDir() {
		return nil
	}
	_, err = mount.NewResizeFs(d.mounter.Exec).Resize(device, r.GetVolumePath())
	return internal(err)
}
