package main

import (
	"context"
	"errors"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"k8s.io/klog/v2"
)

const (
	// defaultSize is what a request without a size gets, in bytes.
	defaultSize = 1 << 30
	// paramBacking chooses what a volume is.
	paramBacking = "backing"
	// paramCreate is the size of a static volume that is made when it is first used.
	paramCreate = "create"
)

// CreateVolume makes a volume, empty or from a snapshot or another volume.
func (d *Driver) CreateVolume(ctx context.Context, r *csi.CreateVolumeRequest) (*csi.CreateVolumeResponse, error) {
	wanted, err := d.wanted(r)
	if err != nil {
		return nil, err
	}
	unlock, err := d.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	volume, err := d.store.volume(wanted.ID)
	if err == nil {
		if !sameVolume(volume, wanted, r.GetCapacityRange()) {
			return nil, status.Errorf(codes.AlreadyExists, "volume %s already exists but is not what was asked for", volume.Name)
		}
		return &csi.CreateVolumeResponse{Volume: described(ctx, volume, r.GetVolumeContentSource())}, nil
	}
	if !errors.Is(err, errNoRecord) {
		return nil, internal(err)
	}
	if err := d.makeVolume(wanted, r.GetVolumeContentSource()); err != nil {
		return nil, err
	}
	klog.V(4).InfoS("Volume created", "volume", wanted.ID, "bytes", wanted.Size, "backing", wanted.Backing)
	return &csi.CreateVolumeResponse{Volume: described(ctx, wanted, r.GetVolumeContentSource())}, nil
}

// wanted is the volume that a request asks for.
func (d *Driver) wanted(r *csi.CreateVolumeRequest) (*Volume, error) {
	if r.GetName() == "" {
		return nil, missing("name")
	}
	if err := d.needs(capController); err != nil {
		return nil, err
	}
	volume := &Volume{
		ID: idOf(r.GetName()), Name: r.GetName(), Backing: d.config.Backing, Claim: claimOf(r.GetParameters()),
		Parameters: r.GetParameters(), Mutable: r.GetMutableParameters(),
	}
	if err := checkParameters(volume.Parameters); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	if err := checkMutable(volume.Mutable); err != nil {
		return nil, err
	}
	if backing, found := volume.Parameters[paramBacking]; found {
		volume.Backing = backing
	}
	if err := setAccess(volume, r.GetVolumeCapabilities()); err != nil {
		return nil, err
	}
	if d.config.Capabilities[capTopology] {
		volume.Topology = chosen(r.GetAccessibilityRequirements())
	}
	var err error
	volume.Size, err = d.sizeFor(r.GetCapacityRange())
	return volume, err
}

// setAccess takes over what the capabilities say of the volume, and refuses what it cannot be.
func setAccess(volume *Volume, capabilities []*csi.VolumeCapability) error {
	if len(capabilities) == 0 {
		return missing("volume capabilities")
	}
	for _, capability := range capabilities {
		if capability.GetBlock() != nil {
			volume.Block = true
			volume.Backing = backingLoop
		}
	}
	switch volume.Backing {
	case backingDirectory:
	case backingLoop:
		return checkModes(volume, capabilities)
	default:
		return status.Errorf(codes.InvalidArgument, "parameter backing: %q is none of directory, loop", volume.Backing)
	}
	return nil
}

// checkModes refuses to mount a filesystem of a device on several nodes for writing, which would destroy it.
func checkModes(volume *Volume, capabilities []*csi.VolumeCapability) error {
	for _, capability := range capabilities {
		mode := capability.GetAccessMode().GetMode()
		several := mode == csi.VolumeCapability_AccessMode_MULTI_NODE_MULTI_WRITER ||
			mode == csi.VolumeCapability_AccessMode_MULTI_NODE_SINGLE_WRITER
		if several && capability.GetBlock() == nil && volume.Backing == backingLoop {
			return status.Errorf(codes.InvalidArgument, "access mode %s is not supported for filesystem volumes of a device", mode)
		}
	}
	return nil
}

// sizeFor is the size of a volume for the range that is asked for, in bytes.
func (d *Driver) sizeFor(asked *csi.CapacityRange) (int64, error) {
	least, most := asked.GetRequiredBytes(), asked.GetLimitBytes()
	size := least
	if size == 0 {
		size = defaultSize
		if most > 0 && most < size {
			size = most
		}
	}
	switch {
	case least < 0 || most < 0:
		return 0, status.Error(codes.InvalidArgument, "a size below zero is asked for")
	case most > 0 && least > most:
		return 0, status.Errorf(codes.InvalidArgument, "required bytes %d exceed limit bytes %d", least, most)
	case size > d.config.MaxVolumeSize:
		return 0, status.Errorf(codes.OutOfRange, "requested capacity %d exceeds maximum allowed %d", size, d.config.MaxVolumeSize)
	}
	return size, nil
}

// chosen is the segment a volume is made in: what is preferred, or else allowed, comes first.
func chosen(asked *csi.TopologyRequirement) map[string]string {
	for _, list := range [][]*csi.Topology{asked.GetPreferred(), asked.GetRequisite()} {
		if len(list) > 0 {
			return list[0].GetSegments()
		}
	}
	return nil
}

// sameVolume reports whether a volume that is there satisfies another request for its name.
func sameVolume(have, want *Volume, asked *csi.CapacityRange) bool {
	fits := asked.GetRequiredBytes() <= have.Size && (asked.GetLimitBytes() == 0 || asked.GetLimitBytes() >= have.Size)
	return fits && have.Backing == want.Backing && have.Block == want.Block
}

// makeVolume takes room from the pool and fills the volume from its source, if it has one.
func (d *Driver) makeVolume(volume *Volume, source *csi.VolumeContentSource) error {
	if err := d.reserve(volume.Size); err != nil {
		return err
	}
	from, err := d.sourceFor(volume, source)
	if err == nil && from != "" {
		err = internal(copyData(from, d.store.dataOf(volume)))
	}
	if err == nil {
		err = internal(d.store.makeData(volume))
	}
	if err == nil {
		err = internal(d.store.putVolume(volume))
	}
	if err != nil {
		return errors.Join(err, d.store.removeData(kindVolume, volume.ID, volume.Backing))
	}
	return nil
}

// reserve refuses what does not fit into the pool any more.
func (d *Driver) reserve(size int64) error {
	used, err := d.store.used()
	if err != nil {
		return internal(err)
	}
	if free := d.config.Capacity - used; size > free {
		return status.Errorf(codes.ResourceExhausted, "not enough space in the pool: %d bytes requested, %d available", size, max(free, 0))
	}
	return nil
}

// sourceFor is the data that a volume begins with, and checks that it can.
func (d *Driver) sourceFor(volume *Volume, source *csi.VolumeContentSource) (string, error) {
	switch {
	case source.GetSnapshot() != nil:
		return d.fromSnapshot(volume, source.GetSnapshot().GetSnapshotId())
	case source.GetVolume() != nil:
		return d.fromVolume(volume, source.GetVolume().GetVolumeId())
	}
	return "", nil
}

func (d *Driver) fromSnapshot(volume *Volume, id string) (string, error) {
	if err := d.needs(capSnapshot); err != nil {
		return "", err
	}
	snapshot, err := d.snapshotOf(id)
	if err != nil {
		return "", err
	}
	volume.Source = "snapshot/" + id
	return d.store.data(kindSnapshot, id, snapshot.Backing), checkSource(volume, snapshot.Size, snapshot.Backing, volume.Source)
}

func (d *Driver) fromVolume(volume *Volume, id string) (string, error) {
	if err := d.needs(capClone); err != nil {
		return "", err
	}
	origin, err := d.volumeOf(id)
	if err != nil {
		return "", err
	}
	volume.Source = "volume/" + id
	return d.store.dataOf(origin), checkSource(volume, origin.Size, origin.Backing, volume.Source)
}

func checkSource(volume *Volume, size int64, backing, source string) error {
	if volume.Size < size {
		return status.Errorf(codes.OutOfRange, "requested volume size %d is less than the size %d for the source %s", volume.Size, size, source)
	}
	if volume.Backing != backing {
		return status.Errorf(codes.InvalidArgument, "the source %s is a %s and the volume a %s", source, backing, volume.Backing)
	}
	return nil
}

// described is a volume as CreateVolume answers it, with what a fault changes of it.
func described(ctx context.Context, volume *Volume, source *csi.VolumeContentSource) *csi.Volume {
	answer := &csi.Volume{
		VolumeId: volume.ID, CapacityBytes: volume.Size, VolumeContext: contextOf(volume), ContentSource: source,
		AccessibleTopology: topologies(volume.Topology),
	}
	effect := effectOf(ctx)
	if effect == nil {
		return answer
	}
	if effect.Size != nil {
		answer.CapacityBytes = *effect.Size
	}
	if effect.Topology != nil || effect.is(whatNoTopology) {
		answer.AccessibleTopology = topologies(effect.Topology)
	}
	return answer
}

// contextOf is what the nodes are told of a volume, and what is seen as attributes of its PV.
func contextOf(volume *Volume) map[string]string {
	attributes := map[string]string{paramBacking: volume.Backing}
	if options := volume.Parameters[paramMkfsOptions]; options != "" {
		attributes[paramMkfsOptions] = options
	}
	return attributes
}

func topologies(segments map[string]string) []*csi.Topology {
	if len(segments) == 0 {
		return nil
	}
	return []*csi.Topology{{Segments: segments}}
}

// DeleteVolume deletes a volume and what is in it. A volume that is not there is deleted already.
func (d *Driver) DeleteVolume(_ context.Context, r *csi.DeleteVolumeRequest) (*csi.DeleteVolumeResponse, error) {
	if r.GetVolumeId() == "" {
		return nil, missing("volume ID")
	}
	unlock, err := d.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	volume, err := d.store.volume(r.GetVolumeId())
	if errors.Is(err, errNoRecord) {
		return &csi.DeleteVolumeResponse{}, nil
	}
	if err != nil {
		return nil, internal(err)
	}
	for _, node := range sortedKeys(volume.Attached) {
		return nil, status.Errorf(codes.FailedPrecondition, "volume %s is still attached to node %s", volume.ID, node)
	}
	err = errors.Join(d.store.removeData(kindVolume, volume.ID, volume.Backing), d.store.remove(kindVolume, volume.ID))
	return &csi.DeleteVolumeResponse{}, internal(err)
}
