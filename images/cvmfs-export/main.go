// beamline-cvmfs-export is what the container of the CVMFS export tier runs: it mounts the repositories, runs the NFS
// server, answers the probes, and kills the server as soon as it could answer something wrong.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"
)

const (
	defaultConfig = "/etc/beamline/export.json"
	usage         = `usage: beamline-cvmfs-export [run|drain|ready|check-config]

  run           mount, serve, watch; what the container runs. The default.
  drain         become unready, and return when the NFS server is stopped: the preStop hook.
  ready         say whether this replica is ready and why not, by the exit code as well.
  check-config  read the configuration and say what is wrong with it.

BEAMLINE_EXPORT_CONFIG names the configuration, ` + defaultConfig + ` when unset.`
)

func init() {
	// Children are tied to the thread that starts them: it must be the main one, which lasts.
	runtime.LockOSThread()
}

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	os.Exit(command(os.Args[1:]))
}

func command(arguments []string) int {
	verb := "run"
	if len(arguments) > 0 {
		verb = arguments[0]
	}
	if verb == "under-name" && len(arguments) > 2 {
		fmt.Fprintln(os.Stderr, becomeNamed(arguments[1], arguments[2:]))
		return exitFailed
	}
	if len(arguments) > 1 {
		fmt.Fprintln(os.Stderr, usage)
		return exitConfig
	}
	path := os.Getenv("BEAMLINE_EXPORT_CONFIG")
	if path == "" {
		path = defaultConfig
	}
	config, err := loadConfig(path)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitConfig
	}
	switch verb {
	case "run":
		code, err := runUnderReaper([]string{"supervise"})
		if err != nil {
			slog.Error("cannot start", "error", err)
			return exitFailed
		}
		if config.Server == "kernel" && code > 128 {
			// The supervisor was killed, and the kernel's server goes on answering, unwatched.
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			defer cancel()
			if err := stopThreads(ctx, config); err != nil {
				slog.Error("the server of the kernel may go on", "error", err)
			}
		}
		return code
	case "supervise":
		return supervise(config)
	case "drain":
		return askSelf(config, http.MethodPost, "/drain")
	case "ready":
		return askSelf(config, http.MethodGet, "/ready")
	case "check-config":
		return exitStopped
	default:
		fmt.Fprintln(os.Stderr, usage)
		return exitConfig
	}
}

// supervise runs until it is told to stop or something fails, and answers the exit code.
func supervise(config Config) int {
	// SIGHUP and the like change nothing: the configuration is read once, a new one is a new pod.
	signal.Ignore(syscall.SIGHUP, syscall.SIGPIPE, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGALRM)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGQUIT)
	state := newState(3*(config.checkInterval()+config.statTimeout()) + time.Second)
	supervisor, err := newSupervisor(config, state, newMetrics(state))
	if err != nil {
		slog.Error("cannot count calls", "error", err)
		return exitFailed
	}
	if err := serveHealth(ctx, config, supervisor); err != nil {
		slog.Error("cannot answer probes", "error", err)
		return exitFailed
	}
	ended := make(chan error, 1)
	draining, beginStop := context.WithCancel(context.Background())
	defer beginStop()
	go func() { ended <- supervisor.run(draining) }()
	for asked := 0; ; {
		select {
		case err := <-ended:
			return verdict(err)
		case received := <-signals:
			asked++
			slog.Info("signal", "name", received.String(), "times", asked)
			if asked > 1 || received == syscall.SIGQUIT {
				// Whoever asks twice, or so, does not want to wait for clients.
				supervisor.clear()
				return exitStopped
			}
			beginStop()
		}
	}
}

func verdict(err error) int {
	var failure Failure
	if errors.As(err, &failure) {
		slog.Error("stopped serving", "error", failure.err, "code", failure.code)
		return failure.code
	}
	slog.Info("stopped", "reason", err)
	return exitStopped
}
