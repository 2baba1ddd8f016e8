package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// app uses a volume as an application does: it holds a file open and writes to it now and then. A write that fails
// is told on stderr and ends it, as it would many an application.
func app(args []string) error {
	device := len(args) > 0 && args[0] == "--device"
	if device {
		args = args[1:]
	}
	if len(args) != 1 {
		return fmt.Errorf("app wants one path")
	}
	file, err := openIn(args[0], device)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	fmt.Println("writing to", file.Name())
	stopped := make(chan error, 1)
	go func() { stopped <- pause() }()
	for {
		line := []byte(time.Now().UTC().Format(time.RFC3339) + "\n")
		if _, err = file.WriteAt(line, 0); err == nil {
			err = file.Sync()
		}
		if err != nil {
			return err
		}
		select {
		case err := <-stopped:
			return err
		case <-time.After(5 * time.Second):
		}
	}
}

func openIn(path string, device bool) (*os.File, error) {
	if device {
		return os.OpenFile(path, os.O_RDWR, 0)
	}
	return os.OpenFile(filepath.Join(path, "app.log"), os.O_RDWR|os.O_CREATE, 0o644)
}
