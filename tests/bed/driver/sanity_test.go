package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/kubernetes-csi/csi-test/v5/pkg/sanity"
)

// TestSanity runs the suite that CSI drivers are held to against a driver without faults. It mounts, so it
// wants root.
func TestSanity(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("mounting needs root")
	}
	socket := started(t, "--capabilities", "default", "--topology", "topology.fault.csi/zone=a", "--attach-limit", "3", "--backing", "loop")
	config := sanity.NewTestConfig()
	config.Address = "unix:" + socket
	config.TargetPath = filepath.Join(t.TempDir(), "target")
	config.StagingPath = filepath.Join(t.TempDir(), "staging")
	config.TestNodeVolumeAttachLimit = true
	config.TestVolumeMutableParameters = map[string]string{"iops": "100"}
	config.TestVolumeSize = 1 << 30
	config.TestVolumeExpandSize = 2 << 30
	sanity.Test(t, config)
}
