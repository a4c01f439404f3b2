package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const good = `{
  "repositories": [{"name": "sw.example.org", "fsid": 7, "exportId": 8, "mount": "/cvmfs/sw.example.org"}],
  "server": "ganesha", "nfsPort": 2049, "healthPort": 8080, "leaseSeconds": 10, "graceSeconds": 0,
  "serverScope": "cvmfs-nfs.cvmfs", "drainSeconds": 5, "checkIntervalSeconds": 1, "statTimeoutSeconds": 1,
  "revisionToleranceSeconds": 600, "prewarm": []
}`

func load(t *testing.T, text string) (Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.json")
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return loadConfig(path)
}

func TestConfigGood(t *testing.T) {
	config, err := load(t, good)
	if err != nil {
		t.Fatal(err)
	}
	if config.Repositories[0].FSID != 7 || config.SharedDirectory != "" || config.Programs.Ganesha[0] != "/usr/bin/ganesha.nfsd" {
		t.Errorf("got %+v", config)
	}
}

func TestConfigBad(t *testing.T) {
	second := `}, {"name": "b.example.org", "fsid": 9, "exportId": 10, "mount": "/cvmfs/b.example.org"}]`
	cases := []struct{ name, from, to, says string }{
		{"no repository", `[{"name": "sw.example.org", "fsid": 7, "exportId": 8, "mount": "/cvmfs/sw.example.org"}]`, `[]`, "'repositories' is empty"},
		{"fsid of the root", `"fsid": 7`, `"fsid": 0`, "fsid of 'sw.example.org' is 0"},
		{"fsid too large", `"fsid": 7`, `"fsid": 2147483648`, "it must be 1 to 2147483647"},
		{"same fsid", `"}]`, `"` + strings.Replace(second, `"fsid": 9`, `"fsid": 7`, 1), "have the same fsid 7"},
		{"same export", `"}]`, `"` + strings.Replace(second, `"exportId": 10`, `"exportId": 8`, 1), "have the same exportId 8"},
		{"same mount", `"}]`, `"` + strings.Replace(second, `/cvmfs/b.example.org`, `/cvmfs/sw.example.org`, 1), "two repositories have the mount"},
		{"same name", `"}]`, `"` + strings.Replace(second, `"b.example.org"`, `"sw.example.org"`, 1), "has the name 'sw.example.org' twice"},
		{"relative mount", `"/cvmfs/sw.example.org"`, `"cvmfs"`, "must be an absolute, clean path"},
		{"climbing mount", `"/cvmfs/sw.example.org"`, `"/cvmfs/../etc"`, "must be an absolute, clean path"},
		{"unknown server", `"ganesha"`, `"samba"`, "'server' is 'samba'"},
		{"same port twice", `8080`, `2049`, "are both 2049"},
		{"no port", `2049`, `0`, "'nfsPort' is 0"},
		{"no interval", `"checkIntervalSeconds": 1`, `"checkIntervalSeconds": 0`, "'checkIntervalSeconds' is 0"},
		{"negative drain", `"drainSeconds": 5`, `"drainSeconds": -1`, "neither may be below 0"},
		{"unknown field", `"prewarm"`, `"prewarn"`, `unknown field "prewarn"`},
		{"two values", `"prewarm": []
}`, `"prewarm": []}{}`, "more than one JSON value"},
		{"not JSON", `{
  "repositories"`, `repositories`, "invalid character"},
	}
	for _, one := range cases {
		t.Run(one.name, func(t *testing.T) {
			text := strings.Replace(good, one.from, one.to, 1)
			if text == good {
				t.Fatal("the case changes nothing")
			}
			if _, err := load(t, text); err == nil || !strings.Contains(err.Error(), one.says) {
				t.Errorf("got %v, want it to say %q", err, one.says)
			}
		})
	}
}
