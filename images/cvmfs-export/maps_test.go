package main

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestMapsBelongToTheClient(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("giving a directory away needs root")
	}
	shared := t.TempDir()
	for range 2 { // the second replica finds it
		if err := giveMaps(shared, "sw.example.org", "nobody"); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(filepath.Join(shared, "nfs_maps.sw.example.org"))
	if err != nil {
		t.Fatal(err)
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner == 0 || info.Mode().Perm() != 0o700 {
		t.Errorf("it belongs to %d with mode %o", owner, info.Mode().Perm())
	}
}

func TestMapsOfOneReplicaOrWithoutAccountAreLeftToTheClient(t *testing.T) {
	shared := t.TempDir()
	if err := errors.Join(giveMaps("", "sw", "nobody"), giveMaps(shared, "sw", "nobody-has-this-name")); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(shared); len(left) > 0 {
		t.Errorf("it made %v", left)
	}
}

func TestMapsThatTakeNothing(t *testing.T) {
	shared := filepath.Join(t.TempDir(), "shared")
	if err := os.WriteFile(shared, nil, 0o600); err != nil { // where a directory should be, nothing can be written
		t.Fatal(err)
	}
	_, err := newPeers(shared, "a", 0).exchange(map[string]int64{"sw": 1})
	var lost MapsLost
	if !errors.As(err, &lost) || !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("got %v", err)
	}
}
