package main

import (
	"context"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/status"
)

// ListVolumes lists all volumes, with the nodes they are attached to and their condition.
func (d *Driver) ListVolumes(ctx context.Context, r *csi.ListVolumesRequest) (*csi.ListVolumesResponse, error) {
	if err := d.needs(capList); err != nil {
		return nil, err
	}
	volumes, err := list[Volume](d.store, kindVolume)
	if err != nil {
		return nil, internal(err)
	}
	first, end, next, err := page(len(volumes), r.GetStartingToken(), r.GetMaxEntries())
	if err != nil {
		return nil, err
	}
	answer := &csi.ListVolumesResponse{NextToken: next}
	for _, volume := range volumes[first:end] {
		effect := effectOf(ctx)
		if effect == nil {
			// The call names no volume, so a fault that belongs to one is looked for here.
			target := d.target("ListVolumes")
			d.addVolume(target, volume.ID)
			if effect, err = d.faults.find(target); err != nil {
				return nil, internal(err)
			}
		}
		answer.Entries = append(answer.Entries, &csi.ListVolumesResponse_Entry{
			Volume: listed(volume),
			Status: &csi.ListVolumesResponse_VolumeStatus{
				PublishedNodeIds: sortedKeys(volume.Attached), VolumeCondition: d.condition(effect),
			},
		})
	}
	return answer, nil
}

// ControllerGetVolume tells of one volume what ListVolumes tells of all.
func (d *Driver) ControllerGetVolume(ctx context.Context, r *csi.ControllerGetVolumeRequest) (*csi.ControllerGetVolumeResponse, error) {
	if err := d.needs(capGetVolume); err != nil {
		return nil, err
	}
	volume, err := d.volumeOf(r.GetVolumeId())
	if err != nil {
		return nil, err
	}
	return &csi.ControllerGetVolumeResponse{
		Volume: listed(volume),
		Status: &csi.ControllerGetVolumeResponse_VolumeStatus{
			PublishedNodeIds: sortedKeys(volume.Attached), VolumeCondition: d.condition(effectOf(ctx)),
		},
	}, nil
}

func listed(volume *Volume) *csi.Volume {
	return &csi.Volume{
		VolumeId: volume.ID, CapacityBytes: volume.Size, VolumeContext: contextOf(volume),
		AccessibleTopology: topologies(volume.Topology),
	}
}

// condition is the state of a volume's health as far as a fault gives it another.
func (d *Driver) condition(effect *Effect) *csi.VolumeCondition {
	if !d.config.Capabilities[capCondition] {
		return nil
	}
	if effect.is(whatAbnormal) {
		return &csi.VolumeCondition{Abnormal: true, Message: effect.Message}
	}
	return &csi.VolumeCondition{Message: "the volume is in order"}
}

// GetCapacity tells how much of the pool is left.
func (d *Driver) GetCapacity(ctx context.Context, r *csi.GetCapacityRequest) (*csi.GetCapacityResponse, error) {
	if err := d.needs(capGetCapacity); err != nil {
		return nil, err
	}
	used, err := d.store.used()
	if err != nil {
		return nil, internal(err)
	}
	free := max(d.config.Capacity-used, 0)
	if effect := effectOf(ctx); effect != nil && effect.Capacity != nil {
		free = *effect.Capacity
	}
	return &csi.GetCapacityResponse{AvailableCapacity: free}, nil
}

// ValidateVolumeCapabilities confirms what the volume can be used as.
func (d *Driver) ValidateVolumeCapabilities(_ context.Context, r *csi.ValidateVolumeCapabilitiesRequest) (*csi.ValidateVolumeCapabilitiesResponse, error) {
	volume, err := d.volumeOf(r.GetVolumeId())
	if err != nil {
		return nil, err
	}
	if len(r.GetVolumeCapabilities()) == 0 {
		return nil, missing("volume capabilities")
	}
	asked := &Volume{Backing: volume.Backing}
	if err := setAccess(asked, r.GetVolumeCapabilities()); err != nil {
		return &csi.ValidateVolumeCapabilitiesResponse{Message: status.Convert(err).Message()}, nil
	}
	if asked.Backing != volume.Backing {
		return &csi.ValidateVolumeCapabilitiesResponse{Message: "the volume is no block device"}, nil
	}
	return &csi.ValidateVolumeCapabilitiesResponse{
		Confirmed: &csi.ValidateVolumeCapabilitiesResponse_Confirmed{
			VolumeContext: r.GetVolumeContext(), VolumeCapabilities: r.GetVolumeCapabilities(), Parameters: r.GetParameters(),
		},
	}, nil
}
