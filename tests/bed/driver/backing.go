package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// digest is a short name for what cannot be the name of a file.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// data is where the bytes of a volume or snapshot lie.
func (s *Store) data(kind, id, backing string) string {
	end := ".dir"
	if backing == backingLoop {
		end = ".img"
	}
	return filepath.Join(s.root, kind, id+end)
}

func (s *Store) dataOf(volume *Volume) string { return s.data(kindVolume, volume.ID, volume.Backing) }

// makeData makes the empty folder or file of a volume.
func (s *Store) makeData(volume *Volume) error {
	path := s.dataOf(volume)
	if volume.Backing == backingDirectory {
		return os.MkdirAll(path, 0o777)
	}
	return growFile(path, volume.Size)
}

// growFile makes a sparse file, or one that is there larger.
func growFile(path string, size int64) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil && info.Size() < size {
		err = file.Truncate(size)
	}
	return errors.Join(err, file.Close())
}

// copyData copies what a volume or snapshot holds, keeping holes as holes.
func copyData(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	_, err := run("cp", "--archive", "--sparse=always", "--reflink=auto", "--no-target-directory", from, to)
	return err
}

// removeData deletes what a volume or snapshot holds.
func (s *Store) removeData(kind, id, backing string) error {
	return os.RemoveAll(s.data(kind, id, backing))
}

// run runs a tool of the host. Its output is part of the error, as it is with other drivers.
func run(name string, args ...string) (string, error) {
	output, err := exec.Command(name, args...).CombinedOutput()
	text := strings.TrimSpace(string(output))
	if err != nil {
		return text, fmt.Errorf("%s failed: %w\nArguments: %s\nOutput: %s", name, err, strings.Join(args, " "), text)
	}
	return text, nil
}

// loopOf finds the loop device of a file, or "".
func loopOf(file string) (string, error) {
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	text, err := run("losetup", "--associated", file, "--noheadings", "--output", "NAME")
	name, _, _ := strings.Cut(text, "\n")
	return strings.TrimSpace(name), err
}

// attachLoop returns the loop device of a file, making one when there is none.
func attachLoop(file string) (string, error) {
	device, err := loopOf(file)
	if err != nil || device != "" {
		return device, err
	}
	return run("losetup", "--find", "--show", file)
}

// detachLoop frees the loop device of a file. One that a mount still uses is freed by the kernel with its last user.
func detachLoop(file string) error {
	device, err := loopOf(file)
	if err != nil || device == "" {
		return err
	}
	_, err = run("losetup", "--detach", device)
	return err
}

// damageFilesystem overwrites the tables of a filesystem behind its superblock, so that it is still recognised but can
// be neither repaired without questions (ext4) nor mounted (xfs).
func damageFilesystem(device string) error {
	opened, err := os.OpenFile(device, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	garbage := make([]byte, 4096)
	for i := range garbage {
		garbage[i] = 0xa5
	}
	// Block 0 holds the superblock at byte 1024; from block 1 on lie the group descriptors and the tables of inodes.
	for block := int64(1); block < 256; block++ {
		if _, err = opened.WriteAt(garbage, block*4096); err != nil {
			break
		}
	}
	if err == nil {
		err = opened.Sync()
	}
	return errors.Join(err, opened.Close())
}
