package api

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
)

// DefaultListen is where a counter listens unless told otherwise.
const DefaultListen = "localhost:8731"

// Listeners are open sockets on loopback.
type Listeners struct {
	// Notes say what is not served although it was asked for, for the log.
	Notes []string

	list []net.Listener
}

// listenFunc opens one socket; the system's is [net.ListenConfig.Listen].
type listenFunc func(ctx context.Context, network, address string) (net.Listener, error)

// Listen opens addresses. localhost:PORT is both 127.0.0.1 and ::1, since a
// browser may take either; with IPv6 switched off it is the first alone, and
// Notes says so. 127.0.0.1:PORT and [::1]:PORT are just that. PORT may be 0: any
// free one, the same for both.
//
// Everything else is [ErrAddressRefused], other loopback addresses too, since no
// Host that we answer to names them. A port in use is a [*PortTakenError].
func Listen(ctx context.Context, addresses ...string) (*Listeners, error) {
	var config net.ListenConfig
	return listen(ctx, config.Listen, addresses)
}

func listen(ctx context.Context, open listenFunc, addresses []string) (*Listeners, error) {
	l := &Listeners{}
	for _, address := range addresses {
		if err := l.open(ctx, open, address); err != nil {
			_ = l.Close()
			return nil, fmt.Errorf("listen on %s: %w", address, err)
		}
	}
	if len(l.list) == 0 {
		return nil, fmt.Errorf("listen: %w: none named", ErrAddressRefused)
	}
	return l, nil
}

func (l *Listeners) open(ctx context.Context, open listenFunc, address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%w: write localhost:PORT", ErrAddressRefused)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || strconv.FormatUint(n, 10) != port {
		return fmt.Errorf("%w: a port is a number from 0 to 65535", ErrAddressRefused)
	}
	switch host {
	case "127.0.0.1":
		return l.add(ctx, open, "tcp4", address)
	case "::1":
		return l.add(ctx, open, "tcp6", address)
	case "localhost":
		return l.addBoth(ctx, open, port)
	}
	return fmt.Errorf("%w: only localhost, 127.0.0.1 and [::1]", ErrAddressRefused)
}

func (l *Listeners) addBoth(ctx context.Context, open listenFunc, port string) error {
	// The system picks a port for IPv4 that IPv6 may not have free: try again.
	const tries = 10
	for try := 1; ; try++ {
		if err := l.add(ctx, open, "tcp4", "127.0.0.1:"+port); err != nil {
			return err
		}
		v4 := l.list[len(l.list)-1]
		err := l.add(ctx, open, "tcp6", "[::1]:"+strconv.Itoa(portOf(v4.Addr())))
		switch {
		case err == nil:
			return nil
		case familyOff(err):
			l.Notes = append(l.Notes, "IPv6 is switched off on this machine: "+v4.Addr().String()+" alone is served")
			return nil
		case port != "0" || try == tries:
			return err
		}
		l.list = l.list[:len(l.list)-1]
		_ = v4.Close()
	}
}

func (l *Listeners) add(ctx context.Context, open listenFunc, network, address string) error {
	listener, err := open(ctx, network, address)
	if errors.Is(err, addressInUse) {
		return newPortTakenError(address)
	}
	if err != nil {
		return fmt.Errorf("open %s: %w", address, err)
	}
	l.list = append(l.list, listener)
	return nil
}

// familyOff says whether a socket could not be opened because the machine has no
// such address family, or no loopback address in it.
func familyOff(err error) bool {
	return errors.Is(err, familyUnknown) || errors.Is(err, addressUnknown)
}

// Close closes what is open.
func (l *Listeners) Close() error {
	var errs []error
	for _, listener := range l.list {
		if err := listener.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// Addrs are the addresses that are open, in the order of asking.
func (l *Listeners) Addrs() []netip.AddrPort {
	var addrs []netip.AddrPort
	for _, listener := range l.list {
		if tcp, ok := listener.Addr().(*net.TCPAddr); ok {
			a := tcp.AddrPort()
			addrs = append(addrs, netip.AddrPortFrom(a.Addr().Unmap(), a.Port()))
		}
	}
	return addrs
}

// Ports are the ports that are open, each once. They belong into [OriginRules].
func (l *Listeners) Ports() []int {
	var ports []int
	seen := map[int]bool{}
	for _, listener := range l.list {
		if p := portOf(listener.Addr()); !seen[p] {
			seen[p] = true
			ports = append(ports, p)
		}
	}
	return ports
}

// URL is the address to print and to link to: http://localhost and the port,
// which is the one name that passkeys will work on (agent-security §8).
func (l *Listeners) URL() string {
	return "http://localhost:" + strconv.Itoa(portOf(l.list[0].Addr()))
}
