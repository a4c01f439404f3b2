package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// ganesha runs NFS-Ganesha in the foreground.
type ganesha struct {
	config  Config
	calls   *sharedCount
	command *exec.Cmd
	done    chan struct{}
	once    sync.Once
}

// prepare has nothing to do: a Ganesha that is left over ended with its container.
func (g *ganesha) prepare(context.Context) error { return nil }

func (g *ganesha) start(context.Context) error {
	// Client and session ids begin with the epoch, by default the second of the start: two replicas that started in the
	// same second would take each other's clients for their own.
	epoch := strconv.FormatUint(uint64(rand.Uint32()), 10)
	line := append(slices.Clone(g.config.Programs.Ganesha), "-E", epoch)
	g.command = tied(exec.Command(line[0], line[1:]...))
	g.command.Env = append(os.Environ(),
		"LD_PRELOAD="+g.config.Programs.Guard,
		"BEAMLINE_FSIDS="+fsids(g.config.Repositories),
		"BEAMLINE_CALLS=3") // the first file that a child gets beside its streams
	g.command.ExtraFiles = []*os.File{g.calls.file}
	if _, err := os.Stat(g.config.Programs.Guard); err != nil {
		// The loader would only warn, and handles would be good for this replica alone.
		return fmt.Errorf("the library that guards the server: %w", err)
	}
	if err := g.command.Start(); err != nil {
		return err
	}
	go func() {
		_ = g.command.Wait()
		close(g.done)
	}()
	return nil
}

func (g *ganesha) served() float64 { return g.calls.now() }

func (g *ganesha) ended() <-chan struct{} { return g.done }

func (g *ganesha) kill() {
	g.once.Do(func() {
		if g.command != nil && g.command.Process != nil {
			_ = g.command.Process.Signal(syscall.SIGKILL)
		}
	})
}

// fsids is what preload/guard.c reads: one line `<fsid> <mount>` each.
func fsids(repositories []Repository) string {
	var lines strings.Builder
	for _, repository := range repositories {
		fmt.Fprintf(&lines, "%d %s\n", repository.FSID, repository.Mount)
	}
	return lines.String()
}
