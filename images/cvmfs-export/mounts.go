package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const mountTimeout = 90 * time.Second

// firstAnswer is how long a file system may take before there is a server: it knows its root, as it is mounted.
var firstAnswer = 10 * time.Second

// revisionAttribute is answered by the CVMFS client itself, never from the kernel's cache: asking for it tells whether
// the client is alive, which stat of a cached root does not.
const revisionAttribute = "user.revision"

// Mount is a repository that is mounted here.
type Mount struct {
	Repository
	device uint64
}

// mountRepository mounts one repository and makes sure that a file system is there.
func mountRepository(ctx context.Context, repository Repository, command []string) (*Mount, error) {
	if err := os.MkdirAll(repository.Mount, 0o755); err != nil {
		// What a killed predecessor left there can be in the way.
		release(repository.Mount)
		if err := os.MkdirAll(repository.Mount, 0o755); err != nil {
			return nil, err
		}
	}
	release(repository.Mount)
	ctx, cancel := context.WithTimeout(ctx, mountTimeout)
	defer cancel()
	line := filled(command, repository)
	if err := runQuietly(ctx, line); err != nil {
		return nil, fmt.Errorf("mounting %s at %s: %w", repository.Name, repository.Mount, err)
	}
	mount := &Mount{Repository: repository}
	first := &Probe[uint64]{what: repository.Mount, ask: func() (uint64, error) { return deviceOf(repository.Mount) }}
	device, err := first.within(firstAnswer)
	if err != nil {
		return nil, err
	}
	parent, err := deviceOf(filepath.Dir(repository.Mount))
	if err != nil {
		return nil, err
	}
	if device == parent {
		return nil, fmt.Errorf("'%s' succeeded but nothing is mounted at %s", strings.Join(line, " "), repository.Mount)
	}
	mount.device = device
	return mount, nil
}

// check asks the file system and answers its revision. It may block for ever: see within.
func (m *Mount) check() (int64, error) {
	device, err := deviceOf(m.Mount)
	if err != nil {
		return 0, err
	}
	if device != m.device {
		return 0, fmt.Errorf("%s is no longer the file system that was mounted there", m.Mount)
	}
	text := make([]byte, 64)
	length, err := syscall.Getxattr(m.Mount, revisionAttribute, text)
	if err != nil {
		return 0, &fs.PathError{Op: "getxattr " + revisionAttribute, Path: m.Mount, Err: err}
	}
	revision, err := strconv.ParseInt(strings.TrimRight(string(text[:length]), "\x00\n"), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s of %s is no number: %w", revisionAttribute, m.Mount, err)
	}
	return revision, nil
}

// release takes the mount away by force: what waits for an answer of the file system is woken up, processes that were
// killed meanwhile end, and new visitors find an empty directory.
func release(path string) {
	for {
		if err := syscall.Unmount(path, syscall.MNT_FORCE|syscall.MNT_DETACH); err != nil {
			return
		}
	}
}

func deviceOf(path string) (uint64, error) {
	var stat syscall.Stat_t
	if err := syscall.Stat(path, &stat); err != nil {
		return 0, &fs.PathError{Op: "stat", Path: path, Err: err}
	}
	return uint64(stat.Dev), nil
}

// prewarm looks at every path below the roots once, so that the shared maps know them before clients ask. Of a whole
// repository, which may have millions of paths, it looks at the top directory alone.
func prewarm(ctx context.Context, roots []string, repositories []Repository) (int, error) {
	seen := 0
	for _, root := range roots {
		whole := slices.ContainsFunc(repositories, func(one Repository) bool { return one.Mount == root })
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				return err
			}
			seen++
			if _, err := entry.Info(); err != nil {
				return err
			}
			if whole && path != root && entry.IsDir() {
				return filepath.SkipDir
			}
			return nil
		})
		if err != nil {
			return seen, fmt.Errorf("pre-warming %s: %w", root, err)
		}
	}
	return seen, nil
}

func filled(command []string, repository Repository) []string {
	line := make([]string, len(command))
	for i, word := range command {
		line[i] = strings.NewReplacer("{name}", repository.Name, "{mount}", repository.Mount).Replace(word)
	}
	return line
}

// runQuietly runs a command and shows what it wrote only when it fails.
func runQuietly(ctx context.Context, line []string) error {
	command := exec.CommandContext(ctx, line[0], line[1:]...)
	// A file, not a pipe: what the command leaves in the background would keep a pipe open. In memory, as disks get full.
	output, err := memoryFile("output")
	if err != nil {
		return err
	}
	defer output.Close()
	command.Stdout, command.Stderr = output, output
	command.WaitDelay = time.Second
	if err := command.Run(); err != nil {
		text := make([]byte, 4096)
		length, _ := output.ReadAt(text, 0)
		return fmt.Errorf("'%s': %w: %s", strings.Join(line, " "), errors.Join(err, ctx.Err()), bytes.TrimSpace(text[:length]))
	}
	return nil
}
