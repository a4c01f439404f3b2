package main

import (
	"encoding/binary"
	"net/http"
	"strings"
	"testing"
)

func TestCallsOfTheKernel(t *testing.T) {
	const text = "rc 0 0 12\nfh 0 0 0 0 0\nio 4096 0\nth 128 0\nnet 12 0 12 1\nrpc 4711 3 0 0 0\nproc4 2 0 4708\n"
	if got, err := kernelCalls(text); err != nil || got != 4711 {
		t.Errorf("got %v, %v", got, err)
	}
	for _, text := range []string{"", "rpc\n", "rpc many\n", "th 128 0\n"} {
		if got, err := kernelCalls(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestCallsAreCountedWhereTheServerWritesThem(t *testing.T) {
	count, err := newSharedCount()
	if err != nil {
		t.Fatal(err)
	}
	state := newState(0)
	supervisor := &Supervisor{state: state, metrics: newMetrics(state)}
	supervisor.metrics.count(count.now)
	words := make([]byte, 8)
	binary.NativeEndian.PutUint64(words, 42)
	if _, err := count.file.WriteAt(words, 0); err != nil {
		t.Fatal(err)
	}
	got := answer(supervisor, http.MethodGet, "/metrics", "192.0.2.1:40000").Body.String()
	if !strings.Contains(got, "beamline_cvmfs_nfs_calls_total 42\n") {
		t.Error(got)
	}
}
