package main

import (
	"fmt"
	"sync"
	"time"
)

// Probe asks a question that may never be answered, such as stat of a file system whose program hangs. At most one
// question is under way; while it is, asking again says how long it has been.
type Probe[T any] struct {
	what  string
	ask   func() (T, error)
	mutex sync.Mutex
	since time.Time // zero when nothing is under way
	done  chan struct{}
	value T
	err   error
}

// within answers what the question was answered with, or an error once the limit is over.
func (p *Probe[T]) within(limit time.Duration) (T, error) {
	p.mutex.Lock()
	if p.since.IsZero() {
		p.since, p.done = time.Now(), make(chan struct{})
		go p.run(p.done)
	}
	since, done := p.since, p.done
	p.mutex.Unlock()
	timer := time.NewTimer(limit - time.Since(since))
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
		var none T
		return none, fmt.Errorf("%s has not answered for %.1f s", p.what, time.Since(since).Seconds())
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	return p.value, p.err
}

func (p *Probe[T]) run(done chan struct{}) {
	value, err := p.ask()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.value, p.err, p.since = value, err, time.Time{}
	close(done)
}
