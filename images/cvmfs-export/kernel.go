package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

const (
	nfsdDirectory  = "/proc/fs/nfsd"
	pipeDirectory  = "/var/lib/nfs/rpc_pipefs"
	kernelThreads  = "128" // what the CVMFS documentation asks for
	trackerRecords = "/var/lib/nfs/nfsdcld"
	helperTimeout  = 30 * time.Second
)

// kernelServer runs the server of the node's kernel. It answers as long as the kernel's threads live, whatever
// happens to this process: killing it means telling the kernel.
type kernelServer struct {
	config Config
	done   chan struct{}
	once   sync.Once
}

// prepare ends the threads of a predecessor. They belong to the network of the pod, which outlives a container that was
// killed, and would go on answering out of mounts that are dead.
func (k *kernelServer) prepare(ctx context.Context) error {
	if err := syscall.Mount("nfsd", nfsdDirectory, "nfsd", 0, ""); err != nil && !errors.Is(err, syscall.EBUSY) {
		return fmt.Errorf("mounting nfsd at %s (is the module loaded on the node?): %w", nfsdDirectory, err)
	}
	return stopThreads(ctx, k.config)
}

func (k *kernelServer) start(ctx context.Context) error {
	if err := os.MkdirAll(pipeDirectory, 0o755); err != nil {
		return err
	}
	// The kernel and the tracker talk through a pipe in here.
	if err := syscall.Mount("rpc_pipefs", pipeDirectory, "rpc_pipefs", 0, ""); err != nil && !errors.Is(err, syscall.EBUSY) {
		return fmt.Errorf("mounting rpc_pipefs at %s: %w", pipeDirectory, err)
	}
	// Without a tracker in this container the kernel waits through a grace period after every start.
	if err := os.MkdirAll(trackerRecords, 0o700); err != nil {
		return err
	}
	tracker, err := k.watch(k.program("nfsdcld"), "-F", "-s", trackerRecords)
	if err != nil {
		return err
	}
	if err := awaitWatching(ctx, tracker); err != nil {
		return fmt.Errorf("nfsdcld: %w", err)
	}
	// Before rpc.mountd, which ends where it finds no table of exports.
	if err := runQuietly(ctx, []string{k.program("exportfs"), "-ra"}); err != nil {
		k.kill()
		return err
	}
	// Answers the kernel's questions about exports, which it asks from the first request on.
	if _, err := k.watch(k.program("rpc.mountd"), "-F", "-N", "2", "-N", "3"); err != nil {
		return err
	}
	threads := []string{k.program("rpc.nfsd"), "--port", strconv.Itoa(k.config.NFSPort),
		"--lease-time", strconv.Itoa(k.config.LeaseSeconds), "--grace-time", strconv.Itoa(max(k.config.GraceSeconds, 10)),
		"--no-nfs-version", "3", kernelThreads}
	// The kernel takes the host name of whoever starts its threads for the scope; not every rpc.nfsd has --scope.
	if err := runQuietly(ctx, underName(k.config.ServerScope, threads)); err != nil {
		k.kill()
		return err
	}
	return nil
}

func (k *kernelServer) served() float64 {
	text, err := os.ReadFile(callsPath)
	if err != nil {
		return 0 // the module is not loaded, so nothing was served
	}
	calls, _ := kernelCalls(string(text))
	return calls
}

func (k *kernelServer) ended() <-chan struct{} { return k.done }

func (k *kernelServer) kill() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	// A write that ends all threads; it waits for those that wait for a file system, so it must not be waited for. Again with
	// every call: a helper may have ended before the threads were there.
	stopped := make(chan struct{})
	go func() {
		defer cancel()
		defer close(stopped)
		if err := stopThreads(ctx, k.config); err != nil {
			slog.Warn("the server of the kernel may go on", "error", err)
		}
	}()
	select {
	case <-stopped:
	case <-time.After(time.Second):
	}
	k.once.Do(func() { close(k.done) })
}

// watch starts a helper in the foreground and answers its number; when it ends, so does the server.
func (k *kernelServer) watch(line ...string) (int, error) {
	command := tied(exec.Command(line[0], line[1:]...))
	if err := command.Start(); err != nil {
		return 0, err
	}
	go func() {
		err := command.Wait()
		select {
		case <-k.done:
		default:
			slog.Warn("what the server of the kernel needs has ended", "program", line[0], "error", err)
		}
		k.kill()
	}()
	return command.Process.Pid, nil
}

// awaitWatching waits until a process waits for news of a directory, as the tracker does for the kernel's pipe. A kernel
// that starts to serve before gives it a fifth of a second, and then has its grace period.
func awaitWatching(ctx context.Context, pid int) error {
	ctx, cancel := context.WithTimeout(ctx, helperTimeout)
	defer cancel()
	for {
		files, err := filepath.Glob(fmt.Sprintf("/proc/%d/fdinfo/*", pid))
		if err != nil {
			return err
		}
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil && bytes.Contains(text, []byte("inotify wd:")) {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("it does not wait for the kernel: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (k *kernelServer) program(name string) string {
	return filepath.Join(k.config.Programs.Kernel, name)
}

// stopThreads ends the kernel's server in this network.
func stopThreads(ctx context.Context, config Config) error {
	return runQuietly(ctx, []string{filepath.Join(config.Programs.Kernel, "rpc.nfsd"), "0"})
}
