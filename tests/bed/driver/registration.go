package main

import (
	"context"
	"os"
	"path/filepath"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"k8s.io/klog/v2"
	registerapi "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
)

// registration answers the kubelet, which finds the driver by a socket in its folder of plugins: the part that
// node-driver-registrar has in other drivers' pods.
type registration struct {
	registerapi.UnsafeRegistrationServer
	driver *Driver
	server *grpc.Server
	socket string
}

// register makes the socket, unless a fault of Register is to skip it.
func (d *Driver) register() error {
	effect, err := d.faults.find(&Target{Call: callRegister, Node: d.config.Node})
	if err != nil {
		return err
	}
	if effect.is(whatSkip) {
		klog.InfoS("Not registering with the kubelet")
		return nil
	}
	socket := filepath.Join(d.config.RegistrationDir, d.config.Name+"-reg.sock")
	listener, err := listen(socket)
	if err != nil {
		return err
	}
	r := &registration{driver: d, server: grpc.NewServer(), socket: socket}
	registerapi.RegisterRegistrationServer(r.server, r)
	d.mu.Lock()
	d.registrar = r
	d.mu.Unlock()
	go func() {
		klog.InfoS("Starting Registration Server", "address", socket)
		if err := r.server.Serve(listener); err != nil {
			klog.ErrorS(err, "Registration Server stopped serving")
		}
	}()
	return nil
}

func (r *registration) stop() {
	r.server.Stop()
	_ = os.Remove(r.socket)
}

// GetInfo tells the kubelet the driver's name and socket.
func (r *registration) GetInfo(context.Context, *registerapi.InfoRequest) (*registerapi.PluginInfo, error) {
	config := r.driver.config
	info := &registerapi.PluginInfo{
		Type: registerapi.CSIPlugin, Name: config.Name, Endpoint: config.RegistrationEndpoint,
		SupportedVersions: []string{"1.0.0"},
	}
	effect, err := r.driver.faults.find(&Target{Call: callRegister, Node: config.Node})
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
