package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	registerapi "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

// asked is what the kubelet learns at the registration socket of that name.
func asked(t *testing.T, socket string) (*registerapi.PluginInfo, error) {
	t.Helper()
	for range 100 {
		if _, err := os.Stat(socket); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return registerapi.NewRegistrationClient(dialed(t, socket)).GetInfo(context.Background(), &registerapi.InfoRequest{})
}

func TestRegistration(t *testing.T) {
	kubelet := t.TempDir()
	socket := started(t, "--kubelet-dir", kubelet, "--name", "one.csi")
	info, err := asked(t, filepath.Join(kubelet, "plugins_registry", "one.csi-reg.sock"))
	if err != nil || info.GetName() != "one.csi" || info.GetEndpoint() != socket || info.GetType() != registerapi.CSIPlugin {
		t.Errorf("%v, %v", info, err)
	}
}

func TestARegistrarOfItsOwn(t *testing.T) {
	folder := t.TempDir()
	socket := started(t, "--name", "two.csi")
	config := &Config{
		Role: roleRegistrar, Endpoint: "unix://" + socket, RegistrationDir: folder, RegistrationEndpoint: socket,
		State: filepath.Join(folder, "state"), Name: "what the flags say",
	}
	driver, err := newDriver(config)
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = driver.run() }()
	t.Cleanup(driver.stop)
	info, err := asked(t, filepath.Join(folder, "two.csi-reg.sock"))
	if err != nil || info.GetName() != "two.csi" {
		t.Errorf("%v, %v", info, err)
	}
}

func TestFaultsOfRegistration(t *testing.T) {
	kubelet := t.TempDir()
	socket := filepath.Join(kubelet, "plugins_registry", "fault.csi-reg.sock")
	started(t, "--kubelet-dir", kubelet, "--fault", "Register=name=other.csi path=/no/such.sock version=9.9.9")
	info, err := asked(t, socket)
	if err != nil || info.GetName() != "other.csi" || info.GetEndpoint() != "/no/such.sock" || info.GetSupportedVersions()[0] != "9.9.9" {
		t.Errorf("%v, %v", info, err)
	}
	refusing := t.TempDir()
	started(t, "--kubelet-dir", refusing, "--fault", "Register=Internal: no")
	_, err = asked(t, filepath.Join(refusing, "plugins_registry", "fault.csi-reg.sock"))
	failsWith(t, err, codes.Internal, "no")
	silent := t.TempDir()
	started(t, "--kubelet-dir", silent, "--fault", "Register=skip")
	if entries, err := os.ReadDir(filepath.Join(silent, "plugins_registry")); !os.IsNotExist(err) || len(entries) != 0 {
		t.Errorf("%v, %v", entries, err)
	}
}
