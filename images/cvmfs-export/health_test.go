package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func answer(supervisor *Supervisor, method, path, from string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, path, nil)
	request.RemoteAddr = from
	recorder := httptest.NewRecorder()
	supervisor.routes().ServeHTTP(recorder, request)
	return recorder
}

func aSupervisor(fresh time.Duration) *Supervisor {
	state := newState(fresh)
	supervisor, err := newSupervisor(Config{Server: "kernel"}, state, newMetrics(state))
	if err != nil {
		panic(err)
	}
	return supervisor
}

func TestReadiness(t *testing.T) {
	supervisor := aSupervisor(time.Hour)
	const kubelet = "192.0.2.1:40000"
	if got := answer(supervisor, http.MethodGet, "/ready", kubelet); got.Code != 503 || !strings.Contains(got.Body.String(), `"starting"`) {
		t.Errorf("at first: %d %s", got.Code, got.Body)
	}
	supervisor.report(nil)
	if got := answer(supervisor, http.MethodGet, "/ready", kubelet); got.Code != 200 || got.Body.String() != "{\"ready\":true,\"reasons\":[]}\n" {
		t.Errorf("then: %d %s", got.Code, got.Body)
	}
	if got := answer(supervisor, http.MethodGet, "/metrics", kubelet); !strings.Contains(got.Body.String(), "beamline_cvmfs_ready 1\n") {
		t.Errorf("metrics: %s", got.Body)
	}
	supervisor.drain()
	supervisor.report(nil) // a look at the mounts that was under way
	if got := answer(supervisor, http.MethodGet, "/ready", kubelet); got.Code != 503 || !strings.Contains(got.Body.String(), "draining") {
		t.Errorf("draining: %d %s", got.Code, got.Body)
	}
	if got := answer(supervisor, http.MethodGet, "/live", kubelet); got.Code != 200 {
		t.Errorf("alive: %d", got.Code)
	}
}

func TestReadinessDoesNotLast(t *testing.T) {
	supervisor := aSupervisor(0)
	supervisor.report(nil)
	time.Sleep(time.Millisecond)
	if got := answer(supervisor, http.MethodGet, "/ready", "192.0.2.1:40000"); got.Code != 503 || !strings.Contains(got.Body.String(), "late") {
		t.Errorf("%d %s", got.Code, got.Body)
	}
}

func TestOnlyThePodItselfDrains(t *testing.T) {
	supervisor := aSupervisor(time.Hour)
	supervisor.report(nil)
	for _, from := range []string{"192.0.2.1:40000", "[2001:db8::1]:40000", "nonsense"} {
		if got := answer(supervisor, http.MethodPost, "/drain", from); got.Code != http.StatusForbidden {
			t.Errorf("%s: %d", from, got.Code)
		}
	}
	if reasons := supervisor.state.why(); len(reasons) > 0 {
		t.Errorf("a stranger made it %v", reasons)
	}
	close(supervisor.stopped)
	if got := answer(supervisor, http.MethodPost, "/drain", "127.0.0.1:40000"); got.Code != 200 {
		t.Errorf("from the pod: %d", got.Code)
	}
	if got := answer(supervisor, http.MethodGet, "/drain", "127.0.0.1:40000"); got.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", got.Code)
	}
}

func TestAServerThatOnlyAcceptsHangs(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	if err := callNull(listener.Addr().String(), 50*time.Millisecond); err == nil {
		t.Error("nobody answered, and it was taken for an answer")
	}
}

func TestWrongAnswersAreNoAnswers(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = connection.Write(make([]byte, 28))
			_ = connection.Close()
		}
	}()
	if err := callNull(listener.Addr().String(), time.Second); err == nil {
		t.Error("28 zeros were taken for an answer")
	}
}
