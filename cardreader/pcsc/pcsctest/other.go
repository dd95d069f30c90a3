//go:build !linux

package pcsctest

import (
	"context"
	"errors"
	"testing"
)

// Socket is where pcscd waits for programs.
const Socket = "/run/pcscd/pcscd.comm"

// errLinux is what every method of a [Daemon] answers where there are no namespaces.
var errLinux = errors.New("a pcscd of the test's own needs Linux")

// Daemon is a pcscd of the test's own, on Linux only.
type Daemon struct{}

// Run fails the test: there are no namespaces here.
func Run(t *testing.T, _ func(t *testing.T, d *Daemon)) { t.Helper(); t.Fatal(errLinux) }

// Benchmark fails the benchmark: there are no namespaces here.
func Benchmark(b *testing.B, _ func(b *testing.B, d *Daemon)) { b.Helper(); b.Fatal(errLinux) }

// Log is empty.
func (*Daemon) Log() string { return "" }

// Slots are none.
func (*Daemon) Slots() []Slot { return nil }

// Equip does nothing.
func (*Daemon) Equip(int) {}

// Start answers that this needs Linux; so do the others.
func (*Daemon) Start(context.Context) error { return errLinux }

// Restart answers as Start does.
func (*Daemon) Restart(context.Context) error { return errLinux }

// Kill answers as Start does.
func (*Daemon) Kill() error { return errLinux }

// Stop answers as Start does.
func (*Daemon) Stop() error { return errLinux }

// Freeze answers as Start does.
func (*Daemon) Freeze() error { return errLinux }

// Thaw answers as Start does.
func (*Daemon) Thaw() error { return errLinux }
