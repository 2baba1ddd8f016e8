package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

func TestEffects(t *testing.T) {
	effect, err := parseEffect("times=2 delay=3s ResourceExhausted: pool full: 0 of 10 left, name=x")
	if err != nil {
		t.Fatal(err)
	}
	if effect.Code != codes.ResourceExhausted || effect.Times != 2 || effect.Delay != 3*time.Second {
		t.Errorf("%+v", effect)
	}
	if effect.Message != "pool full: 0 of 10 left, name=x" {
		t.Errorf("message %q", effect.Message)
	}
	effect, err = parseEffect("exit=137 crash:key=value is missing")
	if err != nil || !effect.is(whatCrash) || effect.Exit != 137 || effect.Message != "key=value is missing" {
		t.Errorf("%+v, %v", effect, err)
	}
	effect, err = parseEffect("size=2Gi topology=topology.fault.csi/zone:b")
	if err != nil || *effect.Size != 2<<30 || effect.Topology["topology.fault.csi/zone"] != "b" || effect.What != "" {
		t.Errorf("%+v, %v", effect, err)
	}
	effect, err = parseEffect("refuse: in use")
	if err != nil || effect.Code != codes.FailedPrecondition {
		t.Errorf("%+v, %v", effect, err)
	}
}

func TestEffectsThatAreWrong(t *testing.T) {
	for text, said := range map[string]string{
		"":                     "empty",
		"   ":                  "empty",
		"resourceexhausted: x": "neither a gRPC code nor",
		"OK: x":                "neither a gRPC code nor",
		"times=two Internal":   "invalid syntax",
		"dealy=5s":             `no option is called "dealy"`,
		"delay=5":              "missing unit",
		"size=big":             "big",
		"topology=zone":        "KEY:VALUE",
		"Internal delay=5s":    "neither a gRPC code nor",
	} {
		if _, err := parseEffect(text); err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestControlFilesThatAreWrong(t *testing.T) {
	for text, said := range map[string]string{
		"rules: [{call: Probe, fualt: hang}]":              "fualt",
		"rules: [{fault: hang}]":                           "call is missing",
		"rules: [{call: [Probe, Porbe], fault: hang}]":     `"Porbe"`,
		"rules: [{call: Probe}]":                           "empty",
		"rules: [{call: Probe, node: '[', fault: hang}]":   "pattern",
		"- call: Probe":                                    "unmarshal",
		"rules: [{call: Probe, fault: hang}]\nrules: here": "already set",
	} {
		if _, err := parseControl([]byte(text)); err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if rules, err := parseControl(nil); err != nil || len(rules) != 0 {
		t.Errorf("an empty file: %v, %v", rules, err)
	}
}

func TestWhatARuleMatches(t *testing.T) {
	rule := Rule{Calls: []string{"NodeStageVolume"}, Volume: "pvc-*", Node: "node-b", Claim: "demo/*", Role: "node"}
	target := Target{Call: "NodeStageVolume", Volumes: []string{"0001-x", "pvc-1"}, Node: "node-b", Claim: "demo/data", Role: "node"}
	if !rule.matches(&target) {
		t.Error("it should match")
	}
	for name, change := range map[string]func(*Target){
		"call":   func(t *Target) { t.Call = "NodeUnstageVolume" },
		"volume": func(t *Target) { t.Volumes = []string{"0001-x"} },
		"none":   func(t *Target) { t.Volumes = nil },
		"node":   func(t *Target) { t.Node = "node-bb" },
		"role":   func(t *Target) { t.Role = "controller" },
		"claim":  func(t *Target) { t.Claim = "" },
		"slash":  func(t *Target) { t.Claim = "other/data" },
	} {
		other := target
		change(&other)
		if rule.matches(&other) {
			t.Errorf("%s: it should not match", name)
		}
	}
	every := Rule{Calls: []string{"*"}}
	if !every.matches(&Target{Call: "Probe"}) || every.matches(&Target{Call: callStart}) || every.matches(&Target{Call: callRegister}) {
		t.Error("* is for every call of CSI and for nothing else")
	}
}

func TestTimesAndAfterAreCountedOverRestarts(t *testing.T) {
	folder := t.TempDir()
	rule, err := newRule("Probe", "after=1 times=2 Internal: x")
	if err != nil {
		t.Fatal(err)
	}
	var shown []bool
	for range 5 {
		store, err := openStore(folder)
		if err != nil {
			t.Fatal(err)
		}
		faults := &Faults{control: filepath.Join(folder, "none"), flags: []Rule{rule}, counts: store}
		effect, err := faults.find(&Target{Call: "Probe"})
		if err != nil {
			t.Fatal(err)
		}
		shown = append(shown, effect != nil)
	}
	for i, wanted := range []bool{false, true, true, false, false} {
		if shown[i] != wanted {
			t.Fatalf("%v", shown)
		}
	}
}

func TestTheFirstRuleThatIsDueCounts(t *testing.T) {
	store, err := openStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	control := filepath.Join(store.root, "control.yaml")
	text := "rules:\n- {call: Probe, fault: 'times=1 Aborted: first'}\n- {call: [Probe, NodeGetInfo], fault: 'Internal: second'}\n"
	if err := os.WriteFile(control, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	faults := &Faults{control: control, counts: store}
	for _, wanted := range []codes.Code{codes.Aborted, codes.Internal, codes.Internal} {
		effect, err := faults.find(&Target{Call: "Probe"})
		if err != nil || effect == nil || effect.Code != wanted {
			t.Errorf("%+v, %v", effect, err)
		}
	}
	if effect, err := faults.find(&Target{Call: "GetPluginInfo"}); effect != nil || err != nil {
		t.Errorf("%+v, %v", effect, err)
	}
}
