package main

import (
	"log/slog"
	"slices"
	"sync"
	"time"
)

// State is why this replica is not ready; no reasons mean that it is.
type State struct {
	mutex   sync.Mutex
	reasons []string
	at      time.Time
	fresh   time.Duration
}

func newState(fresh time.Duration) *State {
	return &State{reasons: []string{"starting"}, at: time.Now(), fresh: fresh}
}

func (s *State) set(reasons []string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if !slices.Equal(reasons, s.reasons) {
		slog.Info("readiness", "ready", len(reasons) == 0, "reasons", reasons)
	}
	s.reasons, s.at = reasons, time.Now()
}

// why answers what keeps this replica from being ready. What was found too long ago no longer counts.
func (s *State) why() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if len(s.reasons) == 0 && time.Since(s.at) > s.fresh {
		return []string{"the checks are late"}
	}
	return s.reasons
}
