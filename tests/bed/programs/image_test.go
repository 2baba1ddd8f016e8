package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// files are those of a tar, by name.
func files(t *testing.T, text []byte) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	archive := tar.NewReader(bytes.NewReader(text))
	for {
		header, err := archive.Next()
		if err == io.EOF {
			return found
		}
		if err != nil {
			t.Fatal(err)
		}
		if header.Typeflag == tar.TypeReg && strings.HasPrefix(header.Name, "t") && header.Mode != 0o755 {
			t.Errorf("%s cannot be run: %o", header.Name, header.Mode)
		}
		if found[header.Name], err = io.ReadAll(archive); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnImage(t *testing.T) {
	folder := t.TempDir()
	out, binary := filepath.Join(folder, "out.tar"), filepath.Join(folder, "tool")
	if err := os.WriteFile(binary, []byte("static"), 0o700); err != nil {
		t.Fatal(err)
	}
	written := func() []byte {
		if err := command([]string{"image", out, "localhost/a:1,localhost/b:1", binary, "two=" + binary}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	text := written()
	if !bytes.Equal(text, written()) {
		t.Error("the same binaries make another image")
	}
	outer := files(t, text)
	var manifest []struct {
		Config   string
		RepoTags []string
		Layers   []string
	}
	if err := json.Unmarshal(outer["manifest.json"], &manifest); err != nil {
		t.Fatal(err)
	}
	if tags := manifest[0].RepoTags; len(tags) != 2 || tags[1] != "localhost/b:1" {
		t.Errorf("%v", tags)
	}
	layer := outer[manifest[0].Layers[0]]
	if inner := files(t, layer); string(inner["tool"]) != "static" || string(inner["two"]) != "static" {
		t.Errorf("%v", inner)
	}
	config := string(outer[manifest[0].Config])
	for _, part := range []string{`"Entrypoint":["/tool"]`, `"sha256:` + hash(layer) + `"`, "PATH=/:"} {
		if !strings.Contains(config, part) {
			t.Errorf("no %s in %s", part, config)
		}
	}
}

func TestCommandsThatAreWrong(t *testing.T) {
	for _, line := range []string{
		"nope", "app", "app a b", "fill", "fill x", "fill x rest", "fill x bytes --leave many", "run", "run --",
		"image", "image out name", "image out name /no/such/binary", "app /no/such/folder", "fill /no/such/folder bytes",
	} {
		if err := command(strings.Fields(line)); err == nil {
			t.Errorf("%q was taken", line)
		}
	}
	if _, err := os.Stat("out"); !os.IsNotExist(err) {
		t.Error("an image that could not be made was written")
	}
}
