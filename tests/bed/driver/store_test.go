package main

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func opened(t *testing.T) *Store {
	t.Helper()
	store, err := openStore(filepath.Join(t.TempDir(), "state"))
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestRecordsComeBackAsTheyWere(t *testing.T) {
	store := opened(t)
	volume := &Volume{ID: "pvc-1", Name: "pvc-1", Size: 5, Backing: backingLoop, Attached: map[string]bool{"node-a": true}}
	if err := store.putVolume(volume); err != nil {
		t.Fatal(err)
	}
	read, err := store.volume("pvc-1")
	if err != nil || read.Size != 5 || !read.Attached["node-a"] {
		t.Errorf("%+v, %v", read, err)
	}
	if used, err := store.used(); err != nil || used != 5 {
		t.Errorf("%d, %v", used, err)
	}
	if err := errors.Join(store.remove(kindVolume, "pvc-1"), store.remove(kindVolume, "pvc-1")); err != nil {
		t.Error(err)
	}
	if _, err := store.volume("pvc-1"); !errors.Is(err, errNoRecord) {
		t.Error(err)
	}
}

func TestNamesDoNotLeadOutOfTheFolder(t *testing.T) {
	store := opened(t)
	outside := filepath.Join(store.root, "outside.json")
	if err := os.WriteFile(outside, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../outside", "..", ".", "", "a/b", "a\x00b", strings.Repeat("x", 300), "-x"} {
		if _, err := store.volume(name); !errors.Is(err, errNoRecord) {
			t.Errorf("%q: %v", name, err)
		}
		if err := store.putVolume(&Volume{ID: name}); err == nil {
			t.Errorf("%q was written", name)
		}
		if err := store.remove(kindVolume, name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
		if id := idOf(name); !plainName.MatchString(id) {
			t.Errorf("%q has the id %q", name, id)
		}
	}
	if _, err := os.Stat(outside); err != nil {
		t.Error(err)
	}
	if idOf("a/b") == idOf("a:b") {
		t.Error("two names have one id")
	}
}

func TestABrokenRecordIsNotAMissingOne(t *testing.T) {
	store := opened(t)
	if err := os.WriteFile(filepath.Join(store.root, kindVolume, "one.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.volume("one"); err == nil || errors.Is(err, errNoRecord) {
		t.Error(err)
	}
	if _, err := store.used(); err == nil {
		t.Error("the pool cannot be counted")
	}
}

func TestCountsOfManyAtOnce(t *testing.T) {
	store := opened(t)
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := store.next("key"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n, err := store.next("key"); err != nil || n != 21 {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := store.next("other"); err != nil || n != 1 {
		t.Errorf("%d, %v", n, err)
	}
}

func TestCapabilities(t *testing.T) {
	set, err := parseCapabilities("default,-attach, offline")
	if err != nil || set[capAttach] || !set[capOffline] || !set[capStage] {
		t.Errorf("%v, %v", set, err)
	}
	if _, err := parseCapabilities("atach"); err == nil {
		t.Error("a slip was taken")
	}
}

func TestFlagsThatAreWrong(t *testing.T) {
	for flags, said := range map[string]string{
		"":                                     "--state",
		"--state x --node n":                   "absolute",
		"--state /x":                           "--node",
		"--state /x --node n --role x":         "--role",
		"--state /x --node n --endpoint x":     "--endpoint",
		"--state /x --node n --backing x":      "--backing",
		"--state /x --node n --capacity x":     "--capacity",
		"--state /x --node n --fault Prob=x":   `"Prob"`,
		"--state /x --node n --topology zone":  "KEY=VALUE",
		"--state /x --node n --capabilities x": "--capabilities",
	} {
		set := flag.NewFlagSet("fault-csi", flag.ContinueOnError)
		set.SetOutput(os.Stderr)
		if _, err := parseFlags(set, strings.Fields(flags)); err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%q: %v", flags, err)
		}
	}
}
