package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// Metrics is what Prometheus reads.
type Metrics struct {
	registry  *prometheus.Registry
	healthy   *prometheus.GaugeVec
	revision  *prometheus.GaugeVec
	behind    *prometheus.GaugeVec
	check     *prometheus.HistogramVec
	prewarmed prometheus.Gauge
}

func newMetrics(state *State) *Metrics {
	gauge := func(name, help string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "beamline_cvmfs_" + name, Help: help}, []string{"repository"})
	}
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		healthy:  gauge("mount_healthy", "Whether the mount answered the last check."),
		revision: gauge("revision", "Revision of the repository that is served."),
		behind:   gauge("revision_behind", "How many revisions a peer was ahead when last seen ahead."),
		check: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "beamline_cvmfs_check_seconds", Help: "Time in which the mount answered a check.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 4, 9),
		}, []string{"repository"}),
		prewarmed: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "beamline_cvmfs_prewarmed_paths", Help: "Paths walked before the server was started.",
		}),
	}
	ready := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "beamline_cvmfs_ready", Help: "Whether this replica is ready.",
	}, func() float64 {
		if len(state.why()) == 0 {
			return 1
		}
		return 0
	})
	m.registry.MustRegister(m.healthy, m.revision, m.behind, m.check, m.prewarmed, ready,
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// count has the calls of the NFS server collected from where it counts them. The two that the supervisor makes at every
// look at the mounts are among them.
func (m *Metrics) count(calls func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "beamline_cvmfs_nfs_calls_total", Help: "NFS calls since the server was started.",
	}, calls))
}

func (m *Metrics) looked(repository string, revision int64, took time.Duration, err error) {
	m.check.WithLabelValues(repository).Observe(took.Seconds())
	if err != nil {
		m.healthy.WithLabelValues(repository).Set(0)
		return
	}
	m.healthy.WithLabelValues(repository).Set(1)
	m.revision.WithLabelValues(repository).Set(float64(revision))
	m.behind.WithLabelValues(repository).Set(0)
}

func (m *Metrics) lagged(lag Lag) {
	m.behind.WithLabelValues(lag.Repository).Set(float64(lag.Newest - lag.Ours))
}
