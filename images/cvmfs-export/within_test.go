package main

import (
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestProbeAnswers(t *testing.T) {
	problem := errors.New("no")
	probe := &Probe[int]{what: "it", ask: func() (int, error) { return 7, problem }}
	if value, err := probe.within(time.Minute); value != 7 || !errors.Is(err, problem) {
		t.Errorf("got %d, %v", value, err)
	}
}

func TestProbeThatHangsIsAskedOnce(t *testing.T) {
	var asked atomic.Int32
	wake := make(chan struct{})
	probe := &Probe[int]{what: "the mount", ask: func() (int, error) {
		asked.Add(1)
		<-wake
		return 1, nil
	}}
	for range 3 {
		if _, err := probe.within(10 * time.Millisecond); err == nil || !strings.Contains(err.Error(), "the mount has not answered for") {
			t.Errorf("got %v", err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times: every one would block a thread for ever", asked.Load())
	}
	close(wake)
	if value, err := probe.within(time.Minute); value != 1 || err != nil {
		t.Errorf("once awake: %d, %v", value, err)
	}
}
