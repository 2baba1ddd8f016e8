package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc/codes"
)

// use is a volume on its way to a pod, step by step as kubelet and sidecars take them.
type use struct {
	t          *testing.T
	controller csi.ControllerClient
	node       csi.NodeClient
	id         string
	staging    string
	target     string
	capability *csi.VolumeCapability
}

// used makes and attaches a volume on a loop device; whatever the test mounts of it is undone at the end.
func used(t *testing.T, size int64, fsType string, class map[string]string, flags ...string) *use {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("mounting needs root")
	}
	if _, err := exec.LookPath("mkfs." + fsType); fsType != "" && err != nil {
		t.Skipf("no mkfs.%s here", fsType)
	}
	folder := t.TempDir()
	connection := dialed(t, started(t, append(flags, "--backing", "loop")...))
	u := &use{
		t: t, controller: csi.NewControllerClient(connection), node: csi.NewNodeClient(connection), id: "one",
		staging: filepath.Join(folder, "staging"), target: filepath.Join(folder, "pod", "target"),
	}
	u.capability = capabilityOf(csi.VolumeCapability_AccessMode_SINGLE_NODE_WRITER)
	u.capability.GetMount().FsType = fsType
	if fsType == "" {
		u.capability.AccessType = &csi.VolumeCapability_Block{Block: &csi.VolumeCapability_BlockVolume{}}
	}
	request := creation(u.id, class)
	request.VolumeCapabilities[0] = u.capability
	request.CapacityRange = &csi.CapacityRange{RequiredBytes: size}
	_, err := u.controller.CreateVolume(context.Background(), request)
	failsWith(t, err, codes.OK, "")
	_, err = u.controller.ControllerPublishVolume(context.Background(), &csi.ControllerPublishVolumeRequest{
		VolumeId: u.id, NodeId: "node-a", VolumeCapability: u.capability,
	})
	failsWith(t, err, codes.OK, "")
	t.Cleanup(u.unstage)
	t.Cleanup(u.unpublish)
	return u
}

func (u *use) stage() error {
	_, err := u.node.NodeStageVolume(context.Background(), &csi.NodeStageVolumeRequest{
		VolumeId: u.id, StagingTargetPath: u.staging, VolumeCapability: u.capability,
	})
	return err
}

func (u *use) publish(readonly bool) error {
	_, err := u.node.NodePublishVolume(context.Background(), &csi.NodePublishVolumeRequest{
		VolumeId: u.id, StagingTargetPath: u.staging, TargetPath: u.target, VolumeCapability: u.capability, Readonly: readonly,
	})
	return err
}

func (u *use) unpublish() {
	_, err := u.node.NodeUnpublishVolume(context.Background(), &csi.NodeUnpublishVolumeRequest{VolumeId: u.id, TargetPath: u.target})
	failsWith(u.t, err, codes.OK, "")
}

func (u *use) unstage() {
	_, err := u.node.NodeUnstageVolume(context.Background(), &csi.NodeUnstageVolumeRequest{VolumeId: u.id, StagingTargetPath: u.staging})
	failsWith(u.t, err, codes.OK, "")
}

// expand grows the volume in the controller's part.
func (u *use) expand(size int64) {
	answer, err := u.controller.ControllerExpandVolume(context.Background(), &csi.ControllerExpandVolumeRequest{
		VolumeId: u.id, CapacityRange: &csi.CapacityRange{RequiredBytes: size},
	})
	failsWith(u.t, err, codes.OK, "")
	if answer.GetCapacityBytes() != size || !answer.GetNodeExpansionRequired() {
		u.t.Errorf("%v", answer)
	}
}

// mounted is the size of the filesystem at the target, in MiB.
func (u *use) mounted() int64 {
	var stat unix.Statfs_t
	if err := unix.Statfs(u.target, &stat); err != nil {
		u.t.Fatal(err)
	}
	return int64(stat.Blocks) * stat.Bsize >> 20
}

func TestAFilesystemGrowsWhenItIsMountedAgain(t *testing.T) {
	u := used(t, 32<<20, "ext4", nil)
	failsWith(t, u.stage(), codes.OK, "")
	failsWith(t, u.publish(false), codes.OK, "")
	if size := u.mounted(); size > 32 {
		t.Errorf("%d MiB", size)
	}
	kept := filepath.Join(u.target, "kept")
	if err := os.WriteFile(kept, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	u.unpublish()
	u.unstage()
	u.expand(96 << 20)
	failsWith(t, u.stage(), codes.OK, "")
	failsWith(t, u.publish(true), codes.OK, "")
	if size := u.mounted(); size < 64 {
		t.Errorf("%d MiB", size)
	}
	if text, err := os.ReadFile(kept); err != nil || string(text) != "kept" {
		t.Errorf("%q, %v", text, err)
	}
	if err := os.WriteFile(kept, nil, 0o600); !strings.Contains(errorText(err), "read-only") {
		t.Errorf("a volume for reading was written: %v", err)
	}
}

func TestAFilesystemGrowsWhileItIsUsed(t *testing.T) {
	u := used(t, 320<<20, "xfs", nil)
	failsWith(t, u.stage(), codes.OK, "")
	failsWith(t, u.publish(false), codes.OK, "")
	before := u.mounted()
	u.expand(640 << 20)
	request := &csi.NodeExpandVolumeRequest{VolumeId: u.id, VolumePath: u.target}
	_, err := u.node.NodeExpandVolume(context.Background(), request)
	failsWith(t, err, codes.OK, "")
	if after := u.mounted(); after < before+300 {
		t.Errorf("%d MiB, and before %d", after, before)
	}
}

func TestGrownOnTheDeviceButNotInside(t *testing.T) {
	u := used(t, 320<<20, "xfs", map[string]string{"fault.csi/NodeExpandVolume": "skip"})
	failsWith(t, u.stage(), codes.OK, "")
	failsWith(t, u.publish(false), codes.OK, "")
	before := u.mounted()
	u.expand(640 << 20)
	request := &csi.NodeExpandVolumeRequest{VolumeId: u.id, VolumePath: u.target}
	_, err := u.node.NodeExpandVolume(context.Background(), request)
	failsWith(t, err, codes.OK, "")
	if after := u.mounted(); after != before {
		t.Errorf("%d MiB, and before %d", after, before)
	}
}

func TestOnlyOfflineExpansion(t *testing.T) {
	u := used(t, 32<<20, "ext4", nil, "--capabilities", "default,offline")
	request := &csi.ControllerExpandVolumeRequest{VolumeId: u.id, CapacityRange: &csi.CapacityRange{RequiredBytes: 64 << 20}}
	_, err := u.controller.ControllerExpandVolume(context.Background(), request)
	failsWith(t, err, codes.FailedPrecondition, "only be expanded offline")
}

func TestADamagedFilesystemIsNotMounted(t *testing.T) {
	for fsType, said := range map[string]string{"ext4": "'fsck' found errors on device", "xfs": "mount failed: exit status 32"} {
		t.Run(fsType, func(t *testing.T) {
			class := map[string]string{"fault.csi/NodeStageVolume": "times=1 damage"}
			u := used(t, 320<<20, fsType, class)
			failsWith(t, u.stage(), codes.Internal, said)
			// The damage is done, whatever becomes of the fault.
			failsWith(t, u.stage(), codes.Internal, said)
		})
	}
}

func TestABlockVolume(t *testing.T) {
	u := used(t, 32<<20, "", nil)
	failsWith(t, u.stage(), codes.OK, "")
	failsWith(t, u.publish(false), codes.OK, "")
	info, err := os.Stat(u.target)
	if err != nil || info.Mode()&os.ModeDevice == 0 {
		t.Errorf("%v, %v", info, err)
	}
}

func TestAVolumeThatIsNotAttachedIsNotStaged(t *testing.T) {
	u := used(t, 32<<20, "ext4", nil)
	_, err := u.controller.ControllerUnpublishVolume(context.Background(), &csi.ControllerUnpublishVolumeRequest{VolumeId: u.id})
	failsWith(t, err, codes.OK, "")
	failsWith(t, u.stage(), codes.FailedPrecondition, "not attached to node node-a")
}

func TestStaticVolumes(t *testing.T) {
	u := used(t, 32<<20, "ext4", nil, "--capabilities", "default,-attach", "--fault", "ControllerPublishVolume=skip")
	stage := func(attributes map[string]string) error {
		_, err := u.node.NodeStageVolume(context.Background(), &csi.NodeStageVolumeRequest{
			VolumeId: "static", StagingTargetPath: u.staging, VolumeCapability: u.capability, VolumeContext: attributes,
		})
		return err
	}
	failsWith(t, stage(nil), codes.NotFound, "volume static does not exist")
	failsWith(t, stage(map[string]string{"create": "big"}), codes.InvalidArgument, "create")
	failsWith(t, stage(map[string]string{"create": "1Gi", "fault.csi/NodeStageVolume": "Unavailable: gone"}), codes.Unavailable, "gone")
	failsWith(t, stage(map[string]string{"create": "1Gi", "backing": "directory"}), codes.OK, "")
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
