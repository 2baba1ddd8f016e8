package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// fill uses up the bytes or the inodes of the filesystem at a path and then waits, so that its volume stays mounted.
func fill(args []string) error {
	path, what, leave, err := fillArgs(args)
	if err != nil {
		return err
	}
	if what == "bytes" {
		err = fillBytes(path, leave)
	} else {
		err = fillInodes(path, leave)
	}
	if err != nil {
		return err
	}
	fmt.Println("no", what, "left in", path)
	return pause()
}

func fillArgs(args []string) (path, what string, leave uint64, err error) {
	if len(args) == 4 && args[2] == "--leave" {
		if leave, err = strconv.ParseUint(args[3], 10, 64); err != nil {
			return "", "", 0, err
		}
		args = args[:2]
	}
	if len(args) != 2 || (args[1] != "bytes" && args[1] != "inodes") {
		return "", "", 0, fmt.Errorf("fill wants a path, and bytes or inodes")
	}
	return args[0], args[1], leave, nil
}

// fillBytes writes a file until as many bytes are left, or none.
func fillBytes(path string, leave uint64) error {
	file, err := os.OpenFile(filepath.Join(path, "filled"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	for size := uint64(1 << 20); size >= 4096; {
		free, err := freeBytes(path)
		if err != nil {
			return errors.Join(err, file.Close())
		}
		if free < leave+size {
			size /= 2
			continue
		}
		if _, err = file.Write(make([]byte, size)); errors.Is(err, syscall.ENOSPC) {
			size /= 2
		} else if err != nil {
			return errors.Join(err, file.Close())
		}
	}
	err = file.Sync()
	if errors.Is(err, syscall.ENOSPC) {
		err = nil
	}
	return errors.Join(err, file.Close())
}

func freeBytes(path string) (uint64, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(path, &stat); err != nil {
		return 0, err
	}
	return stat.Bfree * uint64(stat.Bsize), nil
}

// fillInodes makes empty files until as many inodes are left, or none. A filesystem that makes inodes as it needs
// them says only what it could still make, so it is asked again and again.
func fillInodes(path string, leave uint64) error {
	folder := filepath.Join(path, "filled")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for made := 0; ; {
		var stat syscall.Statfs_t
		if err := syscall.Statfs(path, &stat); err != nil {
			return err
		}
		if stat.Ffree <= leave {
			return nil
		}
		for range stat.Ffree - leave {
			err := emptyFile(filepath.Join(folder, strconv.Itoa(made)))
			if errors.Is(err, syscall.ENOSPC) {
				return nil
			}
			if err != nil {
				return err
			}
			made++
		}
	}
}

func emptyFile(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return file.Close()
}
