package main

import (
	"fmt"
	"os"
	"path"
	"strings"

	"sigs.k8s.io/yaml"
)

// faultPrefix begins the class parameters and volume attributes that are faults: `fault.csi/CreateVolume`.
const faultPrefix = "fault.csi/"

// Target is what a call is about, as far as a rule can ask for it.
type Target struct {
	Call string
	// Volumes are the names of the volume: its handle and the name it was asked for under.
	Volumes []string
	// Claim is namespace/name.
	Claim     string
	Snapshots []string
	Node      string
	// Role is that of the process, which tells the driver of the controller from those of the nodes.
	Role string
	// Parameters are those of the class, of the volume's attributes, or of the class it was made with.
	Parameters map[string]string
}

// Rule is a fault and the calls it belongs to.
type Rule struct {
	Calls    []string
	Volume   string
	Claim    string
	Snapshot string
	Node     string
	Role     string
	Effect   *Effect
	// text tells rules apart when calls are counted.
	text string
}

// newRule makes a rule that asks only for the call.
func newRule(call, effect string) (Rule, error) {
	if err := checkCall(call); err != nil {
		return Rule{}, err
	}
	parsed, err := parseEffect(effect)
	if err != nil {
		return Rule{}, err
	}
	return Rule{Calls: []string{call}, Effect: parsed, text: call + "=" + effect}, nil
}

// matches reports whether the rule is about the target. What a rule leaves out matches everything.
func (r *Rule) matches(target *Target) bool {
	return matchesAny(r.Calls, target.Call) && globs(r.Volume, target.Volumes...) && globs(r.Claim, target.Claim) &&
		globs(r.Snapshot, target.Snapshots...) && globs(r.Node, target.Node) &&
		globs(r.Role, target.Role)
}

func matchesAny(calls []string, call string) bool {
	for _, pattern := range calls {
		// `*` is for the calls of CSI: a process that is to fail at each call should still start and register.
		if pattern == call || (pattern == "*" && call != callStart && call != callRegister) {
			return true
		}
	}
	return false
}

func globs(pattern string, names ...string) bool {
	if pattern == "" {
		return true
	}
	for _, name := range names {
		if matched, err := path.Match(pattern, name); name != "" && err == nil && matched {
			return true
		}
	}
	return false
}

// controlFile is the shape of the control file.
type controlFile struct {
	Rules []controlRule `json:"rules"`
}

type controlRule struct {
	Call     stringOrList `json:"call"`
	Volume   string       `json:"volume,omitempty"`
	Claim    string       `json:"claim,omitempty"`
	Snapshot string       `json:"snapshot,omitempty"`
	Node     string       `json:"node,omitempty"`
	Role     string       `json:"role,omitempty"`
	Fault    string       `json:"fault"`
}

// stringOrList is one call or several.
type stringOrList []string

// UnmarshalJSON takes both forms; the YAML is turned into JSON before.
func (s *stringOrList) UnmarshalJSON(text []byte) error {
	var one string
	if yaml.Unmarshal(text, &one) == nil {
		*s = stringOrList{one}
		return nil
	}
	var list []string
	err := yaml.Unmarshal(text, &list)
	*s = list
	return err
}

// parseControl reads the text of a control file.
func parseControl(text []byte) ([]Rule, error) {
	var file controlFile
	if err := yaml.UnmarshalStrict(text, &file); err != nil {
		return nil, err
	}
	rules := make([]Rule, 0, len(file.Rules))
	for i, entry := range file.Rules {
		rule, err := entry.rule()
		if err != nil {
			return nil, fmt.Errorf("rule %d: %w", i+1, err)
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

func (c *controlRule) rule() (Rule, error) {
	if len(c.Call) == 0 {
		return Rule{}, fmt.Errorf("call is missing")
	}
	for _, call := range c.Call {
		if err := checkCall(call); err != nil {
			return Rule{}, err
		}
	}
	for _, pattern := range []string{c.Volume, c.Claim, c.Snapshot, c.Node, c.Role} {
		if _, err := path.Match(pattern, ""); err != nil {
			return Rule{}, fmt.Errorf("pattern %q: %w", pattern, err)
		}
	}
	effect, err := parseEffect(c.Fault)
	if err != nil {
		return Rule{}, err
	}
	text := strings.Join([]string{strings.Join(c.Call, ","), c.Volume, c.Claim, c.Snapshot, c.Node, c.Role, c.Fault}, "|")
	return Rule{
		Calls: c.Call, Volume: c.Volume, Claim: c.Claim, Snapshot: c.Snapshot, Node: c.Node, Role: c.Role,
		Effect: effect, text: text,
	}, nil
}

// parameterRule is the fault that class parameters or volume attributes have for a call. Their counts are kept
// apart by volume or snapshot, since each of them is one try of the class.
func parameterRule(target *Target) (Rule, bool, error) {
	text, found := target.Parameters[faultPrefix+target.Call]
	if !found {
		return Rule{}, false, nil
	}
	rule, err := newRule(target.Call, text)
	names := map[string]bool{}
	for _, name := range append(append([]string{}, target.Volumes...), target.Snapshots...) {
		names[name] = true
	}
	rule.text += "|" + strings.Join(sortedKeys(names), "|")
	return rule, true, err
}

// checkParameters finds a fault.csi/ parameter that no call would ever read.
func checkParameters(parameters map[string]string) error {
	for _, key := range sortedKeys(parameters) {
		if call, isFault := strings.CutPrefix(key, faultPrefix); isFault {
			if _, err := newRule(call, parameters[key]); err != nil {
				return fmt.Errorf("parameter %s: %w", key, err)
			}
		}
	}
	return nil
}

// Faults finds the fault of a call.
type Faults struct {
	// control is the path of the control file, which need not exist.
	control string
	flags   []Rule
	counts  counter
}

// counter counts the calls that a rule matched, over restarts of the process.
type counter interface {
	next(key string) (int, error)
}

// find returns the effect of the first rule that matches and is not used up, or nil.
// It fails when what a test has written cannot be read: such a slip must not look like a healthy driver.
func (f *Faults) find(target *Target) (*Effect, error) {
	rules, err := f.rules(target)
	if err != nil {
		return nil, err
	}
	for _, rule := range rules {
		if !rule.matches(target) {
			continue
		}
		shows, err := f.shows(&rule)
		if err != nil {
			return nil, err
		}
		if rule.Effect.is(whatPass) && shows {
			return nil, nil
		}
		if shows {
			return rule.Effect, nil
		}
	}
	return nil, nil
}

func (f *Faults) rules(target *Target) ([]Rule, error) {
	text, err := os.ReadFile(f.control)
	if err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("control file: %w", err)
	}
	rules, err := parseControl(text)
	if err != nil {
		return nil, fmt.Errorf("control file: %w", err)
	}
	rules = append(rules, f.flags...)
	rule, found, err := parameterRule(target)
	if err != nil {
		return nil, fmt.Errorf("parameter %s%s: %w", faultPrefix, target.Call, err)
	}
	if found {
		rules = append(rules, rule)
	}
	return rules, nil
}

// shows counts this call and says whether the effect is due. Effects without limits are not counted.
func (f *Faults) shows(rule *Rule) (bool, error) {
	if rule.Effect.Times == 0 && rule.Effect.After == 0 {
		return true, nil
	}
	n, err := f.counts.next(rule.text)
	if err != nil {
		return false, err
	}
	begun := n > rule.Effect.After
	ended := rule.Effect.Times > 0 && n > rule.Effect.After+rule.Effect.Times
	return begun && !ended, nil
}
