//go:build linux

package main

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// ownMounts says that this process may mount what nobody else will see.
const ownMounts = "CHIPPROOF_TEST_OWN_MOUNTS"

// TestScriptsWithADiskOfTheirOwn runs each script of testdata/disk where it may
// mount disks. Commands besides those of [scripts]:
//
//	disk mount DIR KIB        an empty disk of that size
//	disk fill DIR             nothing fits on it any more
//	disk empty DIR            what filled it is gone
//	disk freeze DIR           it can't be written any more
//	disk thaw DIR             it can
func TestScriptsWithADiskOfTheirOwn(t *testing.T) {
	if os.Getenv(ownMounts) == "" {
		through := []string{"unshare", "--mount", "--kill-child", "--fork"}
		if os.Geteuid() != 0 {
			// Not as that namespace's root: the machine's own folders would
			// belong to nobody there.
			through = append(through, "--map-current-user", "--keep-caps")
		}
		again(t, ownMounts, through...)
		return
	}
	params := scripts("testdata/disk")
	params.Cmds["disk"] = diskCmd
	testscript.Run(t, params)
}

// filler is the file that fills a disk.
const filler = "filler"

func diskCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: disk mount DIR KIB, disk fill|empty|freeze|thaw DIR")
	}
	dir := ts.MkAbs(args[1])
	switch {
	case args[0] == "mount" && len(args) == 3:
		ts.Check(os.MkdirAll(dir, 0o700))
		ts.Check(unix.Mount("none", dir, "tmpfs", 0, "mode=0700,size="+args[2]+"k"))
	case args[0] == "fill":
		ts.Check(fill(filepath.Join(dir, filler)))
	case args[0] == "empty":
		ts.Check(os.Remove(filepath.Join(dir, filler)))
	case args[0] == "freeze":
		ts.Check(unix.Mount("none", dir, "", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	case args[0] == "thaw":
		ts.Check(unix.Mount("none", dir, "", unix.MS_REMOUNT, ""))
	default:
		ts.Fatalf("disk %s: no such thing", args[0])
	}
}

// fill writes until the disk is full.
func fill(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	block := make([]byte, 4096)
	for err == nil {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		return errors.Join(err, f.Close())
	}
	return f.Close()
}
