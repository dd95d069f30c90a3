package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// giveCheckpoints leaves the files of the second place to whom that folder
// belongs. A command of root's sends a checkpoint too, and the agent's account
// must be able to go on from it.
func giveCheckpoints(dir string) (err error) {
	if dir == "" {
		return nil
	}
	owner, err := ownerOf(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && owner == nil {
		return nil // told already, or nothing to give away
	}
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("give checkpoints to their owner: %w", err)
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	names, err := fs.Glob(root.FS(), "*"+checkpointSuffix)
	if err != nil {
		return fmt.Errorf("give checkpoints to their owner: %w", err)
	}
	return owner.giveNamed(root, names)
}

// checkpointSuffix is how package store names them.
const checkpointSuffix = ".checkpoint"
