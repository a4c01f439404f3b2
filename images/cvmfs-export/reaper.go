package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

const prSetChildSubreaper = 36 // linux/prctl.h

// runUnderReaper starts this program again as a child and does nothing but what the first process of a container must:
// hand signals on and reap what is left behind. The CVMFS client goes to the background, so its processes end up here.
// It answers the child's exit code.
func runUnderReaper(arguments []string) (int, error) {
	// The kernel does it by itself for process 1; this makes it hold elsewhere too.
	if _, _, problem := syscall.RawSyscall(syscall.SYS_PRCTL, prSetChildSubreaper, 1, 0); problem != 0 {
		return 0, fmt.Errorf("prctl(PR_SET_CHILD_SUBREAPER): %w", problem)
	}
	// Before the child is there, so that none gets lost.
	signals := make(chan os.Signal, 64)
	signal.Notify(signals)
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	child, err := os.StartProcess(self, append([]string{self}, arguments...), &os.ProcAttr{
		Files: []*os.File{os.Stdin, os.Stdout, os.Stderr},
		// Should this process be killed, the server must not go on unwatched.
		Sys: &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL},
	})
	if err != nil {
		return 0, err
	}
	for received := range signals {
		switch received {
		case syscall.SIGCHLD:
			if code, ended := reap(child.Pid); ended {
				return code, nil
			}
		case syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT:
			_ = child.Signal(received)
		default:
			// Nothing else asks for anything, and none of it may stop or end what serves files.
		}
	}
	return 0, errors.New("no more signals")
}

// reap takes every child that has ended off the process table and tells whether the one was among them.
func reap(child int) (code int, ended bool) {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil || pid <= 0 {
			return code, ended
		}
		if pid == child {
			code, ended = exitCode(status), true
		}
	}
}

// exitCode is what a shell would say.
func exitCode(status syscall.WaitStatus) int {
	if status.Signaled() {
		return 128 + int(status.Signal())
	}
	return status.ExitStatus()
}

// tied makes a command die with this process: no server may outlive its supervisor.
func tied(command *exec.Cmd) *exec.Cmd {
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	return command
}

// underName is the command line that runs a command under a host name of its own: see becomeNamed.
func underName(name string, line []string) []string {
	return append([]string{"/proc/self/exe", "under-name", name}, line...)
}

// becomeNamed gives this process a host name that nobody else sees, and becomes the command.
func becomeNamed(name string, line []string) error {
	if err := syscall.Unshare(syscall.CLONE_NEWUTS); err != nil {
		return fmt.Errorf("unshare: %w", err)
	}
	if err := syscall.Sethostname([]byte(name)); err != nil {
		return fmt.Errorf("sethostname: %w", err)
	}
	return syscall.Exec(line[0], line, os.Environ())
}
