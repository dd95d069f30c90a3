package pcsctest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Socket is where pcscd waits for programs.
const Socket = "/run/pcscd/pcscd.comm"

// place is for what a daemon is started with, on the namespace's own /run.
const place = "/run/pcsctest"

// Daemon is a pcscd of the test's own. Its methods are for one goroutine at a time.
type Daemon struct {
	installation installation
	pairs        int
	log          log
	running      *exec.Cmd
	exited       chan struct{} // closed when running has ended
}

// log collects what daemons wrote, one after the other.
type log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// Log is what pcscd wrote so far: its errors, never what cards say.
func (d *Daemon) Log() string {
	d.log.mu.Lock()
	defer d.log.mu.Unlock()
	return d.log.buf.String()
}

// Slots are the places for cards, two for every virtual reader.
func (d *Daemon) Slots() []Slot { return slotsOf(d.pairs) }

// Equip says how many double readers the next Start shall have, 0 to 8; one if
// it is never called.
func (d *Daemon) Equip(pairs int) { d.pairs = pairs }

// Start starts pcscd and returns when it serves programs and has its readers.
// Starting a daemon that runs is an error.
func (d *Daemon) Start(ctx context.Context) error {
	if d.running != nil {
		return errors.New("start pcscd: it runs already")
	}
	config, err := d.configure()
	if err != nil {
		return fmt.Errorf("configure pcscd: %w", err)
	}
	cmd := exec.Command(d.installation.pcscd, append(d.installation.flags, "--config", config)...)
	cmd.Stdout, cmd.Stderr = &d.log, &d.log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start pcscd: %w", err)
	}
	d.running, d.exited = cmd, make(chan struct{})
	go func(exited chan struct{}) {
		_ = cmd.Wait() // how it ended shows in cmd.ProcessState
		close(exited)
	}(d.exited)
	if err := d.ready(ctx); err != nil {
		return errors.Join(err, d.Kill())
	}
	return nil
}

// ready returns when pcscd answers on its socket, which it opens after its
// readers have been set up.
func (d *Daemon) ready(ctx context.Context) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		if conn, err := net.Dial("unix", Socket); err == nil {
			return conn.Close()
		}
		select {
		case <-tick.C:
		case <-d.exited:
			return fmt.Errorf("start pcscd: it ended at once (%v)\n%s", d.running.ProcessState, d.Log())
		case <-ctx.Done():
			return fmt.Errorf("wait for pcscd: %w\n%s", ctx.Err(), d.Log())
		}
	}
}

// configure writes pcscd's list of readers. The driver keeps its slots in
// variables of the library, so every double reader gets a copy of that file.
func (d *Daemon) configure() (string, error) {
	dir := filepath.Join(place, "reader.conf.d")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	driver, err := os.ReadFile(d.installation.driver)
	if err != nil {
		return "", err
	}
	var config strings.Builder
	for i := range d.pairs {
		library := filepath.Join(place, fmt.Sprintf("vpcd-%d.so", i))
		if err := os.WriteFile(library, driver, 0o755); err != nil {
			return "", err
		}
		port := firstPort + 2*i
		fmt.Fprintf(&config, "FRIENDLYNAME %q\nDEVICENAME /dev/null:0x%X\nLIBPATH %s\nCHANNELID 0x%X\n\n",
			friendlyName(i), port, library, port)
	}
	return dir, os.WriteFile(filepath.Join(dir, "vpcd"), []byte(config.String()), 0o644)
}

// Kill ends pcscd as a crash would and returns when it is gone. Killing one that
// does not run is no error.
func (d *Daemon) Kill() error { return d.end(syscall.SIGKILL) }

// Stop ends pcscd in an orderly way and returns when it is gone.
func (d *Daemon) Stop() error { return d.end(syscall.SIGTERM) }

func (d *Daemon) end(how syscall.Signal) error {
	if d.running == nil {
		return nil
	}
	if err := d.signal(how); err != nil {
		return err
	}
	<-d.exited
	d.running = nil
	return nil
}

// Freeze stops pcscd in its tracks: its socket is there and nobody answers.
func (d *Daemon) Freeze() error { return d.signal(syscall.SIGSTOP) }

// Thaw lets a frozen pcscd go on.
func (d *Daemon) Thaw() error { return d.signal(syscall.SIGCONT) }

func (d *Daemon) signal(s syscall.Signal) error {
	if d.running == nil {
		return fmt.Errorf("send %v to pcscd: it does not run", s)
	}
	if err := d.running.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("send %v to pcscd: %w", s, err)
	}
	return nil
}

// Restart kills pcscd and starts it again.
func (d *Daemon) Restart(ctx context.Context) error {
	return errors.Join(d.Kill(), d.Start(ctx))
}
