package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
)

// mapsAccount is CVMFS_USER: the client gives up root before it opens the maps.
const mapsAccount = "cvmfs"

// giveMaps makes the directory in which the client keeps the maps of a repository, and gives it to the account: the root
// of a volume may belong to root alone. One that is there already is left as it is.
func giveMaps(shared, repository, account string) error {
	if shared == "" {
		return nil
	}
	owner, err := user.Lookup(account)
	if err != nil {
		return nil // the client says what it needs
	}
	directory := filepath.Join(shared, "nfs_maps."+repository)
	if err := os.Mkdir(directory, 0o700); errors.Is(err, fs.ErrExist) {
		return nil
	} else if err != nil {
		return fmt.Errorf("the maps of %s: %w", repository, err)
	}
	uid, uidErr := strconv.Atoi(owner.Uid)
	gid, gidErr := strconv.Atoi(owner.Gid)
	if err := errors.Join(uidErr, gidErr, os.Chown(directory, uid, gid)); err != nil {
		// Left behind, it would be in the way of whoever may do it.
		_ = os.Remove(directory)
		return fmt.Errorf("the maps of %s must belong to '%s', under which CVMFS runs: %w", repository, account, err)
	}
	return nil
}
