package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// replica is a Peers whose clock the test turns.
func replica(shared, name string, clock *time.Time) *Peers {
	peers := newPeers(shared, name, time.Minute)
	peers.now = func() time.Time { return *clock }
	return peers
}

func exchanged(t *testing.T, peers *Peers, revision int64) []Lag {
	t.Helper()
	lags, err := peers.exchange(map[string]int64{"sw": revision})
	if err != nil {
		t.Fatal(err)
	}
	return lags
}

func TestOneReplicaHasNoPeers(t *testing.T) {
	if lags, err := newPeers("", "a", 0).exchange(map[string]int64{"sw": 1}); lags != nil || err != nil {
		t.Errorf("got %v, %v", lags, err)
	}
}

func TestLagIsToleratedForAWhile(t *testing.T) {
	clock, shared := time.Unix(0, 0), t.TempDir()
	a, b := replica(shared, "a", &clock), replica(shared, "b", &clock)
	if lags := exchanged(t, a, 2); lags != nil {
		t.Errorf("the first replica lags: %v", lags)
	}
	if lags := exchanged(t, b, 1); len(lags) != 1 || !lags[0].Tolerated || lags[0].Newest != 2 {
		t.Errorf("got %v", lags)
	}
	for range 9 { // both go on talking
		clock = clock.Add(8 * time.Second)
		exchanged(t, a, 2)
		exchanged(t, b, 1)
	}
	if lags := exchanged(t, b, 1); len(lags) != 1 || lags[0].Tolerated {
		t.Errorf("after a minute: got %v", lags)
	}
	if lags := exchanged(t, b, 2); lags != nil {
		t.Errorf("after catching up: got %v", lags)
	}
	if lags := exchanged(t, b, 1); len(lags) != 1 || !lags[0].Tolerated {
		t.Errorf("a new lag is tolerated anew: got %v", lags)
	}
}

func TestAReplicaThatIsGoneCountsNoMore(t *testing.T) {
	clock, shared := time.Unix(0, 0), t.TempDir()
	a, b := replica(shared, "a", &clock), replica(shared, "b", &clock)
	exchanged(t, a, 2)
	exchanged(t, b, 1)
	clock = clock.Add(peerExpiry + time.Second)
	if lags := exchanged(t, b, 1); lags != nil {
		t.Errorf("got %v", lags)
	}
	clock = clock.Add(peerForgotten)
	exchanged(t, b, 1)
	if _, err := os.Stat(filepath.Join(shared, "beamline-revisions", "a.json")); !os.IsNotExist(err) {
		t.Errorf("what it left behind is still there: %v", err)
	}
}

func TestLeavingIsSeenAtOnce(t *testing.T) {
	clock, shared := time.Unix(0, 0), t.TempDir()
	a, b := replica(shared, "a", &clock), replica(shared, "b", &clock)
	exchanged(t, a, 2)
	a.leave()
	if lags := exchanged(t, b, 1); lags != nil {
		t.Errorf("got %v", lags)
	}
}

func TestStrangeFilesAreNoPeers(t *testing.T) {
	clock, shared := time.Unix(0, 0), t.TempDir()
	b := replica(shared, "b", &clock)
	exchanged(t, b, 1)
	if err := os.WriteFile(filepath.Join(shared, "beamline-revisions", "x.json"), []byte("half"), 0o644); err != nil {
		t.Fatal(err)
	}
	if lags := exchanged(t, b, 1); lags != nil {
		t.Errorf("got %v", lags)
	}
}
