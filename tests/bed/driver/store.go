package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// What a volume can be.
const (
	// backingDirectory is a folder that is bound where the volume is asked for.
	backingDirectory = "directory"
	// backingLoop is a file behind a loop device.
	backingLoop = "loop"
)

// Volume is the record of a volume, in a file of its own that the controller and all nodes of the machine share.
type Volume struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Size is in bytes.
	Size    int64  `json:"size"`
	Backing string `json:"backing"`
	Block   bool   `json:"block,omitempty"`
	// Claim is namespace/name, when the provisioner told it.
	Claim string `json:"claim,omitempty"`
	// Parameters are those of the class it was made with, or the attributes of its static PV.
	Parameters map[string]string `json:"parameters,omitempty"`
	Mutable    map[string]string `json:"mutable,omitempty"`
	// Topology is the segment the volume lies in; empty: it can be reached from everywhere.
	Topology map[string]string `json:"topology,omitempty"`
	// Source is what it was made from, such as "snapshot/ID".
	Source string `json:"source,omitempty"`
	// Attached are the nodes it is published to, and whether only for reading.
	Attached map[string]bool `json:"attached,omitempty"`
	// SingleNode: the access mode it was first published with admits one node.
	SingleNode bool `json:"singleNode,omitempty"`
	// Ephemeral volumes live as long as the pod that names them inline.
	Ephemeral bool `json:"ephemeral,omitempty"`
	// Staged are the nodes on which it is mounted.
	Staged map[string]bool `json:"staged,omitempty"`
}

// Snapshot is the record of a snapshot.
type Snapshot struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Volume     string            `json:"volume"`
	Size       int64             `json:"size"`
	Backing    string            `json:"backing"`
	Created    time.Time         `json:"created"`
	Parameters map[string]string `json:"parameters,omitempty"`
}

// Node is what a node's driver said of itself, so that the controller knows which nodes there are.
type Node struct {
	ID       string            `json:"id"`
	Limit    int64             `json:"limit,omitempty"`
	Topology map[string]string `json:"topology,omitempty"`
}

// The kinds of records, which are also the folders they lie in.
const (
	kindVolume   = "volumes"
	kindSnapshot = "snapshots"
	kindNode     = "nodes"
)

// errNoRecord: there is no record of that name.
var errNoRecord = errors.New("no such record")

// Store keeps records as JSON files below a folder.
type Store struct {
	root string
}

// openStore makes the folders that are missing.
func openStore(root string) (*Store, error) {
	for _, kind := range []string{kindVolume, kindSnapshot, kindNode} {
		if err := os.MkdirAll(filepath.Join(root, kind), 0o755); err != nil {
			return nil, err
		}
	}
	return &Store{root: root}, nil
}

// lock keeps every other process of the machine, and every other call of this one, from changing records until the
// returned function is called.
func (s *Store) lock() (func(), error) {
	file, err := os.OpenFile(filepath.Join(s.root, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	for {
		err = unix.Flock(int(file.Fd()), unix.LOCK_EX)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("lock: %w", err)
	}
	return func() { _ = file.Close() }, nil
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,199}$`)

// idOf makes a handle of a name: the name itself where it can be the name of a file.
func idOf(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return "v-" + digest(name)
}

func (s *Store) path(kind, id string) (string, error) {
	if !plainName.MatchString(id) {
		return "", errNoRecord
	}
	return filepath.Join(s.root, kind, id+".json"), nil
}

// get reads a record; errNoRecord when there is none.
func (s *Store) get(kind, id string, record any) error {
	path, err := s.path(kind, id)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return errNoRecord
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, record); err != nil {
		return fmt.Errorf("%s/%s: %w", kind, id, err)
	}
	return nil
}

// put writes a record so that a reader sees the old one or the new one.
func (s *Store) put(kind, id string, record any) error {
	path, err := s.path(kind, id)
	if err != nil {
		return fmt.Errorf("%q cannot be the name of a record", id)
	}
	return writeWhole(path, record)
}

func writeWhole(path string, record any) error {
	text, err := json.MarshalIndent(record, "", "  ")
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
	}
	return err
}

// remove deletes a record; one that is not there is no error.
func (s *Store) remove(kind, id string) error {
	path, err := s.path(kind, id)
	if err != nil {
		return nil
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// ids lists the records of a kind, sorted.
func (s *Store) ids(kind string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(s.root, kind))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, entry := range entries {
		if id, isRecord := strings.CutSuffix(entry.Name(), ".json"); isRecord {
			ids = append(ids, id)
		}
	}
	sort.Strings(ids)
	return ids, nil
}

func (s *Store) volume(id string) (*Volume, error) {
	volume := &Volume{}
	return volume, s.get(kindVolume, id, volume)
}

func (s *Store) putVolume(volume *Volume) error { return s.put(kindVolume, volume.ID, volume) }

func (s *Store) snapshot(id string) (*Snapshot, error) {
	snapshot := &Snapshot{}
	return snapshot, s.get(kindSnapshot, id, snapshot)
}

func (s *Store) node(id string) (*Node, error) {
	node := &Node{}
	return node, s.get(kindNode, id, node)
}

// list reads all records of a kind, in the order of their names. A record that goes away meanwhile is left out.
func list[T any](s *Store, kind string) ([]*T, error) {
	ids, err := s.ids(kind)
	if err != nil {
		return nil, err
	}
	var records []*T
	for _, id := range ids {
		record := new(T)
		err := s.get(kind, id, record)
		if errors.Is(err, errNoRecord) {
			continue
		}
		if err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}

// used is how much of the pool the volumes take, in bytes.
func (s *Store) used() (int64, error) {
	volumes, err := list[Volume](s, kindVolume)
	var sum int64
	for _, volume := range volumes {
		sum += volume.Size
	}
	return sum, err
}

// next counts a call for the rule of the key: 1 for the first.
func (s *Store) next(key string) (int, error) {
	unlock, err := s.lock()
	if err != nil {
		return 0, err
	}
	defer unlock()
	path := filepath.Join(s.root, "counts.json")
	counts := map[string]int{}
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &counts)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("counts.json: %w", err)
	}
	counts[key]++
	return counts[key], writeWhole(path, counts)
}
