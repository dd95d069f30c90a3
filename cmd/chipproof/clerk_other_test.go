//go:build !linux

package main

func accountTools() map[string]func() { return nil }
