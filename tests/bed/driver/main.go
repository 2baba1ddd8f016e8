package main

import (
	_ "github.com/container-storage-interface/spec/lib/go/csi"
	_ "google.golang.org/grpc"
	_ "k8s.io/klog/v2"
	_ "k8s.io/kubelet/pkg/apis/pluginregistration/v1"
	_ "golang.org/x/sys/unix"
	_ "sigs.k8s.io/yaml"
)

func main() {}
