package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Exit codes, which `kubectl describe` shows.
const (
	exitStopped = 0 // asked to stop, and did
	exitFailed  = 1 // could not start
	exitConfig  = 2 // the configuration is wrong
	exitSick    = 3 // a mount was sick: the server was killed so that nobody gets a wrong answer
	exitServer  = 4 // the NFS server ended, or hung and was killed
)

// patience is what a server gets that leaves a call unanswered: one more, half as long. The first may have fallen into a
// busy moment, with all threads waiting for content from afar.
const patience = 2

// errStop is why the supervisor ends when it was asked to.
var errStop = errors.New("asked to stop")

// Failure is why the supervisor ends by itself.
type Failure struct {
	code int
	err  error
}

func (f Failure) Error() string { return f.err.Error() }

// Supervisor mounts the repositories, runs the NFS server and kills it as soon as it could answer something wrong.
type Supervisor struct {
	config  Config
	server  Server
	peers   *Peers
	state   *State
	metrics *Metrics
	// mounts are those that are there, with the probe of each.
	mounts []watched
	mutex  sync.Mutex
	// exchange tells the peers the revisions, and hears theirs.
	exchange  *Probe[[]Lag]
	revisions atomic.Pointer[map[string]int64]

	draining  chan struct{}
	drainOnce sync.Once
	stopped   chan struct{} // closed once the server no longer serves
	refreshed map[string]time.Time
}

// watched is a mount and how it is asked.
type watched struct {
	*Mount
	probe *Probe[int64]
}

func newSupervisor(config Config, state *State, metrics *Metrics) (*Supervisor, error) {
	name, _ := os.Hostname()
	if config.Address != "" {
		name = config.Address // several replicas on one machine
	}
	server, err := newServer(config)
	if err != nil {
		return nil, err
	}
	metrics.count(server.served)
	s := &Supervisor{
		config: config, state: state, metrics: metrics, server: server,
		peers:    newPeers(config.SharedDirectory, name, seconds(config.RevisionToleranceSeconds)),
		draining: make(chan struct{}), stopped: make(chan struct{}), refreshed: map[string]time.Time{},
	}
	s.revisions.Store(&map[string]int64{})
	s.exchange = &Probe[[]Lag]{what: "the shared directory", ask: func() ([]Lag, error) {
		return s.peers.exchange(*s.revisions.Load())
	}}
	return s, nil
}

// run does everything from the first mount to the last. It returns when the context ends, or when something fails.
func (s *Supervisor) run(ctx context.Context) error {
	defer s.clear()
	if err := s.started(ctx); err != nil {
		return err
	}
	failed := make(chan error, 1)
	watching, endWatch := context.WithCancel(context.Background())
	defer endWatch()
	go func() { failed <- s.watch(watching) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		s.drain()
	case <-s.draining:
	}
	// Clients stay until this replica is out of the Service's endpoints, so that they come back to another one.
	select {
	case err := <-failed:
		return err
	case <-time.After(seconds(s.config.DrainSeconds)):
	}
	endWatch()
	s.server.kill()
	s.leave()
	close(s.stopped)
	slog.Info("drained: the NFS server is stopped")
	<-ctx.Done()
	return errStop
}

// drain makes this replica unready; the server is stopped a while later.
func (s *Supervisor) drain() {
	s.drainOnce.Do(func() {
		slog.Info("draining", "seconds", s.config.DrainSeconds)
		s.state.set([]string{"draining"})
		close(s.draining)
	})
}

// started begins, and gives up where a mount that is there already is sick: whoever looks at its files would wait for ever.
func (s *Supervisor) started(ctx context.Context) error {
	beginning, giveUp := context.WithCancel(ctx)
	defer giveUp()
	begun := make(chan error, 1)
	go func() { begun <- s.begin(beginning) }()
	tick := time.NewTicker(s.config.checkInterval())
	defer tick.Stop()
	for {
		select {
		case err := <-begun:
			if ctx.Err() != nil {
				return errStop
			}
			if err != nil {
				return Failure{exitFailed, err}
			}
			return nil
		case <-ctx.Done():
			return errStop
		case <-tick.C:
			// Nobody is served yet, so there is time.
			if _, err := s.look(max(firstAnswer, s.config.statTimeout())); err != nil {
				return Failure{exitSick, err}
			}
		}
	}
}

func (s *Supervisor) begin(ctx context.Context) error {
	if err := s.server.prepare(ctx); err != nil {
		return err
	}
	if err := s.awaitMaps(ctx); err != nil {
		return err
	}
	for _, repository := range s.config.Repositories {
		s.state.set([]string{"mounting " + repository.Name})
		if err := giveMaps(s.config.SharedDirectory, repository.Name, mapsAccount); err != nil {
			return err
		}
		mount, err := mountRepository(ctx, repository, s.config.Programs.Mount)
		if err != nil {
			return err
		}
		s.mutex.Lock()
		s.mounts = append(s.mounts, watched{mount, &Probe[int64]{what: repository.Mount, ask: mount.check}})
		s.mutex.Unlock()
		slog.Info("mounted", "repository", repository.Name, "at", repository.Mount)
	}
	s.state.set([]string{"pre-warming"})
	paths, err := prewarm(ctx, s.config.Prewarm, s.config.Repositories)
	if err != nil {
		return err
	}
	s.metrics.prewarmed.Set(float64(paths))
	s.state.set([]string{"starting the NFS server"})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := s.server.start(ctx); err != nil {
		return err
	}
	if err := awaitAnswer(ctx, s.server, s.config.nfsAddress()); err != nil {
		return err
	}
	slog.Info("the NFS server answers", "server", s.config.Server, "paths", paths)
	return nil
}

// awaitMaps waits until the shared directory takes something: where it is full, read-only or gone, starting again and
// again would only make it take longer until somebody is served once it is mended.
func (s *Supervisor) awaitMaps(ctx context.Context) error {
	tick := time.NewTicker(s.config.checkInterval())
	defer tick.Stop()
	for {
		_, err := s.exchange.within(s.config.statTimeout())
		if err == nil {
			return nil
		}
		s.state.set([]string{"waiting for the maps of inodes: " + err.Error()})
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// watch looks at the mounts and at the server again and again. It returns when it had to kill the server.
func (s *Supervisor) watch(ctx context.Context) error {
	hung := make(chan error, 1)
	go func() { hung <- s.watchServer(ctx) }()
	tick := time.NewTicker(s.config.checkInterval())
	defer tick.Stop()
	for {
		revisions, err := s.look(s.config.statTimeout())
		if err != nil {
			return s.fail(exitSick, err)
		}
		s.revisions.Store(&revisions)
		lags, err := s.exchange.within(s.config.statTimeout())
		var lost MapsLost
		if errors.As(err, &lost) {
			return s.fail(exitSick, err)
		}
		reasons := s.catchUp(ctx, lags)
		if err != nil {
			// It only does not answer: what is asked of it waits, and gets no wrong answer. Clients that are here go on; new
			// ones had better go where new paths can get their numbers.
			reasons = append(reasons, err.Error())
		}
		if ctx.Err() != nil {
			return nil
		}
		s.report(reasons)
		select {
		case <-ctx.Done():
			return nil
		case err := <-hung:
			return s.fail(exitServer, err)
		case <-s.server.ended():
			// It ends by itself when a mount has died under it.
			if _, err := s.look(s.config.statTimeout()); err != nil {
				return s.fail(exitSick, err)
			}
			return s.fail(exitServer, errors.New("the NFS server ended"))
		case <-tick.C:
		}
	}
}

// watchServer calls the server twice as often as the mounts are looked at, and answers why it is taken for hung.
func (s *Supervisor) watchServer(ctx context.Context) error {
	tick := time.NewTicker(s.config.checkInterval() / 2)
	defer tick.Stop()
	for {
		err := callNull(s.config.nfsAddress(), s.config.statTimeout())
		// Refused, it has ended, which is somebody else's to find out.
		if err != nil && !errors.Is(err, syscall.ECONNREFUSED) {
			slog.Warn("the NFS server did not answer", "error", err)
			err = callNull(s.config.nfsAddress(), s.config.statTimeout()/patience)
			if err != nil && !errors.Is(err, syscall.ECONNREFUSED) {
				return fmt.Errorf("the NFS server hangs: %w", err)
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// fail kills the server first and says why afterwards.
func (s *Supervisor) fail(code int, err error) error {
	s.server.kill()
	return Failure{code, err}
}

// look asks every mount at once and answers the revisions, or why a mount is sick: one that does not answer within the limit.
func (s *Supervisor) look(limit time.Duration) (map[string]int64, error) {
	type answer struct {
		mount    *Mount
		revision int64
		err      error
	}
	s.mutex.Lock()
	mounts := s.mounts
	s.mutex.Unlock()
	answers := make(chan answer, len(mounts))
	for _, mount := range mounts {
		go func() {
			begun := time.Now()
			revision, err := mount.probe.within(limit)
			s.metrics.looked(mount.Name, revision, time.Since(begun), err)
			answers <- answer{mount.Mount, revision, err}
		}()
	}
	revisions := map[string]int64{}
	for range mounts {
		// The first bad answer decides: no time is lost on the others.
		if got := <-answers; got.err != nil {
			return nil, fmt.Errorf("%s is sick: %w", got.mount.Name, got.err)
		} else {
			revisions[got.mount.Name] = got.revision
		}
	}
	return revisions, nil
}

// catchUp has the CVMFS client look for a newer revision where a peer serves one, and answers the lags that have
// gone on for too long.
func (s *Supervisor) catchUp(ctx context.Context, lags []Lag) []string {
	const again = 30 * time.Second
	var reasons []string
	for _, lag := range lags {
		s.metrics.lagged(lag)
		if !lag.Tolerated {
			reasons = append(reasons, lag.Error())
		}
		if time.Since(s.refreshed[lag.Repository]) < again {
			continue
		}
		s.refreshed[lag.Repository] = time.Now()
		line := filled(s.config.Programs.Refresh, Repository{Name: lag.Repository})
		go func() {
			ctx, cancel := context.WithTimeout(ctx, again)
			defer cancel()
			if err := runQuietly(ctx, line); err != nil {
				slog.Warn("could not ask for a newer revision", "repository", lag.Repository, "error", err)
			}
		}()
	}
	return reasons
}

func (s *Supervisor) report(reasons []string) {
	select {
	case <-s.draining:
		s.state.set([]string{"draining"})
	default:
		s.state.set(reasons)
	}
}

// clear leaves nothing behind that answers or waits.
func (s *Supervisor) clear() {
	s.state.set([]string{"stopping"})
	s.server.kill()
	// By force, and only after the server: what hangs in it is woken up and dies instead of answering an error.
	for _, repository := range s.config.Repositories {
		release(repository.Mount)
	}
	s.leave()
}

// leave tells the peers, unless their directory does not answer: nobody is to be kept from ending by it.
func (s *Supervisor) leave() {
	leaving := &Probe[struct{}]{what: "the shared directory", ask: func() (struct{}, error) {
		s.peers.leave()
		return struct{}{}, nil
	}}
	_, _ = leaving.within(s.config.statTimeout())
}
