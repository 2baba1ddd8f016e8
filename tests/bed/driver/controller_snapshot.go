package main

import (
	"context"
	"errors"
	"time"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// CreateSnapshot copies a volume.
func (d *Driver) CreateSnapshot(ctx context.Context, r *csi.CreateSnapshotRequest) (*csi.CreateSnapshotResponse, error) {
	switch {
	case r.GetName() == "":
		return nil, missing("name")
	case r.GetSourceVolumeId() == "":
		return nil, missing("source volume ID")
	}
	if err := d.needs(capSnapshot); err != nil {
		return nil, err
	}
	if err := checkParameters(r.GetParameters()); err != nil {
		return nil, status.Error(codes.InvalidArgument, err.Error())
	}
	unlock, err := d.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	snapshot, err := d.makeSnapshot(r)
	if err != nil {
		return nil, err
	}
	return &csi.CreateSnapshotResponse{Snapshot: reported(snapshot, effectOf(ctx))}, nil
}

// makeSnapshot finds the snapshot of that name or makes it.
func (d *Driver) makeSnapshot(r *csi.CreateSnapshotRequest) (*Snapshot, error) {
	snapshot, err := d.store.snapshot(idOf(r.GetName()))
	if err == nil && snapshot.Volume != r.GetSourceVolumeId() {
		return nil, status.Errorf(codes.AlreadyExists, "snapshot %s is of another volume", r.GetName())
	}
	if !errors.Is(err, errNoRecord) {
		return snapshot, internal(err)
	}
	volume, err := d.volumeOf(r.GetSourceVolumeId())
	if err != nil {
		return nil, err
	}
	snapshot = &Snapshot{
		ID: idOf(r.GetName()), Name: r.GetName(), Volume: volume.ID, Size: volume.Size, Backing: volume.Backing,
		Created: time.Now().UTC(), Parameters: r.GetParameters(),
	}
	err = copyData(d.store.dataOf(volume), d.store.data(kindSnapshot, snapshot.ID, snapshot.Backing))
	if err == nil {
		err = d.store.put(kindSnapshot, snapshot.ID, snapshot)
	}
	if err != nil {
		err = errors.Join(err, d.store.removeData(kindSnapshot, snapshot.ID, snapshot.Backing))
	}
	return snapshot, internal(err)
}

// reported is a snapshot as it is answered, with what a fault changes of it.
func reported(snapshot *Snapshot, effect *Effect) *csi.Snapshot {
	answer := &csi.Snapshot{
		SnapshotId: snapshot.ID, SourceVolumeId: snapshot.Volume, SizeBytes: snapshot.Size,
		CreationTime: timestamppb.New(snapshot.Created), ReadyToUse: !effect.is(whatNotReady),
	}
	if effect != nil && effect.Size != nil {
		answer.SizeBytes = *effect.Size
	}
	return answer
}

// snapshotOf reads a snapshot's record; the answer when there is none is NotFound.
func (d *Driver) snapshotOf(id string) (*Snapshot, error) {
	snapshot, err := d.store.snapshot(id)
	if errors.Is(err, errNoRecord) {
		return nil, status.Errorf(codes.NotFound, "snapshot %s does not exist", id)
	}
	return snapshot, internal(err)
}

// DeleteSnapshot deletes a snapshot. One that is not there is deleted already.
func (d *Driver) DeleteSnapshot(_ context.Context, r *csi.DeleteSnapshotRequest) (*csi.DeleteSnapshotResponse, error) {
	if r.GetSnapshotId() == "" {
		return nil, missing("snapshot ID")
	}
	unlock, err := d.locked()
	if err != nil {
		return nil, err
	}
	defer unlock()
	snapshot, err := d.store.snapshot(r.GetSnapshotId())
	if errors.Is(err, errNoRecord) {
		return &csi.DeleteSnapshotResponse{}, nil
	}
	if err == nil {
		err = errors.Join(d.store.removeData(kindSnapshot, snapshot.ID, snapshot.Backing), d.store.remove(kindSnapshot, snapshot.ID))
	}
	return &csi.DeleteSnapshotResponse{}, internal(err)
}

// ListSnapshots lists snapshots; it is also how csi-snapshotter asks whether one has become ready.
func (d *Driver) ListSnapshots(ctx context.Context, r *csi.ListSnapshotsRequest) (*csi.ListSnapshotsResponse, error) {
	if err := d.needs(capList); err != nil {
		return nil, err
	}
	all, err := list[Snapshot](d.store, kindSnapshot)
	if err != nil {
		return nil, internal(err)
	}
	var asked []*Snapshot
	for _, snapshot := range all {
		fitsID := r.GetSnapshotId() == "" || r.GetSnapshotId() == snapshot.ID
		fitsVolume := r.GetSourceVolumeId() == "" || r.GetSourceVolumeId() == snapshot.Volume
		if fitsID && fitsVolume {
			asked = append(asked, snapshot)
		}
	}
	first, end, next, err := page(len(asked), r.GetStartingToken(), r.GetMaxEntries())
	if err != nil {
		return nil, err
	}
	answer := &csi.ListSnapshotsResponse{NextToken: next}
	for _, snapshot := range asked[first:end] {
		effect, err := d.readiness(ctx, snapshot)
		if err != nil {
			return nil, err
		}
		answer.Entries = append(answer.Entries, &csi.ListSnapshotsResponse_Entry{Snapshot: reported(snapshot, effect)})
	}
	return answer, nil
}

// readiness is the fault that a listed snapshot shows: one of the listing, or else the not-ready it was made with,
// which would heal with the first look if only CreateSnapshot showed it.
func (d *Driver) readiness(ctx context.Context, snapshot *Snapshot) (*Effect, error) {
	if effect := effectOf(ctx); effect != nil {
		return effect, nil
	}
	target := d.target("CreateSnapshot")
	d.addVolume(target, snapshot.Volume)
	d.addSnapshot(target, snapshot.ID)
	effect, err := d.faults.find(target)
	if effect.is(whatNotReady) {
		return effect, internal(err)
	}
	return nil, internal(err)
}
