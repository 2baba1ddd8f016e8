package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"k8s.io/klog/v2"
	"k8s.io/mount-utils"
	"k8s.io/utils/exec"
)

// Driver serves CSI. Its parts are in the files named after what they do.
type Driver struct {
	csi.UnimplementedIdentityServer
	csi.UnimplementedControllerServer
	csi.UnimplementedNodeServer

	config  *Config
	store   *Store
	faults  *Faults
	mounter *mount.SafeFormatAndMount

	mu        sync.Mutex
	server    *grpc.Server
	registrar *registration
}

// newDriver opens the folder of the volumes and lets a fault of Start happen.
func newDriver(config *Config) (*Driver, error) {
	store, err := openStore(config.State)
	if err != nil {
		return nil, err
	}
	d := &Driver{
		config: config,
		store:  store,
		faults: &Faults{control: config.Control, flags: config.Faults, counts: store},
	}
	if config.isNode() {
		d.mounter = mount.NewSafeFormatAndMount(mount.NewWithoutSystemd(""), exec.New())
	}
	klog.InfoS("Driver", "name", config.Name, "version", config.VendorVersion, "role", config.Role, "node", config.Node)
	if config.Role == roleRegistrar {
		// The driver's start is not the registrar's.
		return d, nil
	}
	return d, d.start()
}

// start lets a fault of the start happen.
func (d *Driver) start() error {
	effect, err := d.faults.find(d.target(callStart))
	if err != nil || effect == nil {
		return err
	}
	wait(effect.Delay, nil)
	if effect.is(whatCrash) {
		crash(effect)
	}
	if effect.Code != codes.OK {
		return errors.New(effect.Message)
	}
	return nil
}

// run serves until the server is stopped. A socket that a fault took away does not end the process.
func (d *Driver) run() error {
	if d.config.Role == roleRegistrar {
		return d.runRegistrar()
	}
	listener, err := listen(d.config.socket())
	if err != nil {
		return err
	}
	if d.config.isNode() {
		if err := d.announceNode(); err != nil {
			return err
		}
	}
	server := grpc.NewServer(grpc.UnaryInterceptor(d.intercept))
	csi.RegisterIdentityServer(server, d)
	if d.config.isController() {
		csi.RegisterControllerServer(server, d)
	}
	if d.config.isNode() {
		csi.RegisterNodeServer(server, d)
	}
	d.mu.Lock()
	d.server = server
	d.mu.Unlock()
	if d.config.isNode() && d.config.RegistrationDir != "" {
		if err := d.register(d.config.Name); err != nil {
			return err
		}
	}
	klog.InfoS("Listening for connections", "address", d.config.Endpoint)
	if err := server.Serve(listener); err != nil {
		return err
	}
	select {}
}

// listen makes the socket anew: one of an earlier process would refuse everybody.
func listen(path string) (net.Listener, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("socket of an earlier process: %w", err)
	}
	return net.Listen("unix", path)
}

// stop ends the services and takes the sockets away.
func (d *Driver) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.registrar != nil {
		d.registrar.stop()
	}
	if d.server != nil {
		d.server.Stop()
	}
}

// dropSocket is the fault of that name: the process stays, but nobody reaches it any more.
func (d *Driver) dropSocket() {
	if err := os.Remove(d.config.socket()); err != nil {
		klog.ErrorS(err, "The socket could not be removed")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	// Stop waits for the calls in flight, and the one that dropped the socket is among them.
	go d.server.Stop()
}

// announceNode leaves a record for the controller, which must know which nodes there are.
func (d *Driver) announceNode() error {
	node := &Node{ID: d.config.Node, Limit: d.config.AttachLimit, Topology: d.config.Topology}
	return d.store.put(kindNode, node.ID, node)
}
