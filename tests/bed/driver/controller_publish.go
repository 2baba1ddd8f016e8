package main

import (
	"context"
	"errors"
	"sort"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// ControllerPublishVolume attaches a volume to a node, within the node's limit and the volume's access mode.
func (d *Driver) ControllerPublishVolume(ctx context.Context, r *csi.ControllerPublishVolumeRequest) (*csi.ControllerPublishVolumeResponse, error) {
	switch {
	case r.GetVolumeId() == "":
		return nil, missing("volume ID")
	case r.GetNodeId() == "":
		return nil, missing("node ID")
	case r.GetVolumeCapability() == nil:
		return nil, missing("volume capability")
	}
	if err := d.needs(capAttach); err != nil {
		return nil, err
	}
	unlock, err := d.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	volume, err := d.volumeFor(r.GetVolumeId(), r.GetVolumeContext(), r.GetVolumeCapability())
	if err != nil {
		return nil, err
	}
	if err := d.mayAttach(ctx, volume, r); err != nil {
		return nil, err
	}
	if volume.Attached == nil {
		volume.Attached = map[string]bool{}
	}
	volume.Attached[r.GetNodeId()] = r.GetReadonly()
	volume.SingleNode = isSingleNode(r.GetVolumeCapability())
	return &csi.ControllerPublishVolumeResponse{PublishContext: map[string]string{"node": r.GetNodeId()}}, internal(d.store.putVolume(volume))
}

// volumeFor is the volume of a request that uses it: a static one is made now when its attributes ask for that.
func (d *Driver) volumeFor(id string, attributes map[string]string, capability *csi.VolumeCapability) (*Volume, error) {
	volume, err := d.volumeOf(id)
	size, asked := attributes[paramCreate]
	if status.Code(err) != codes.NotFound || !asked {
		return volume, err
	}
	made := &Volume{ID: id, Name: id, Backing: d.config.Backing, Parameters: attributes}
	if backing, found := attributes[paramBacking]; found {
		made.Backing = backing
	}
	if err := setAccess(made, []*csi.VolumeCapability{capability}); err != nil {
		return nil, err
	}
	if made.Size, err = bytesOf(size); err != nil {
		return nil, status.Errorf(codes.InvalidArgument, "volume attribute %s: %v", paramCreate, err)
	}
	return made, d.makeVolume(made, nil)
}

// mayAttach refuses what the node or the volume does not admit.
func (d *Driver) mayAttach(ctx context.Context, volume *Volume, r *csi.ControllerPublishVolumeRequest) error {
	node, err := d.store.node(r.GetNodeId())
	if errors.Is(err, errNoRecord) {
		return status.Errorf(codes.NotFound, "node %s does not exist", r.GetNodeId())
	}
	if err != nil {
		return internal(err)
	}
	readonly, attached := volume.Attached[node.ID]
	if attached && readonly != r.GetReadonly() {
		return status.Errorf(codes.AlreadyExists, "volume %s is attached to node %s with another readonly", volume.ID, node.ID)
	}
	if attached {
		return nil
	}
	single := volume.SingleNode || isSingleNode(r.GetVolumeCapability()) || effectOf(ctx).is(whatSingleNode)
	for _, other := range sortedKeys(volume.Attached) {
		if single {
			return status.Errorf(codes.FailedPrecondition, "volume %s is already attached to node %s", volume.ID, other)
		}
	}
	return d.mayTakeOneMore(node)
}

// mayTakeOneMore keeps the node's limit.
func (d *Driver) mayTakeOneMore(node *Node) error {
	if node.Limit == 0 {
		return nil
	}
	volumes, err := list[Volume](d.store, kindVolume)
	if err != nil {
		return internal(err)
	}
	var attached int64
	for _, volume := range volumes {
		if _, here := volume.Attached[node.ID]; here {
			attached++
		}
	}
	if attached >= node.Limit {
		return status.Errorf(codes.ResourceExhausted, "node %s has %d volumes attached, its limit is %d", node.ID, attached, node.Limit)
	}
	return nil
}

func isSingleNode(capability *csi.VolumeCapability) bool {
	switch capability.GetAccessMode().GetMode() {
	case csi.VolumeCapability_AccessMode_SINGLE_NODE_WRITER, csi.VolumeCapability_AccessMode_SINGLE_NODE_READER_ONLY,
		csi.VolumeCapability_AccessMode_SINGLE_NODE_SINGLE_WRITER, csi.VolumeCapability_AccessMode_SINGLE_NODE_MULTI_WRITER:
		return true
	}
	return false
}

// ControllerUnpublishVolume detaches a volume, from all nodes when none is named.
func (d *Driver) ControllerUnpublishVolume(_ context.Context, r *csi.ControllerUnpublishVolumeRequest) (*csi.ControllerUnpublishVolumeResponse, error) {
	if r.GetVolumeId() == "" {
		return nil, missing("volume ID")
	}
	if err := d.needs(capAttach); err != nil {
		return nil, err
	}
	unlock, err := d.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	volume, err := d.store.volume(r.GetVolumeId())
	if errors.Is(err, errNoRecord) {
		return &csi.ControllerUnpublishVolumeResponse{}, nil
	}
	if err != nil {
		return nil, internal(err)
	}
	if r.GetNodeId() == "" {
		volume.Attached = nil
	}
	delete(volume.Attached, r.GetNodeId())
	return &csi.ControllerUnpublishVolumeResponse{}, internal(d.store.putVolume(volume))
}

// sortedKeys are the keys of a map, sorted, so that messages are the same each time.
func sortedKeys[T any](table map[string]T) []string {
	keys := make([]string, 0, len(table))
	for key := range table {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
