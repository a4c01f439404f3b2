package main

import (
	"slices"
	"testing"
)

func TestScopeOfTheKernelServer(t *testing.T) {
	got := underName("cvmfs-nfs.cvmfs", []string{"/usr/sbin/rpc.nfsd", "128"})
	want := []string{"/proc/self/exe", "under-name", "cvmfs-nfs.cvmfs", "/usr/sbin/rpc.nfsd", "128"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
