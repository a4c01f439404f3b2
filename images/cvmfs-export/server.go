package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// startTimeout is how long a server may take until it answers.
const startTimeout = 60 * time.Second

// Server is an NFS server that can be started once and killed.
type Server interface {
	// prepare ends what a predecessor left, before anything is mounted anew.
	prepare(ctx context.Context) error
	// start returns when the server has been asked to run; it may not answer yet.
	start(ctx context.Context) error
	// served is how many calls it has had.
	served() float64
	// ended is closed when the server has ended for whatever reason.
	ended() <-chan struct{}
	// kill ends it at once, in the middle of whatever it does: a client whose connection breaks asks another replica
	// again, one that gets an answer believes it. It returns without waiting for processes that hang.
	kill()
}

func newServer(config Config) (Server, error) {
	if config.Server == "kernel" {
		return &kernelServer{config: config, done: make(chan struct{})}, nil
	}
	calls, err := newSharedCount()
	return &ganesha{config: config, calls: calls, done: make(chan struct{})}, err
}

// awaitAnswer waits until the server answers.
func awaitAnswer(ctx context.Context, server Server, address string) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		err := callNull(address, time.Second)
		if err == nil {
			return nil
		}
		select {
		case <-server.ended():
			return errors.New("the NFS server ended while it started")
		case <-ctx.Done():
			return fmt.Errorf("the NFS server does not answer: %w", errors.Join(ctx.Err(), err))
		case <-tick.C:
		}
	}
}

func (c Config) nfsAddress() string {
	host := c.Address
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, strconv.Itoa(c.NFSPort))
}

// callNull calls the procedure of NFS version 4 that does nothing (RFC 7530, 16.1): a server that is stopped, or whose
// threads all hang, accepts connections and does not answer it.
func callNull(address string, limit time.Duration) error {
	connection, err := net.DialTimeout("tcp", address, limit)
	if err != nil {
		return err
	}
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(limit)); err != nil {
		return err
	}
	const transaction, call, rpcVersion, program, version, null = 0x62656d6c, 0, 2, 100003, 4, 0
	const lastFragment, callLength = 1 << 31, 40
	var request []byte
	// Two empty authenticators, credentials and verifier, end it.
	for _, word := range []uint32{lastFragment | callLength, transaction, call, rpcVersion, program, version, null, 0, 0, 0, 0} {
		request = binary.BigEndian.AppendUint32(request, word)
	}
	if _, err := connection.Write(request); err != nil {
		return err
	}
	reply := make([]byte, 28) // record mark, transaction, reply, accepted, verifier (2), success
	if _, err := io.ReadFull(connection, reply); err != nil {
		return fmt.Errorf("no answer to a call that does nothing: %w", err)
	}
	word := func(i int) uint32 { return binary.BigEndian.Uint32(reply[4*i:]) }
	if word(1) != transaction || word(2) != 1 || word(3) != 0 || word(6) != 0 {
		return fmt.Errorf("the answer to a call that does nothing is % x", reply)
	}
	return nil
}
