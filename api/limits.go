package api

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Limits bound what a client can make a server do. A zero takes its default,
// which is also the most that agent-security §3 allows, except for Rate.
type Limits struct {
	// Header and Read are how long a client may take for its headers, and for
	// the whole request. 5 s.
	Header, Read time.Duration
	// Write is how long it may take from the headers of a request until the answer
	// has left; Event is that for one event of a stream. 60 s, 5 s.
	Write, Event time.Duration
	// Idle is how long a connection may stay open without a request. 30 s.
	Idle time.Duration
	// Stop is how long requests may go on when the server is stopped. 5 s.
	Stop time.Duration
	// Heartbeat is the pause between two signs of life of a stream; Recheck the
	// pause between two looks at whether it may go on. 15 s, 1 s.
	Heartbeat, Recheck time.Duration
	// HeaderBytes and Body are sizes in bytes. 16 KiB, 64 KiB.
	HeaderBytes int
	Body        int64
	// Connections and Streams are how many may be open at once. 256, 32.
	Connections, Streams int
	// Rate is how many requests a minute one origin may make in one person's name.
	// 240; never below 120.
	Rate int
	// Logins is how many passwords and grants a minute may be tried at this
	// machine, besides what accounts allow. 120; never below 60.
	Logins int
}

// withDefaults fills in what is not set and refuses what is beyond the bounds.
func (l Limits) withDefaults() (Limits, error) {
	set(&l.Header, 5*time.Second)
	set(&l.Read, 5*time.Second)
	set(&l.Write, 60*time.Second)
	set(&l.Event, 5*time.Second)
	set(&l.Idle, 30*time.Second)
	set(&l.Stop, 5*time.Second)
	set(&l.Heartbeat, 15*time.Second)
	set(&l.Recheck, time.Second)
	set(&l.HeaderBytes, 16<<10)
	set(&l.Body, 64<<10)
	set(&l.Connections, 256)
	set(&l.Streams, 32)
	set(&l.Rate, 2*minRate)
	set(&l.Logins, 2*minLogins)
	if l.Header > 5*time.Second || l.Read > 5*time.Second || l.HeaderBytes > 16<<10 || l.Body > 64<<10 || l.Rate < minRate || l.Logins < minLogins {
		return Limits{}, fmt.Errorf("set limits: beyond what agent-security §3 and §4 allow: %+v", l)
	}
	return l, nil
}

func set[T int | int64 | time.Duration](v *T, def T) {
	if *v <= 0 {
		*v = def
	}
}

// cappedListener takes no connection while as many are open as slots has room
// for; the next one waits in the system's queue. Several listeners share slots.
type cappedListener struct {
	net.Listener
	slots  chan struct{}
	closed chan struct{}
	once   sync.Once
}

func newCappedListener(l net.Listener, slots chan struct{}) *cappedListener {
	return &cappedListener{Listener: l, slots: slots, closed: make(chan struct{})}
}

// Accept waits for a free slot and a connection. One whose own end is not
// loopback is closed unread: the bind rules that out, and this is the second lock.
func (c *cappedListener) Accept() (net.Conn, error) {
	for {
		select {
		case c.slots <- struct{}{}:
		case <-c.closed:
			return nil, fmt.Errorf("accept connection: %w", net.ErrClosed)
		}
		conn, err := c.Listener.Accept()
		if err != nil {
			<-c.slots
			return nil, err
		}
		slotted := &cappedConn{Conn: conn, free: func() { <-c.slots }}
		if loopback(conn.LocalAddr()) && loopback(conn.RemoteAddr()) {
			return slotted, nil
		}
		_ = slotted.Close()
	}
}

// Close stops accepting, also while it waits for a slot.
func (c *cappedListener) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Listener.Close()
}

// cappedConn frees its slot when it is closed, and counts what it sends.
type cappedConn struct {
	net.Conn
	once sync.Once
	free func()
	sent atomic.Int64
}

func (c *cappedConn) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.sent.Add(int64(n))
	return n, err
}

func (c *cappedConn) Close() error {
	err := c.Conn.Close()
	c.once.Do(c.free)
	return err
}
