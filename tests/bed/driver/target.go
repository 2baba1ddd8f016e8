package main

import (
	"fmt"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// Parameters that csi-provisioner adds with --extra-create-metadata, and kubelet for inline volumes.
const (
	paramClaimName      = "csi.storage.k8s.io/pvc/name"
	paramClaimNamespace = "csi.storage.k8s.io/pvc/namespace"
	paramEphemeral      = "csi.storage.k8s.io/ephemeral"
)

// target is a call of this process that names nothing yet.
func (d *Driver) target(call string) *Target {
	return &Target{Call: call, Node: d.config.Node, Role: d.config.Role, Parameters: map[string]string{}}
}

// targetOf gathers what a rule can ask for from a request and from the records of what it names.
func (d *Driver) targetOf(call string, request any) *Target {
	target := d.target(call)
	if r, ok := request.(interface{ GetSnapshotId() string }); ok {
		d.addSnapshot(target, r.GetSnapshotId())
	}
	if r, ok := request.(interface{ GetVolumeId() string }); ok {
		d.addVolume(target, r.GetVolumeId())
	}
	if r, ok := request.(interface{ GetNodeId() string }); ok {
		target.Node = r.GetNodeId()
	}
	if r, ok := request.(interface{ GetVolumeContext() map[string]string }); ok {
		target.addParameters(r.GetVolumeContext())
	}
	if r, ok := request.(interface{ GetMutableParameters() map[string]string }); ok {
		target.addParameters(r.GetMutableParameters())
	}
	if r, ok := request.(interface{ GetParameters() map[string]string }); ok {
		target.addParameters(r.GetParameters())
	}
	switch r := request.(type) {
	case *csi.CreateVolumeRequest:
		target.Volumes = append(target.Volumes, r.GetName())
		target.Claim = claimOf(r.GetParameters())
	case *csi.CreateSnapshotRequest:
		d.addVolume(target, r.GetSourceVolumeId())
		target.Snapshots = append(target.Snapshots, r.GetName())
		// The class of the snapshot outranks that of the volume.
		target.addParameters(r.GetParameters())
	}
	return target
}

func (t *Target) addParameters(parameters map[string]string) {
	for key, value := range parameters {
		t.Parameters[key] = value
	}
}

func (d *Driver) addVolume(target *Target, id string) {
	if id == "" {
		return
	}
	target.Volumes = append(target.Volumes, id)
	// A volume without a record is the handler's to complain of.
	if volume, err := d.store.volume(id); err == nil {
		target.Volumes = append(target.Volumes, volume.Name)
		target.Claim = volume.Claim
		target.addParameters(volume.Parameters)
		target.addParameters(volume.Mutable)
	}
}

func (d *Driver) addSnapshot(target *Target, id string) {
	if id == "" {
		return
	}
	target.Snapshots = append(target.Snapshots, id)
	if snapshot, err := d.store.snapshot(id); err == nil {
		target.Snapshots = append(target.Snapshots, snapshot.Name)
		target.addParameters(snapshot.Parameters)
	}
}

// claimOf is namespace/name of the claim, or "".
func claimOf(parameters map[string]string) string {
	if name := parameters[paramClaimName]; name != "" {
		return fmt.Sprintf("%s/%s", parameters[paramClaimNamespace], name)
	}
	return ""
}

// emptyAnswer is the answer of a call that does nothing, by the names the CSI bindings give their messages.
func emptyAnswer(call string) (any, error) {
	name := protoreflect.FullName("csi.v1." + call + "Response")
	kind, err := protoregistry.GlobalTypes.FindMessageByName(name)
	if err != nil {
		return nil, status.Errorf(codes.Internal, "answer of %s: %v", call, err)
	}
	var answer proto.Message = kind.New().Interface()
	return answer, nil
}
