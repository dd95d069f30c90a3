//go:build unix

package store

import (
	"os"
	"path/filepath"
	"syscall"
)

// giveToOwner leaves a file that root writes to whom its folder belongs, so that
// the agent's own account can go on from it.
func giveToOwner(f *os.File) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(filepath.Dir(f.Name()))
	if err != nil {
		return err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Uid != 0 {
		return f.Chown(int(stat.Uid), int(stat.Gid))
	}
	return nil
}
