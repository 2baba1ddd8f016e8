package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"k8s.io/klog/v2"
	registerapi "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

// registration answers the kubelet, which finds the driver by a socket in its folder of plugins: the part that
// node-driver-registrar has in other drivers' pods.
type registration struct {
	registerapi.UnsafeRegistrationServer
	config *Config
	faults *Faults
	// name is the driver's as it says itself.
	name   string
	server *grpc.Server
	socket string
}

// register makes the socket and serves it, unless a fault of Register is to skip it.
func (d *Driver) register(name string) error {
	effect, err := d.faults.find(d.target(callRegister))
	if err != nil {
		return err
	}
	if effect.is(whatSkip) {
		klog.InfoS("Not registering with the kubelet")
		return nil
	}
	socket := filepath.Join(d.config.RegistrationDir, name+"-reg.sock")
	// The words of node-driver-registrar, cmd/csi-node-driver-registrar/node_register.go.
	klog.InfoS("Starting Registration Server", "socketPath", socket)
	listener, err := listen(socket)
	if err != nil {
		return err
	}
	r := &registration{config: d.config, faults: d.faults, name: name, server: grpc.NewServer(), socket: socket}
	registerapi.RegisterRegistrationServer(r.server, r)
	d.mu.Lock()
	d.registrar = r
	d.mu.Unlock()
	klog.InfoS("Registration Server started", "socketPath", socket)
	go func() {
		if err := r.server.Serve(listener); err != nil {
			klog.ErrorS(err, "Registration Server stopped serving")
		}
	}()
	return nil
}

// runRegistrar is the role of a container of its own: it asks the driver at the endpoint for its name, as often as
// it takes, and registers it.
func (d *Driver) runRegistrar() error {
	connection, err := grpc.NewClient(d.config.Endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	klog.InfoS("Calling CSI driver to discover driver name")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	info, err := csi.NewIdentityClient(connection).GetPluginInfo(ctx, &csi.GetPluginInfoRequest{}, grpc.WaitForReady(true))
	if err != nil {
		return fmt.Errorf("error retrieving CSI driver name: %w", err)
	}
	klog.InfoS("CSI driver name", "csiDriverName", info.GetName())
	if err := d.register(info.GetName()); err != nil {
		return err
	}
	select {}
}

func (r *registration) stop() {
	r.server.Stop()
	_ = os.Remove(r.socket)
}

// GetInfo tells the kubelet the driver's name and socket.
func (r *registration) GetInfo(context.Context, *registerapi.InfoRequest) (*registerapi.PluginInfo, error) {
	info := &registerapi.PluginInfo{
		Type: registerapi.CSIPlugin, Name: r.name, Endpoint: r.config.RegistrationEndpoint,
		SupportedVersions: []string{"1.0.0"},
	}
	effect, err := r.faults.find(&Target{Call: callRegister, Node: r.config.Node, Role: r.config.Role})
	if err != nil {
		return nil, internal(err)
	}
	klog.InfoS("Received GetInfo call")
	if effect == nil {
		return info, nil
	}
	wait(effect.Delay, nil)
	switch {
	case effect.is(whatCrash):
		crash(effect)
	case effect.Code != codes.OK:
		return nil, status.Error(effect.Code, effect.Message)
	}
	if effect.Name != "" {
		info.Name = effect.Name
	}
	if effect.Path != "" {
		info.Endpoint = effect.Path
	}
	if effect.Version != "" {
		info.SupportedVersions = []string{effect.Version}
	}
	return info, nil
}

// NotifyRegistrationStatus is told by the kubelet how it went. As with node-driver-registrar a refusal ends the
// process, so that the next start tries again.
func (r *registration) NotifyRegistrationStatus(_ context.Context, s *registerapi.RegistrationStatus) (*registerapi.RegistrationStatusResponse, error) {
	klog.InfoS("Received NotifyRegistrationStatus call", "registered", s.GetPluginRegistered())
	if !s.GetPluginRegistered() {
		klog.Errorf("Registration process failed with error: %s, restarting registration container.", s.GetError())
		klog.FlushAndExit(klog.ExitFlushTimeout, 1)
	}
	return &registerapi.RegistrationStatusResponse{}, nil
}
