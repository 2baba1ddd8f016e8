// Package pins holds the module of the snapshot CRDs in go.mod. The module has
// no Go code at its root that the bed imports: what is used is the folder
// config/crd beside it in the module cache.
package pins

import (
	// Keeps the module required, so that `go mod tidy` leaves it in go.mod.
	_ "github.com/kubernetes-csi/external-snapshotter/client/v8/apis/volumesnapshot/v1"
)
