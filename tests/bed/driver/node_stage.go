package main

import (
	"context"
	"errors"
	"os"
	"strings"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"k8s.io/klog/v2"
	"k8s.io/mount-utils"
)

const (
	// paramMkfsOptions are options for mkfs, separated by spaces.
	paramMkfsOptions = "mkfsOptions"
	defaultFs        = "ext4"
)

// NodeStageVolume makes a volume ready on this node: a loop device is attached, checked, formatted when it is empty,
// mounted, and its filesystem grown to the device.
func (d *Driver) NodeStageVolume(ctx context.Context, r *csi.NodeStageVolumeRequest) (*csi.NodeStageVolumeResponse, error) {
	switch {
	case r.GetVolumeId() == "":
		return nil, missing("volume ID")
	case r.GetStagingTargetPath() == "":
		return nil, missing("staging target path")
	case r.GetVolumeCapability() == nil:
		return nil, missing("volume capability")
	}
	if err := d.needs(capStage); err != nil {
		return nil, err
	}
	unlock, err := d.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	volume, err := d.volumeFor(r.GetVolumeId(), r.GetVolumeContext(), r.GetVolumeCapability())
	if err != nil {
		return nil, err
	}
	if err := d.isAttached(volume); err != nil {
		return nil, err
	}
	if err := d.place(ctx, volume, r.GetStagingTargetPath(), r.GetVolumeCapability()); err != nil {
		return nil, internal(err)
	}
	if volume.Staged == nil {
		volume.Staged = map[string]bool{}
	}
	volume.Staged[d.config.Node] = true
	return &csi.NodeStageVolumeResponse{}, internal(d.store.putVolume(volume))
}

// isAttached refuses a volume that the controller has not attached to this node, as a device that is not there would.
func (d *Driver) isAttached(volume *Volume) error {
	if _, here := volume.Attached[d.config.Node]; !here && d.config.Capabilities[capAttach] && !volume.Ephemeral {
		return status.Errorf(codes.FailedPrecondition, "volume %s is not attached to node %s", volume.ID, d.config.Node)
	}
	return nil
}

// place mounts the volume at a path. A block volume gets its device and is not mounted.
func (d *Driver) place(ctx context.Context, volume *Volume, path string, capability *csi.VolumeCapability) error {
	if capability.GetBlock() != nil {
		_, err := attachLoop(d.store.dataOf(volume))
		return err
	}
	mounted, err := d.isMounted(path)
	if err != nil || mounted {
		return err
	}
	if err := os.MkdirAll(path, 0o755); err != nil {
		return err
	}
	options := mountOptions(capability, effectOf(ctx).is(whatReadOnly))
	if volume.Backing == backingDirectory {
		return d.mounter.Mount(d.store.dataOf(volume), path, "", append(options, "bind"))
	}
	device, err := attachLoop(d.store.dataOf(volume))
	if err != nil {
		return err
	}
	if effectOf(ctx).is(whatDamage) {
		klog.InfoS("Damaging the filesystem, as asked for", "volume", volume.ID)
		if err := d.damage(device, fsTypeOf(capability)); err != nil {
			return err
		}
	}
	return d.mountDevice(device, path, fsTypeOf(capability), options, volume)
}

// damage damages the filesystem of a device, which gets one before if it is new.
func (d *Driver) damage(device, fsType string) error {
	format, err := d.mounter.GetDiskFormat(device)
	if err == nil && format == "" {
		_, err = run("mkfs."+fsType, device)
	}
	if err != nil {
		return err
	}
	return damageFilesystem(device)
}

// mountDevice mounts a device, formatted if it is empty, with a filesystem as large as the device: one that came from
// a snapshot or was grown offline is smaller.
func (d *Driver) mountDevice(device, path, fsType string, options []string, volume *Volume) error {
	if fsType == "xfs" {
		// A clone has the UUID of its source, and XFS refuses to mount the same one twice.
		options = append(options, "nouuid")
	}
	mkfs := strings.Fields(volume.Parameters[paramMkfsOptions])
	if err := d.growUnmounted(device); err != nil {
		return err
	}
	if err := d.mounter.FormatAndMountSensitiveWithFormatOptions(device, path, fsType, options, nil, mkfs); err != nil {
		return err
	}
	if contains(options, "ro") || strings.HasPrefix(fsType, "ext") {
		return nil
	}
	if err := d.growMounted(device, path); err != nil {
		// Mounted, the volume would pass for staged at the next try.
		return errors.Join(err, d.mounter.Unmount(path))
	}
	return nil
}

// growUnmounted grows ext filesystems. They can be grown while mounted too, but not by everyone: the kernel wants
// CAP_SYS_RESOURCE for it, which containers of containers lack.
func (d *Driver) growUnmounted(device string) error {
	format, err := d.mounter.GetDiskFormat(device)
	if err != nil || !strings.HasPrefix(format, "ext") {
		return err
	}
	resizer := mount.NewResizeFs(d.mounter.Exec)
	needed, err := resizer.NeedResize(device, "")
	if err != nil || !needed {
		// What cannot be read is left to fsck, which comes next and says more.
		return nil
	}
	if _, err := run("fsck", "-a", "-f", device); err != nil {
		return nil
	}
	_, err = resizer.Resize(device, "")
	return err
}

func (d *Driver) growMounted(device, path string) error {
	resizer := mount.NewResizeFs(d.mounter.Exec)
	needed, err := resizer.NeedResize(device, path)
	if err == nil && needed {
		_, err = resizer.Resize(device, path)
	}
	return err
}

// isMounted reports whether something is mounted at a path, which need not exist.
func (d *Driver) isMounted(path string) (bool, error) {
	mounted, err := d.mounter.IsMountPoint(path)
	if os.IsNotExist(err) {
		return false, nil
	}
	return mounted, err
}

func mountOptions(capability *csi.VolumeCapability, forReading bool) []string {
	options := append([]string{}, capability.GetMount().GetMountFlags()...)
	mode := capability.GetAccessMode().GetMode()
	if forReading || mode == csi.VolumeCapability_AccessMode_SINGLE_NODE_READER_ONLY ||
		mode == csi.VolumeCapability_AccessMode_MULTI_NODE_READER_ONLY {
		options = append(options, "ro")
	}
	return options
}

func fsTypeOf(capability *csi.VolumeCapability) string {
	if asked := capability.GetMount().GetFsType(); asked != "" {
		return asked
	}
	return defaultFs
}

// NodeUnstageVolume undoes NodeStageVolume.
func (d *Driver) NodeUnstageVolume(_ context.Context, r *csi.NodeUnstageVolumeRequest) (*csi.NodeUnstageVolumeResponse, error) {
	switch {
	case r.GetVolumeId() == "":
		return nil, missing("volume ID")
	case r.GetStagingTargetPath() == "":
		return nil, missing("staging target path")
	}
	if err := d.needs(capStage); err != nil {
		return nil, err
	}
	unlock, err := d.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := mount.CleanupMountPoint(r.GetStagingTargetPath(), d.mounter, true); err != nil {
		return nil, internal(err)
	}
	volume, err := d.store.volume(r.GetVolumeId())
	if err != nil {
		// A volume that is gone has nothing left to undo.
		return &csi.NodeUnstageVolumeResponse{}, nil
	}
	return &csi.NodeUnstageVolumeResponse{}, internal(d.unstaged(volume))
}

// unstaged frees the loop device with the last node that used it: all nodes are on this machine.
func (d *Driver) unstaged(volume *Volume) error {
	delete(volume.Staged, d.config.Node)
	if len(volume.Staged) == 0 && volume.Backing == backingLoop {
		if err := detachLoop(d.store.dataOf(volume)); err != nil {
			return err
		}
	}
	return d.store.putVolume(volume)
}
