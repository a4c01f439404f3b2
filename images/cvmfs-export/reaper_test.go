package main

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
)

func TestExitCodeIsWhatAShellWouldSay(t *testing.T) {
	for line, want := range map[string]int{"exit 3": 3, "exit 0": 0, "kill -TERM $$": 143} {
		process, err := os.StartProcess("/bin/sh", []string{"sh", "-c", line}, &os.ProcAttr{})
		if err != nil {
			t.Fatal(err)
		}
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(process.Pid, &status, 0, nil); err != nil {
			t.Fatal(err)
		}
		if got := exitCode(status); got != want {
			t.Errorf("%s: got %d, want %d", line, got, want)
		}
	}
}

func TestATiedCommandEndsWithItsParent(t *testing.T) {
	if attributes := tied(exec.Command("/bin/true")).SysProcAttr; attributes.Pdeathsig != syscall.SIGKILL {
		t.Errorf("got %+v", attributes)
	}
}
