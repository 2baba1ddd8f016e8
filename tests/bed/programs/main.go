// bed is the program of the test bed's containers, and the writer of their images. It is static and needs nothing
// else in an image.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

const usage = `usage: bed COMMAND

  pause                          wait for TERM (also what no arguments mean)
  app [--device] PATH            write to a file in the folder PATH, or to the device PATH, keep it open and wait
  fill PATH bytes [--leave N]    fill a filesystem but for N bytes, then wait
  fill PATH inodes [--leave N]   use up its inodes but for N, then wait
  run -- CMD...                  run a command and pass its status on
  image OUT.tar NAME[,NAME...] BINARY|NAME=BINARY...
                                 write an image of static binaries as a docker-archive
`

func main() {
	if err := command(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", filepath.Base(os.Args[0]), err)
		os.Exit(1)
	}
}

func command(args []string) error {
	if len(args) == 0 {
		return pause()
	}
	rest := args[1:]
	switch args[0] {
	case "pause":
		return pause()
	case "app":
		return app(rest)
	case "fill":
		return fill(rest)
	case "run":
		return run(rest)
	case "image":
		return image(rest)
	case "help", "-h", "--help":
		fmt.Print(usage)
		return nil
	}
	return fmt.Errorf("no command is called %q\n%s", args[0], usage)
}

// pause waits for TERM. As the first process of a pod it also has to take in the processes nobody waits for.
func pause() error {
	signals := make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGCHLD)
	for received := range signals {
		if received != syscall.SIGCHLD {
			return nil
		}
		reap()
	}
	return nil
}

func reap() {
	for {
		if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 || err != nil {
			return
		}
	}
}
