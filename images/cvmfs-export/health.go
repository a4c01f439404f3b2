package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Readiness is the answer of /ready.
type Readiness struct {
	Ready   bool     `json:"ready"`
	Reasons []string `json:"reasons"`
}

// serveHealth answers the kubelet, Prometheus and the preStop hook until the context ends.
func serveHealth(ctx context.Context, config Config, supervisor *Supervisor) error {
	listener, err := net.Listen("tcp", net.JoinHostPort(config.Address, strconv.Itoa(config.HealthPort)))
	if err != nil {
		return err
	}
	server := &http.Server{Handler: supervisor.routes(), ReadHeaderTimeout: 5 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	go func() { _ = server.Serve(listener) }()
	return nil
}

func (s *Supervisor) routes() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("GET /ready", func(writer http.ResponseWriter, _ *http.Request) {
		reasons := s.state.why()
		writer.Header().Set("Content-Type", "application/json")
		if len(reasons) > 0 {
			writer.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(writer).Encode(Readiness{len(reasons) == 0, append([]string{}, reasons...)})
	})
	// This program ends when it cannot do its work, so answering is being alive.
	routes.HandleFunc("GET /live", func(writer http.ResponseWriter, _ *http.Request) { fmt.Fprintln(writer, "alive") })
	routes.Handle("GET /metrics", promhttp.HandlerFor(s.metrics.registry, promhttp.HandlerOpts{}))
	routes.HandleFunc("POST /drain", s.handleDrain)
	return routes
}

// handleDrain answers when the server is stopped. Only from this pod: nobody else may take a replica away.
func (s *Supervisor) handleDrain(writer http.ResponseWriter, request *http.Request) {
	host, _, err := net.SplitHostPort(request.RemoteAddr)
	if address := net.ParseIP(host); err != nil || address == nil || !address.IsLoopback() {
		http.Error(writer, "draining is asked for from inside the pod", http.StatusForbidden)
		return
	}
	s.drain()
	select {
	case <-s.stopped:
		fmt.Fprintln(writer, "drained")
	case <-request.Context().Done():
	}
}

// askSelf calls the supervisor that runs in this pod. It answers the exit code: `drain` and `ready` are for probes and
// hooks that run commands.
func askSelf(config Config, method, path string) int {
	host := config.Address
	if host == "" {
		host = "127.0.0.1"
	}
	address := "http://" + net.JoinHostPort(host, strconv.Itoa(config.HealthPort)) + path
	limit := 5*time.Second + seconds(config.DrainSeconds)
	request, err := http.NewRequest(method, address, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitFailed
	}
	response, err := (&http.Client{Timeout: limit}).Do(request)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitFailed
	}
	defer response.Body.Close()
	_, _ = io.Copy(os.Stdout, response.Body)
	if response.StatusCode != http.StatusOK {
		return exitFailed
	}
	return exitStopped
}
