package main

import (
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
)

// What a process is. Those that serve CSI have the identity service in common.
const (
	roleController = "controller"
	roleNode       = "node"
	roleBoth       = "both"
	// roleRegistrar serves nothing of CSI; it registers the driver at the endpoint with the kubelet.
	roleRegistrar = "registrar"
)

// Config is what the flags say.
type Config struct {
	Name                 string
	VendorVersion        string
	Role                 string
	Endpoint             string
	Node                 string
	State                string
	RegistrationDir      string
	RegistrationEndpoint string
	AttachLimit          int64
	Topology             map[string]string
	// Capacity and MaxVolumeSize are in bytes.
	Capacity      int64
	MaxVolumeSize int64
	Backing       string
	Capabilities  capabilities
	Control       string
	Faults        []Rule
}

func (c *Config) isController() bool { return c.Role == roleController || c.Role == roleBoth }
func (c *Config) isNode() bool       { return c.Role == roleNode || c.Role == roleBoth }

// socket is the path of the CSI socket in the file system of this process.
func (c *Config) socket() string { return strings.TrimPrefix(c.Endpoint, "unix://") }

// parseFlags reads the command line and says what is wrong with it.
func parseFlags(flags *flag.FlagSet, args []string) (*Config, error) {
	c := &Config{Topology: map[string]string{}}
	var kubeletDir, capacity, largest, caps string
	flags.StringVar(&c.Name, "name", "fault.csi", "the driver's name")
	flags.StringVar(&c.VendorVersion, "vendor-version", "1.0.0", "the driver's version")
	flags.StringVar(&c.Role, "role", roleBoth, "controller, node, both or registrar")
	flags.StringVar(&c.Endpoint, "endpoint", "unix:///csi/csi.sock", "where it listens")
	flags.StringVar(&c.Node, "node", "", "the name of the node")
	flags.StringVar(&c.State, "state", "", "the folder of volumes and snapshots")
	flags.StringVar(&kubeletDir, "kubelet-dir", "", "the kubelet's root: register with this kubelet")
	flags.StringVar(&c.RegistrationDir, "registration-dir", "", "the folder of registration sockets")
	flags.StringVar(&c.RegistrationEndpoint, "registration-endpoint", "", "the CSI socket as the kubelet sees it")
	flags.Int64Var(&c.AttachLimit, "attach-limit", 0, "volumes that fit on a node, 0 for no limit")
	flags.StringVar(&capacity, "capacity", "100Gi", "the size of the pool")
	flags.StringVar(&largest, "max-volume-size", "50Gi", "the largest volume")
	flags.StringVar(&c.Backing, "backing", backingDirectory, "directory or loop")
	flags.StringVar(&caps, "capabilities", "default", "what the driver announces")
	flags.StringVar(&c.Control, "control", "", "the file of faults, read at each call")
	flags.Func("topology", "KEY=VALUE, the segment of this node", c.addTopology)
	flags.Func("fault", "CALL=EFFECT, a fault from the start", c.addFault)
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	var err error
	if c.Capacity, err = bytesOf(capacity); err != nil {
		return nil, fmt.Errorf("--capacity: %w", err)
	}
	if c.MaxVolumeSize, err = bytesOf(largest); err != nil {
		return nil, fmt.Errorf("--max-volume-size: %w", err)
	}
	if c.Capabilities, err = parseCapabilities(caps); err != nil {
		return nil, fmt.Errorf("--capabilities: %w", err)
	}
	c.complete(kubeletDir)
	return c, c.validate()
}

// complete fills in what follows from other flags.
func (c *Config) complete(kubeletDir string) {
	if c.RegistrationDir == "" && kubeletDir != "" {
		c.RegistrationDir = filepath.Join(kubeletDir, "plugins_registry")
	}
	if c.RegistrationEndpoint == "" {
		c.RegistrationEndpoint = c.socket()
	}
	if c.Control == "" && c.State != "" {
		c.Control = filepath.Join(c.State, "control.yaml")
	}
}

func (c *Config) validate() error {
	switch {
	case !contains([]string{roleController, roleNode, roleBoth, roleRegistrar}, c.Role):
		return fmt.Errorf("--role: %q is none of controller, node, both, registrar", c.Role)
	case c.Role == roleRegistrar && c.RegistrationDir == "":
		return fmt.Errorf("--kubelet-dir is missing")
	case c.State == "":
		return fmt.Errorf("--state is missing")
	case !filepath.IsAbs(c.State):
		return fmt.Errorf("--state: %q is not an absolute path", c.State)
	case c.isNode() && c.Node == "":
		return fmt.Errorf("--node is missing")
	case c.Backing != backingDirectory && c.Backing != backingLoop:
		return fmt.Errorf("--backing: %q is none of directory, loop", c.Backing)
	case !strings.HasPrefix(c.Endpoint, "unix:///"):
		return fmt.Errorf("--endpoint: %q is not unix:// with an absolute path", c.Endpoint)
	}
	return nil
}

func (c *Config) addTopology(text string) error {
	key, value, found := strings.Cut(text, "=")
	if !found || key == "" {
		return fmt.Errorf("%q is not KEY=VALUE", text)
	}
	c.Topology[key] = value
	return nil
}

func (c *Config) addFault(text string) error {
	call, effect, found := strings.Cut(text, "=")
	if !found {
		return fmt.Errorf("%q is not CALL=EFFECT", text)
	}
	rule, err := newRule(call, effect)
	if err == nil {
		c.Faults = append(c.Faults, rule)
	}
	return err
}

// bytesOf reads a size as Kubernetes writes it.
func bytesOf(text string) (int64, error) {
	quantity, err := resource.ParseQuantity(text)
	if err != nil {
		return 0, fmt.Errorf("%q: %w", text, err)
	}
	return quantity.Value(), nil
}
