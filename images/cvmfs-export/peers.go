package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	// peerExpiry is how long a replica that says nothing new counts as running.
	peerExpiry = 20 * time.Second
	// peerForgotten is when what a replica left behind is cleared away.
	peerForgotten = time.Hour
)

// record is what a replica tells the others through the shared directory.
type record struct {
	// Beat goes up with every writing, so that no clock has to be compared with another.
	Beat      uint64           `json:"beat"`
	Revisions map[string]int64 `json:"revisions"`
}

// Peers compares the revisions of this replica with those of the others. Replicas take over new revisions on their
// own, and a client that is moved to one that lags would see the past.
type Peers struct {
	directory string // empty: there are no others
	name      string
	tolerance time.Duration
	now       func() time.Time

	beat   uint64
	seen   map[string]sighting
	behind map[string]time.Time // since when, by repository
}

type sighting struct {
	beat uint64
	at   time.Time
}

func newPeers(shared, name string, tolerance time.Duration) *Peers {
	directory := ""
	if shared != "" {
		directory = filepath.Join(shared, "beamline-revisions")
	}
	return &Peers{directory: directory, name: name, tolerance: tolerance, now: time.Now,
		seen: map[string]sighting{}, behind: map[string]time.Time{}}
}

// Lag is a repository of which a peer serves a newer revision.
type Lag struct {
	Repository   string
	Ours, Newest int64
	// Tolerated is whether it may go on for some more time.
	Tolerated bool
}

func (l Lag) Error() string {
	return fmt.Sprintf("%s is at revision %d, a peer serves %d", l.Repository, l.Ours, l.Newest)
}

// MapsLost is why nothing can be written beside the maps of inodes. The CVMFS client then has no number for a path that
// nobody has asked for before, and says that there is no such file, which clients believe.
type MapsLost struct{ err error }

func (m MapsLost) Error() string { return fmt.Sprintf("the shared directory takes nothing: %v", m.err) }

func (m MapsLost) Unwrap() error { return m.err }

// exchange tells the others our revisions and answers where we lag.
func (p *Peers) exchange(ours map[string]int64) ([]Lag, error) {
	if p.directory == "" {
		return nil, nil
	}
	if err := p.write(ours); err != nil {
		return nil, MapsLost{err}
	}
	newest, err := p.newest()
	if err != nil {
		return nil, err
	}
	var lags []Lag
	for repository, revision := range ours {
		if newest[repository] <= revision {
			delete(p.behind, repository)
			continue
		}
		since, known := p.behind[repository]
		if !known {
			since = p.now()
			p.behind[repository] = since
		}
		lags = append(lags, Lag{repository, revision, newest[repository], p.now().Sub(since) <= p.tolerance})
	}
	return lags, nil
}

func (p *Peers) write(ours map[string]int64) error {
	if err := os.MkdirAll(p.directory, 0o755); err != nil {
		return err
	}
	p.beat++
	text, err := json.Marshal(record{p.beat, ours})
	if err != nil {
		return err
	}
	// Renamed into its place, so that nobody reads half of it.
	scratch := filepath.Join(p.directory, "."+p.name)
	if err := os.WriteFile(scratch, text, 0o644); err != nil {
		return err
	}
	err = os.Rename(scratch, filepath.Join(p.directory, p.name+".json"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // a pod of the same name, on a node that nobody has heard of for long, was faster
	}
	return err
}

// newest answers the newest revision that another running replica serves, by repository.
func (p *Peers) newest() (map[string]int64, error) {
	files, err := filepath.Glob(filepath.Join(p.directory, "*.json"))
	if err != nil {
		return nil, err
	}
	newest := map[string]int64{}
	for _, file := range files {
		if filepath.Base(file) == p.name+".json" {
			continue
		}
		text, err := os.ReadFile(file)
		if errors.Is(err, fs.ErrNotExist) {
			continue // it left meanwhile
		}
		if err != nil {
			return nil, err
		}
		var other record
		if json.Unmarshal(text, &other) != nil {
			continue // not one of ours
		}
		if !p.running(file, other.Beat) {
			continue
		}
		for repository, revision := range other.Revisions {
			newest[repository] = max(newest[repository], revision)
		}
	}
	return newest, nil
}

// running tells whether a replica has written lately, and clears away what was left long ago.
func (p *Peers) running(file string, beat uint64) bool {
	last, known := p.seen[file]
	if !known || last.beat != beat {
		p.seen[file] = sighting{beat, p.now()}
		return true
	}
	silent := p.now().Sub(last.at)
	if silent > peerForgotten {
		_ = os.Remove(file)
		delete(p.seen, file)
	}
	return silent <= peerExpiry
}

// leave tells the others that this replica serves nothing any more.
func (p *Peers) leave() {
	if p.directory != "" {
		_ = os.Remove(filepath.Join(p.directory, p.name+".json"))
	}
}
