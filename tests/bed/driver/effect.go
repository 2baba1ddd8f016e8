package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
)

// What an effect can do besides failing with a gRPC code. The words are those of the grammar in ../README.md.
const (
	whatCrash          = "crash"
	whatDropSocket     = "drop-socket"
	whatHang           = "hang"
	whatNotReady       = "not-ready"
	whatNoVersion      = "no-version"
	whatNoTopology     = "no-topology"
	whatNoCapabilities = "no-capabilities"
	whatSingleNode     = "single-node"
	whatRefuse         = "refuse"
	whatAbnormal       = "abnormal"
	whatDamage         = "damage"
	whatReadOnly       = "read-only"
	whatSkip           = "skip"
	whatPass           = "pass"
)

var whats = []string{
	whatCrash, whatDropSocket, whatHang, whatNotReady, whatNoVersion, whatNoTopology, whatNoCapabilities,
	whatSingleNode, whatRefuse, whatAbnormal, whatDamage, whatReadOnly, whatSkip, whatPass,
}

// Effect is what a fault does to a call.
type Effect struct {
	// What is one of the words above, or "" when the effect is a code or only options.
	What    string
	Code    codes.Code
	Message string

	// Times is how often the effect shows (0: always) and After how many calls go unharmed first.
	Times int
	After int
	Delay time.Duration
	// Exit is the status with which a crash ends the process.
	Exit int

	// Values reported in place of the true ones; nil or "" leaves the true one.
	Size     *int64
	Capacity *int64
	Limit    *int64
	Name     string
	Node     string
	Path     string
	Version  string
	Topology map[string]string
}

// is reports whether the effect is the given word; a call without any fault has a nil effect.
func (e *Effect) is(what string) bool { return e != nil && e.What == what }

// parseEffect reads `[OPTION ...] [WHAT[: MESSAGE]]`.
func parseEffect(text string) (*Effect, error) {
	effect := &Effect{Exit: 1}
	rest := strings.TrimSpace(text)
	if rest == "" {
		return nil, fmt.Errorf("an effect is empty")
	}
	for rest != "" {
		word, after, _ := strings.Cut(rest, " ")
		key, value, isOption := strings.Cut(word, "=")
		if !isOption || strings.Contains(key, ":") {
			return effect, effect.setWhat(rest)
		}
		if err := effect.setOption(key, value); err != nil {
			return nil, fmt.Errorf("effect %q: %w", text, err)
		}
		rest = strings.TrimSpace(after)
	}
	return effect, nil
}

func (e *Effect) setWhat(text string) error {
	word, message, _ := strings.Cut(text, ":")
	word = strings.TrimSpace(word)
	e.Message = strings.TrimSpace(message)
	for _, what := range whats {
		if word == what {
			e.What = what
			if what == whatRefuse {
				e.Code = codes.FailedPrecondition
			}
			return nil
		}
	}
	code, err := codeOf(word)
	e.Code = code
	return err
}

// codeOf finds the gRPC code of a name such as ResourceExhausted.
func codeOf(name string) (codes.Code, error) {
	for code := codes.Canceled; code <= codes.Unauthenticated; code++ {
		if code.String() == name {
			return code, nil
		}
	}
	return codes.OK, fmt.Errorf("%q is neither a gRPC code nor any of %s", name, strings.Join(whats, ", "))
}

func (e *Effect) setOption(key, value string) error {
	var err error
	switch key {
	case "times":
		e.Times, err = strconv.Atoi(value)
	case "after":
		e.After, err = strconv.Atoi(value)
	case "exit":
		e.Exit, err = strconv.Atoi(value)
	case "delay":
		e.Delay, err = time.ParseDuration(value)
	case "size":
		e.Size, err = sizeOption(value)
	case "capacity":
		e.Capacity, err = sizeOption(value)
	case "limit":
		e.Limit, err = sizeOption(value)
	case "topology":
		e.Topology, err = topologyOption(value)
	case "name":
		e.Name = value
	case "node":
		e.Node = value
	case "path":
		e.Path = value
	case "version":
		e.Version = value
	default:
		err = fmt.Errorf("no option is called %q", key)
	}
	return err
}

func sizeOption(value string) (*int64, error) {
	size, err := bytesOf(value)
	return &size, err
}

func topologyOption(value string) (map[string]string, error) {
	// The key may hold colons of its own no more than a value may; a slash and dots are usual.
	key, segment, found := strings.Cut(value, ":")
	if !found {
		return nil, fmt.Errorf("topology %q is not KEY:VALUE", value)
	}
	return map[string]string{key: segment}, nil
}
