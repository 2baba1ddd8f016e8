package main

import (
	"context"
	"os"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// NodeGetVolumeStats counts the bytes and inodes of a mounted volume; of a block volume only its size is known.
func (d *Driver) NodeGetVolumeStats(ctx context.Context, r *csi.NodeGetVolumeStatsRequest) (*csi.NodeGetVolumeStatsResponse, error) {
	switch {
	case r.GetVolumeId() == "":
		return nil, missing("volume ID")
	case r.GetVolumePath() == "":
		return nil, missing("volume path")
	}
	if err := d.needs(capStats); err != nil {
		return nil, err
	}
	volume, err := d.volumeOf(r.GetVolumeId())
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(r.GetVolumePath())
	if err != nil {
		return nil, status.Errorf(codes.NotFound, "volume path %s: %v", r.GetVolumePath(), err)
	}
	answer := &csi.NodeGetVolumeStatsResponse{VolumeCondition: d.condition(effectOf(ctx))}
	if !info.IsDir() {
		answer.Usage = []*csi.VolumeUsage{{Unit: csi.VolumeUsage_BYTES, Total: volume.Size}}
		return answer, nil
	}
	answer.Usage, err = usage(r.GetVolumePath())
	return answer, internal(err)
}

func usage(path string) ([]*csi.VolumeUsage, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(path, &stat); err != nil {
		return nil, err
	}
	block := stat.Bsize
	return []*csi.VolumeUsage{
		{
			Unit: csi.VolumeUsage_BYTES, Total: int64(stat.Blocks) * block, Available: int64(stat.Bavail) * block,
			Used: int64(stat.Blocks-stat.Bfree) * block,
		},
		{
			Unit: csi.VolumeUsage_INODES, Total: int64(stat.Files), Available: int64(stat.Ffree),
			Used: int64(stat.Files - stat.Ffree),
		},
	}, nil
}
