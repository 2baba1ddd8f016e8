package main

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// started runs a driver with further flags and returns its socket; its state is the folder beside the socket.
func started(t *testing.T, flags ...string) string {
	t.Helper()
	folder := t.TempDir()
	socket := filepath.Join(folder, "csi.sock")
	flags = append([]string{"--node", "node-a", "--state", filepath.Join(folder, "state"), "--endpoint", "unix://" + socket}, flags...)
	config, err := parseFlags(flag.NewFlagSet("fault-csi", flag.ContinueOnError), flags)
	if err != nil {
		t.Fatal(err)
	}
	driver, err := newDriver(config)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		if err := driver.run(); err != nil {
			t.Error(err)
		}
	}()
	t.Cleanup(driver.stop)
	for range 100 {
		if _, err := os.Stat(socket); err == nil {
			return socket
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("no socket")
	return ""
}

func dialed(t *testing.T, socket string) *grpc.ClientConn {
	t.Helper()
	connection, err := grpc.NewClient("unix:"+socket, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return connection
}

func creation(name string, parameters map[string]string) *csi.CreateVolumeRequest {
	return &csi.CreateVolumeRequest{
		Name: name, Parameters: parameters,
		VolumeCapabilities: []*csi.VolumeCapability{capabilityOf(csi.VolumeCapability_AccessMode_SINGLE_NODE_WRITER)},
	}
}

func capabilityOf(mode csi.VolumeCapability_AccessMode_Mode) *csi.VolumeCapability {
	return &csi.VolumeCapability{
		AccessType: &csi.VolumeCapability_Mount{Mount: &csi.VolumeCapability_MountVolume{}},
		AccessMode: &csi.VolumeCapability_AccessMode{Mode: mode},
	}
}

// failsWith checks code and message; a message of "" is not looked at.
func failsWith(t *testing.T, err error, code codes.Code, message string) {
	t.Helper()
	if status.Code(err) != code || !strings.Contains(status.Convert(err).Message(), message) {
		t.Errorf("got %v, wanted %s: %s", err, code, message)
	}
}

func TestClassParametersChooseTheFaultOfLaterCalls(t *testing.T) {
	controller := csi.NewControllerClient(dialed(t, started(t)))
	class := map[string]string{
		"fault.csi/CreateVolume": "times=1 ResourceExhausted: pool full",
		"fault.csi/DeleteVolume": "refuse: volume has dependents",
	}
	_, err := controller.CreateVolume(context.Background(), creation("one", class))
	failsWith(t, err, codes.ResourceExhausted, "pool full")
	answer, err := controller.CreateVolume(context.Background(), creation("one", class))
	failsWith(t, err, codes.OK, "")
	_, err = controller.CreateVolume(context.Background(), creation("two", class))
	failsWith(t, err, codes.ResourceExhausted, "pool full")
	if found := answer.GetVolume().GetVolumeContext()["fault.csi/DeleteVolume"]; found != "" {
		t.Errorf("the fault shows in the volume: %s", found)
	}
	_, err = controller.DeleteVolume(context.Background(), &csi.DeleteVolumeRequest{VolumeId: "one"})
	failsWith(t, err, codes.FailedPrecondition, "volume has dependents")
	_, err = controller.CreateVolume(context.Background(), creation("three", map[string]string{"fault.csi/Creat": "hang"}))
	failsWith(t, err, codes.InvalidArgument, "Creat")
}

func TestTheControlFileIsReadAnewAndOutranksParameters(t *testing.T) {
	socket := started(t)
	controller := csi.NewControllerClient(dialed(t, socket))
	control := filepath.Join(filepath.Dir(socket), "state", "control.yaml")
	class := map[string]string{"fault.csi/CreateVolume": "Internal: of the class"}
	for _, step := range []struct {
		text, message string
		code          codes.Code
	}{
		{"rules: [{call: CreateVolume, fault: 'Aborted: of the file'}]", "of the file", codes.Aborted},
		{"rules: [{call: CreateVolume, volume: other, fault: 'Aborted: of the file'}]", "of the class", codes.Internal},
		{"rules: [{call: CreateVolumes, fault: hang}]", "control file: rule 1", codes.Internal},
		{"rules: [{call: CreateVolume, fault: pass}]", "", codes.OK},
	} {
		if err := os.WriteFile(control, []byte(step.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := controller.CreateVolume(context.Background(), creation("one", class))
		failsWith(t, err, step.code, step.message)
	}
}

func TestIdentityFaults(t *testing.T) {
	flags := []string{"--fault", "GetPluginInfo=no-version", "--fault", "Probe=not-ready", "--fault", "NodeGetInfo=limit=7 node=wrong"}
	connection := dialed(t, started(t, flags...))
	info, err := csi.NewIdentityClient(connection).GetPluginInfo(context.Background(), &csi.GetPluginInfoRequest{})
	if err != nil || info.GetVendorVersion() != "" || info.GetName() != "fault.csi" {
		t.Errorf("%v, %v", info, err)
	}
	probe, err := csi.NewIdentityClient(connection).Probe(context.Background(), &csi.ProbeRequest{})
	if err != nil || probe.GetReady().GetValue() {
		t.Errorf("%v, %v", probe, err)
	}
	node, err := csi.NewNodeClient(connection).NodeGetInfo(context.Background(), &csi.NodeGetInfoRequest{})
	if err != nil || node.GetMaxVolumesPerNode() != 7 || node.GetNodeId() != "wrong" {
		t.Errorf("%v, %v", node, err)
	}
}

func TestADroppedSocketLeavesTheProcess(t *testing.T) {
	socket := started(t, "--fault", "Probe=drop-socket")
	_, err := csi.NewIdentityClient(dialed(t, socket)).Probe(context.Background(), &csi.ProbeRequest{})
	failsWith(t, err, codes.Unavailable, "")
	if _, err := os.Stat(socket); !os.IsNotExist(err) {
		t.Errorf("the socket is still there: %v", err)
	}
	_, err = csi.NewIdentityClient(dialed(t, socket)).Probe(context.Background(), &csi.ProbeRequest{})
	failsWith(t, err, codes.Unavailable, "no such file")
}

func TestThePoolIsFinite(t *testing.T) {
	controller := csi.NewControllerClient(dialed(t, started(t, "--capacity", "3Gi", "--max-volume-size", "2Gi")))
	sized := func(name string, size int64) error {
		request := creation(name, nil)
		request.CapacityRange = &csi.CapacityRange{RequiredBytes: size}
		_, err := controller.CreateVolume(context.Background(), request)
		return err
	}
	failsWith(t, sized("large", 3<<30), codes.OutOfRange, "exceeds maximum")
	failsWith(t, sized("first", 2<<30), codes.OK, "")
	failsWith(t, sized("second", 2<<30), codes.ResourceExhausted, "1073741824 available")
	failsWith(t, sized("third", 1<<30), codes.OK, "")
	capacity, err := controller.GetCapacity(context.Background(), &csi.GetCapacityRequest{})
	if err != nil || capacity.GetAvailableCapacity() != 0 {
		t.Errorf("%v, %v", capacity, err)
	}
}

func TestASecondNodeAndTheLimitOfANode(t *testing.T) {
	socket := started(t, "--attach-limit", "1")
	store := &Store{root: filepath.Join(filepath.Dir(socket), "state")}
	if err := store.put(kindNode, "node-b", &Node{ID: "node-b"}); err != nil {
		t.Fatal(err)
	}
	controller := csi.NewControllerClient(dialed(t, socket))
	attach := func(volume, node string, mode csi.VolumeCapability_AccessMode_Mode) error {
		_, err := controller.ControllerPublishVolume(context.Background(), &csi.ControllerPublishVolumeRequest{
			VolumeId: volume, NodeId: node, VolumeCapability: capabilityOf(mode),
		})
		return err
	}
	many, single := csi.VolumeCapability_AccessMode_MULTI_NODE_MULTI_WRITER, csi.VolumeCapability_AccessMode_SINGLE_NODE_WRITER
	stubborn := map[string]string{"fault.csi/ControllerPublishVolume": "single-node"}
	for name, class := range map[string]map[string]string{"one": nil, "two": nil, "three": stubborn} {
		if _, err := controller.CreateVolume(context.Background(), creation(name, class)); err != nil {
			t.Fatal(err)
		}
	}
	failsWith(t, attach("one", "node-a", single), codes.OK, "")
	failsWith(t, attach("one", "node-a", single), codes.OK, "")
	failsWith(t, attach("one", "node-b", single), codes.FailedPrecondition, "already attached to node node-a")
	failsWith(t, attach("two", "node-a", many), codes.ResourceExhausted, "its limit is 1")
	failsWith(t, attach("two", "node-c", many), codes.NotFound, "node node-c does not exist")
	_, err := controller.ControllerUnpublishVolume(context.Background(), &csi.ControllerUnpublishVolumeRequest{VolumeId: "one", NodeId: "node-a"})
	failsWith(t, err, codes.OK, "")
	failsWith(t, attach("two", "node-a", many), codes.OK, "")
	failsWith(t, attach("two", "node-b", many), codes.OK, "")
	failsWith(t, attach("three", "node-b", many), codes.OK, "")
	failsWith(t, attach("three", "node-a", many), codes.FailedPrecondition, "already attached to node node-b")
}

func TestASnapshotThatIsNeverReady(t *testing.T) {
	controller := csi.NewControllerClient(dialed(t, started(t)))
	if _, err := controller.CreateVolume(context.Background(), creation("one", nil)); err != nil {
		t.Fatal(err)
	}
	ready := func(name string, class map[string]string) (bool, bool) {
		made, err := controller.CreateSnapshot(context.Background(), &csi.CreateSnapshotRequest{Name: name, SourceVolumeId: "one", Parameters: class})
		if err != nil {
			t.Fatal(err)
		}
		listed, err := controller.ListSnapshots(context.Background(), &csi.ListSnapshotsRequest{SnapshotId: name})
		if err != nil {
			t.Fatal(err)
		}
		return made.GetSnapshot().GetReadyToUse(), listed.GetEntries()[0].GetSnapshot().GetReadyToUse()
	}
	if made, listed := ready("well", nil); !made || !listed {
		t.Errorf("%v, %v", made, listed)
	}
	if made, listed := ready("never", map[string]string{"fault.csi/CreateSnapshot": "not-ready"}); made || listed {
		t.Errorf("%v, %v", made, listed)
	}
	if made, listed := ready("later", map[string]string{"fault.csi/CreateSnapshot": "times=1 not-ready"}); made || !listed {
		t.Errorf("%v, %v", made, listed)
	}
}
