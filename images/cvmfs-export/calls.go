package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// callsPath is where the kernel counts for this network namespace. See fs/nfsd/stats.c.
const callsPath = "/proc/net/rpc/nfsd"

// sharedCount is a number that the library in Ganesha raises and this process reads: see preload/guard.c.
type sharedCount struct {
	file  *os.File
	value *uint64
}

func newSharedCount() (*sharedCount, error) {
	// In memory alone: writing to a page of a disk that is full would end the server.
	file, err := memoryFile("nfs-calls")
	if err != nil {
		return nil, err
	}
	const size = 8
	if err := file.Truncate(size); err != nil {
		return nil, err
	}
	memory, err := syscall.Mmap(int(file.Fd()), 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	return &sharedCount{file: file, value: (*uint64)(unsafe.Pointer(&memory[0]))}, nil
}

// memoryFile is a file that no directory has, and no disk.
func memoryFile(name string) (*os.File, error) {
	number, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	return os.NewFile(uintptr(number), name), nil
}

func (c *sharedCount) now() float64 { return float64(atomic.LoadUint64(c.value)) }

// kernelCalls answers how many calls the kernel's server was sent: the first number of the line `rpc`.
func kernelCalls(text string) (float64, error) {
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "rpc" {
			return strconv.ParseFloat(fields[1], 64)
		}
	}
	return 0, fmt.Errorf("%s has no line 'rpc <calls>'", callsPath)
}
