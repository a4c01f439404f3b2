package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// Config is what Beamline renders to /etc/beamline/export.json (constructs/cvmfs/export-config.ts).
type Config struct {
	Repositories []Repository `json:"repositories"`
	// Server is "ganesha" or "kernel".
	Server     string `json:"server"`
	NFSPort    int    `json:"nfsPort"`
	HealthPort int    `json:"healthPort"`
	// LeaseSeconds and GraceSeconds are for the kernel's server; Ganesha has them in its own file.
	LeaseSeconds int `json:"leaseSeconds"`
	GraceSeconds int `json:"graceSeconds"`
	// SharedDirectory is CVMFS_NFS_SHARED, empty for a single replica. Replicas tell each other their revisions there.
	SharedDirectory string `json:"sharedDirectory"`
	// ServerScope is the name that all replicas have in common.
	ServerScope          string  `json:"serverScope"`
	DrainSeconds         float64 `json:"drainSeconds"`
	CheckIntervalSeconds float64 `json:"checkIntervalSeconds"`
	StatTimeoutSeconds   float64 `json:"statTimeoutSeconds"`
	// RevisionToleranceSeconds is how long a replica may lag behind the newest revision that a peer serves.
	RevisionToleranceSeconds float64 `json:"revisionToleranceSeconds"`
	// Prewarm are paths walked once before the replica is ready.
	Prewarm []string `json:"prewarm"`
	// Programs are where the image has them; a trial outside the image says where else.
	Programs Programs `json:"programs"`
	// Address to listen on for health, and to ask the NFS server at. Every address and loopback when empty.
	Address string `json:"address"`
}

// Repository is one CVMFS repository and what it is called in NFS handles.
type Repository struct {
	Name     string `json:"name"`
	FSID     uint32 `json:"fsid"`
	ExportID int    `json:"exportId"`
	Mount    string `json:"mount"`
}

// Programs are command lines; {name} and {mount} stand for those of a repository.
type Programs struct {
	Mount   []string `json:"mount"`
	Refresh []string `json:"refresh"`
	Ganesha []string `json:"ganesha"`
	// Guard is the library that is preloaded into Ganesha: see preload/guard.c.
	Guard string `json:"guard"`
	// Kernel is the directory of exportfs, rpc.nfsd, rpc.mountd and nfsdcld.
	Kernel string `json:"kernel"`
}

func defaultPrograms() Programs {
	return Programs{
		Mount:   []string{"/usr/bin/mount", "-t", "cvmfs", "{name}", "{mount}"},
		Refresh: []string{"/usr/bin/cvmfs_talk", "-i", "{name}", "remount"},
		Ganesha: []string{"/usr/bin/ganesha.nfsd", "-F", "-L", "STDERR", "-f", "/etc/ganesha/ganesha.conf", "-p", "/run/ganesha.pid"},
		Guard:   "/usr/lib/beamline/guard.so",
		Kernel:  "/usr/sbin",
	}
}

func (c Config) checkInterval() time.Duration { return seconds(c.CheckIntervalSeconds) }
func (c Config) statTimeout() time.Duration   { return seconds(c.StatTimeoutSeconds) }

func seconds(value float64) time.Duration { return time.Duration(value * float64(time.Second)) }

// loadConfig reads the file and names everything that is wrong with it at once.
func loadConfig(path string) (Config, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Config{}, err
	}
	config := Config{Programs: defaultPrograms()}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&config); err != nil {
		return Config{}, fmt.Errorf("%s: %w", path, err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Config{}, fmt.Errorf("%s: there is more than one JSON value", path)
	}
	if problems := config.problems(); len(problems) > 0 {
		return Config{}, fmt.Errorf("%s: %w", path, errors.Join(problems...))
	}
	return config, nil
}

func (c Config) problems() []error {
	var problems []error
	refuse := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if len(c.Repositories) == 0 {
		refuse("'repositories' is empty; name at least one")
	}
	names, fsids, mounts := map[string]bool{}, map[uint32]string{}, map[string]bool{}
	exportIDs := map[int]string{}
	for _, repository := range c.Repositories {
		if repository.Name == "" || names[repository.Name] {
			refuse("'repositories' has the name '%s' twice, or empty", repository.Name)
		}
		if repository.FSID < 1 || repository.FSID > 1<<31-1 {
			refuse("fsid of '%s' is %d; it must be 1 to %d", repository.Name, repository.FSID, 1<<31-1)
		}
		if other, taken := fsids[repository.FSID]; taken {
			refuse("'%s' and '%s' have the same fsid %d", other, repository.Name, repository.FSID)
		}
		if repository.ExportID < 1 || repository.ExportID > 1<<16-1 {
			refuse("exportId of '%s' is %d; it must be 1 to %d", repository.Name, repository.ExportID, 1<<16-1)
		}
		if other, taken := exportIDs[repository.ExportID]; taken {
			refuse("'%s' and '%s' have the same exportId %d", other, repository.Name, repository.ExportID)
		}
		if !filepath.IsAbs(repository.Mount) || filepath.Clean(repository.Mount) != repository.Mount || repository.Mount == "/" {
			refuse("mount of '%s' is '%s'; it must be an absolute, clean path below the root", repository.Name, repository.Mount)
		} else if mounts[repository.Mount] {
			refuse("two repositories have the mount '%s'", repository.Mount)
		}
		names[repository.Name], mounts[repository.Mount] = true, true
		fsids[repository.FSID], exportIDs[repository.ExportID] = repository.Name, repository.Name
	}
	if c.Server != "ganesha" && c.Server != "kernel" {
		refuse("'server' is '%s'; it must be 'ganesha' or 'kernel'", c.Server)
	}
	for name, port := range map[string]int{"nfsPort": c.NFSPort, "healthPort": c.HealthPort} {
		if port < 1 || port > 65535 {
			refuse("'%s' is %d; it must be 1 to 65535", name, port)
		}
	}
	if c.NFSPort == c.HealthPort {
		refuse("'nfsPort' and 'healthPort' are both %d", c.NFSPort)
	}
	for name, value := range map[string]float64{"checkIntervalSeconds": c.CheckIntervalSeconds, "statTimeoutSeconds": c.StatTimeoutSeconds} {
		if value <= 0 {
			refuse("'%s' is %g; it must be more than 0", name, value)
		}
	}
	if c.DrainSeconds < 0 || c.RevisionToleranceSeconds < 0 {
		refuse("'drainSeconds' is %g and 'revisionToleranceSeconds' %g; neither may be below 0", c.DrainSeconds, c.RevisionToleranceSeconds)
	}
	return problems
}
