package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// searched is the PATH of an image: its own binaries, and the places where pods mount the tools of the host.
const searched = "/:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// image writes a docker-archive with one layer, which holds static binaries in the root folder. The same binaries
// make the same bytes each time.
func image(args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("image wants a file to write, a name, and binaries")
	}
	layer, entry, err := layerOf(args[2:])
	if err != nil {
		return err
	}
	layerSum := hash(layer)
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config":       map[string]any{"Env": []string{"PATH=" + searched}, "Entrypoint": []string{entry}},
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + layerSum}},
	})
	if err != nil {
		return err
	}
	configName := hash(config) + ".json"
	manifest, err := json.Marshal([]map[string]any{{
		"Config": configName, "RepoTags": strings.Split(args[1], ","), "Layers": []string{layerSum + ".tar"},
	}})
	if err != nil {
		return err
	}
	return writeArchive(args[0], []entryOf{{configName, config}, {layerSum + ".tar", layer}, {"manifest.json", manifest}})
}

type entryOf struct {
	name string
	data []byte
}

func writeArchive(path string, entries []entryOf) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(file)
	for _, entry := range entries {
		if err = add(archive, entry.name, 0o644, entry.data); err != nil {
			break
		}
	}
	return errors.Join(err, archive.Close(), file.Close())
}

func add(archive *tar.Writer, name string, mode int64, data []byte) error {
	if err := archive.WriteHeader(&tar.Header{Name: name, Mode: mode, Size: int64(len(data)), Format: tar.FormatPAX}); err != nil {
		return err
	}
	_, err := archive.Write(data)
	return err
}

// layerOf is the tar of the binaries, and the first one's path in the image.
func layerOf(binaries []string) (layer []byte, entry string, err error) {
	var buffer bytes.Buffer
	archive := tar.NewWriter(&buffer)
	for _, folder := range []string{"tmp/", "etc/", "dev/", "proc/", "sys/"} {
		header := &tar.Header{Name: folder, Typeflag: tar.TypeDir, Mode: 0o755, Format: tar.FormatPAX}
		if err := archive.WriteHeader(header); err != nil {
			return nil, "", err
		}
	}
	for _, binary := range binaries {
		name, path, named := strings.Cut(binary, "=")
		if !named {
			name, path = filepath.Base(binary), binary
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, "", err
		}
		if err := add(archive, name, 0o755, data); err != nil {
			return nil, "", err
		}
		if entry == "" {
			entry = "/" + name
		}
	}
	return buffer.Bytes(), entry, archive.Close()
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
