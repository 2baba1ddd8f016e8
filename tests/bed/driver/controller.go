package main

import (
	"context"
	"errors"
	"strconv"

	"github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// ControllerGetCapabilities says what the controller can do.
func (d *Driver) ControllerGetCapabilities(ctx context.Context, _ *csi.ControllerGetCapabilitiesRequest) (*csi.ControllerGetCapabilitiesResponse, error) {
	if effectOf(ctx).is(whatNoCapabilities) {
		return &csi.ControllerGetCapabilitiesResponse{}, nil
	}
	return &csi.ControllerGetCapabilitiesResponse{Capabilities: d.config.Capabilities.controller()}, nil
}

// locked takes the lock of the folder and turns a failure into an answer.
func (d *Driver) locked() (func(), error) {
	unlock, err := d.store.lock()
	return unlock, internal(err)
}

// internal turns an error of the machine into an answer; nil stays nil.
func internal(err error) error {
	if err == nil {
		return nil
	}
	return status.Error(codes.Internal, err.Error())
}

// missing is the answer to a request without something that it must have.
func missing(what string) error {
	return status.Errorf(codes.InvalidArgument, "%s missing in request", what)
}

// needs refuses a call that the driver does not announce.
func (d *Driver) needs(capability string) error {
	if d.config.Capabilities[capability] {
		return nil
	}
	return status.Errorf(codes.Unimplemented, "the driver has no capability %s", capability)
}

// volumeOf reads a volume's record; the answer when there is none is NotFound.
func (d *Driver) volumeOf(id string) (*Volume, error) {
	if id == "" {
		return nil, missing("volume ID")
	}
	volume, err := d.store.volume(id)
	if errors.Is(err, errNoRecord) {
		return nil, status.Errorf(codes.NotFound, "volume %s does not exist", id)
	}
	return volume, internal(err)
}

// page cuts a list as the paging of CSI wants it: the first entry, the end, and the token of the next page.
func page(length int, token string, most int32) (int, int, string, error) {
	first := 0
	if token != "" {
		var err error
		if first, err = strconv.Atoi(token); err != nil || first < 0 || first > length {
			return 0, 0, "", status.Errorf(codes.Aborted, "starting token %q is not of this list", token)
		}
	}
	end, next := length, ""
	if most > 0 && first+int(most) < length {
		end = first + int(most)
		next = strconv.Itoa(end)
	}
	return first, end, next, nil
}
