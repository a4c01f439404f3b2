package main

import (
	"context"
	"errors"
	"testing"
	"time"
)

// stuck is a server whose predecessor never ends.
type stuck struct{ killed bool }

func (s *stuck) prepare(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
func (s *stuck) start(context.Context) error       { return errors.New("not to be started") }
func (s *stuck) served() float64                   { return 0 }
func (s *stuck) ended() <-chan struct{}            { return nil }
func (s *stuck) kill()                             { s.killed = true }

func starting() (*Supervisor, *stuck) {
	supervisor, server := aSupervisor(time.Hour), &stuck{}
	supervisor.server, supervisor.config.CheckIntervalSeconds, supervisor.config.StatTimeoutSeconds = server, 0.01, 0.01
	return supervisor, server
}

func TestStartEndsWithAMountThatHangs(t *testing.T) {
	supervisor, server := starting()
	usual := firstAnswer
	firstAnswer = 10 * time.Millisecond
	t.Cleanup(func() { firstAnswer = usual })
	never := make(chan struct{})
	defer close(never)
	hangs := &Probe[int64]{what: "/cvmfs/sw", ask: func() (int64, error) { <-never; return 0, nil }}
	supervisor.mounts = []watched{{&Mount{Repository: Repository{Name: "sw"}}, hangs}}
	var failure Failure
	if err := supervisor.run(context.Background()); !errors.As(err, &failure) || failure.code != exitSick || !server.killed {
		t.Errorf("got %v, killed %v", err, server.killed)
	}
}

func TestStartEndsWhenAskedTo(t *testing.T) {
	supervisor, server := starting()
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := supervisor.run(ctx); !errors.Is(err, errStop) || !server.killed {
		t.Errorf("got %v, killed %v", err, server.killed)
	}
}
