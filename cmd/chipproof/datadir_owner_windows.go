package main

import "os"

// owner is nobody on Windows: what is made in a folder has that folder's access
// list.
type owner struct{}

func ownerOf(string) (*owner, error) { return nil, nil }

func (o *owner) give(*os.File) error { return nil }

func (o *owner) giveFolder(string) error { return nil }

func (o *owner) giveAll(*os.Root) error { return nil }

func (o *owner) giveNamed(*os.Root, []string) error { return nil }
