// fault-csi is a CSI driver with real volumes that breaks on request: the faults that the live tests diagnose are
// made by giving it rules, not by imitating what a cluster would say. See ../README.md for its flags and faults.
package main

import (
	"flag"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/klog/v2"
)

func main() {
	klog.InitFlags(nil)
	config, err := parseFlags(flag.CommandLine, os.Args[1:])
	if err != nil {
		klog.ErrorS(err, "The flags are of no use")
		klog.FlushAndExit(klog.ExitFlushTimeout, 2)
	}
	driver, err := newDriver(config)
	if err != nil {
		klog.ErrorS(err, "The driver cannot start")
		klog.FlushAndExit(klog.ExitFlushTimeout, 1)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-stop
		driver.stop()
		klog.FlushAndExit(klog.ExitFlushTimeout, 0)
	}()
	if err := driver.run(); err != nil {
		klog.ErrorS(err, "The driver ended")
		klog.FlushAndExit(klog.ExitFlushTimeout, 1)
	}
}
