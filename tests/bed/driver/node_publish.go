package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"k8s.io/mount-utils"
)

// NodePublishVolume puts a volume where the pod wants it.
func (d *Driver) NodePublishVolume(ctx context.Context, r *csi.NodePublishVolumeRequest) (*csi.NodePublishVolumeResponse, error) {
	switch {
	case r.GetVolumeId() == "":
		return nil, missing("volume ID")
	case r.GetTargetPath() == "":
		return nil, missing("target path")
	case r.GetVolumeCapability() == nil:
		return nil, missing("volume capability")
	}
	unlock, err := d.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	volume, err := d.published(r)
	if err != nil {
		return nil, err
	}
	if d.config.Capabilities[capStage] && !volume.Ephemeral && r.GetStagingTargetPath() == "" {
		return nil, missing("staging target path")
	}
	if err := d.isAttached(volume); err != nil {
		return nil, err
	}
	if r.GetVolumeCapability().GetBlock() != nil {
		err = d.publishDevice(volume, r)
	} else {
		err = d.publishMount(ctx, volume, r)
	}
	return &csi.NodePublishVolumeResponse{}, internal(err)
}

// published is the volume of the request; one that a pod names inline is made now.
func (d *Driver) published(r *csi.NodePublishVolumeRequest) (*Volume, error) {
	volume, err := d.volumeFor(r.GetVolumeId(), r.GetVolumeContext(), r.GetVolumeCapability())
	if status.Code(err) != codes.NotFound || r.GetVolumeContext()[paramEphemeral] != "true" {
		return volume, err
	}
	made := &Volume{
		ID: r.GetVolumeId(), Name: r.GetVolumeId(), Size: defaultSize, Backing: backingDirectory, Ephemeral: true,
		Parameters: r.GetVolumeContext(),
	}
	return made, d.makeVolume(made, nil)
}

func (d *Driver) publishMount(ctx context.Context, volume *Volume, r *csi.NodePublishVolumeRequest) error {
	source := r.GetStagingTargetPath()
	if !d.config.Capabilities[capStage] && volume.Backing == backingLoop {
		return d.place(ctx, volume, r.GetTargetPath(), r.GetVolumeCapability())
	}
	if !d.config.Capabilities[capStage] || volume.Ephemeral {
		source = d.store.dataOf(volume)
	}
	mounted, err := d.isMounted(r.GetTargetPath())
	if err != nil || mounted {
		return err
	}
	if err := os.MkdirAll(r.GetTargetPath(), 0o755); err != nil {
		return err
	}
	options := append(mountOptions(r.GetVolumeCapability(), r.GetReadonly()), "bind")
	return d.mounter.Mount(source, r.GetTargetPath(), "", options)
}

// publishDevice binds the device over an empty file.
func (d *Driver) publishDevice(volume *Volume, r *csi.NodePublishVolumeRequest) error {
	device, err := attachLoop(d.store.dataOf(volume))
	if err != nil {
		return err
	}
	mounted, err := d.isMounted(r.GetTargetPath())
	if err != nil || mounted {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(r.GetTargetPath()), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(r.GetTargetPath(), os.O_CREATE, 0o660)
	if err != nil {
		return err
	}
	options := []string{"bind"}
	if r.GetReadonly() {
		options = append(options, "ro")
	}
	return errors.Join(file.Close(), d.mounter.Mount(device, r.GetTargetPath(), "", options))
}

// NodeUnpublishVolume takes a volume away from a pod.
func (d *Driver) NodeUnpublishVolume(_ context.Context, r *csi.NodeUnpublishVolumeRequest) (*csi.NodeUnpublishVolumeResponse, error) {
	switch {
	case r.GetVolumeId() == "":
		return nil, missing("volume ID")
	case r.GetTargetPath() == "":
		return nil, missing("target path")
	}
	unlock, err := d.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := mount.CleanupMountPoint(r.GetTargetPath(), d.mounter, true); err != nil {
		return nil, internal(err)
	}
	volume, err := d.store.volume(r.GetVolumeId())
	if err != nil {
		return &csi.NodeUnpublishVolumeResponse{}, nil
	}
	if volume.Ephemeral {
		err = errors.Join(d.store.removeData(kindVolume, volume.ID, volume.Backing), d.store.remove(kindVolume, volume.ID))
		return &csi.NodeUnpublishVolumeResponse{}, internal(err)
	}
	if !d.config.Capabilities[capStage] {
		return &csi.NodeUnpublishVolumeResponse{}, internal(d.unstaged(volume))
	}
	return &csi.NodeUnpublishVolumeResponse{}, nil
}
