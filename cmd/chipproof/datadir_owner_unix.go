//go:build unix

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// owner is whom a folder belongs to. An administrator works as root on the
// folder of a service account, and that account must be able to go on.
type owner struct{ uid, gid int }

// ownerOf gives nobody when nothing has to be given away: this account is the
// owner, or may not give away what it makes.
func ownerOf(dir string) (*owner, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("look who owns the data folder: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || os.Geteuid() != 0 || stat.Uid == 0 {
		return nil, nil
	}
	return &owner{int(stat.Uid), int(stat.Gid)}, nil
}

// give hands over an open file.
func (o *owner) give(f *os.File) error {
	if o == nil {
		return nil
	}
	return f.Chown(o.uid, o.gid)
}

// giveFolder hands over a folder that was just made. A link that stands there by
// now is handed over itself, not what it leads to.
func (o *owner) giveFolder(path string) error {
	if o == nil {
		return nil
	}
	return os.Lchown(path, o.uid, o.gid)
}

// giveAll hands over everything below root, the folder itself last. It follows
// no link, and never leaves root: the new owner may be at work in there already.
func (o *owner) giveAll(root *os.Root) error {
	if o == nil {
		return nil
	}
	var names []string
	err := fs.WalkDir(root.FS(), ".", func(name string, _ fs.DirEntry, err error) error {
		names = append(names, name)
		return err
	})
	for i := len(names) - 1; i >= 0 && err == nil; i-- {
		err = root.Lchown(names[i], o.uid, o.gid)
	}
	if err != nil {
		return fmt.Errorf("give data to their owner: %w", err)
	}
	return nil
}

// giveNamed hands over files in a folder, those that are there.
func (o *owner) giveNamed(root *os.Root, names []string) error {
	if o == nil {
		return nil
	}
	for _, name := range names {
		if err := root.Lchown(name, o.uid, o.gid); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("give data to their owner: %w", err)
		}
	}
	return nil
}
