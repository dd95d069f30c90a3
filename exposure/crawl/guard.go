package crawl

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
)

// errAddress: a host name leads to an address that is not allowed.
var errAddress = errors.New("address refused")

// Resolver finds the addresses of a host; *net.Resolver is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// special are networks that no public site is in, besides those that netip
// knows: IANA's special-purpose registries (RFC 6890 and successors).
var special = func() (out []netip.Prefix) {
	for _, p := range []string{
		"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
		"::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10",
	} {
		out = append(out, netip.MustParsePrefix(p))
	}
	return out
}()

// public says that an address belongs to no private, loopback, link-local,
// multicast or other special network. IPv4 inside IPv6 is judged as IPv4.
func public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() || a.Zone() != "" || a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() ||
		a.IsMulticast() || a.IsUnspecified() || a.IsInterfaceLocalMulticast() {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// guard dials only addresses that are allowed, and always the same one for a
// host, so that a name whose answer changes leads nowhere else.
type guard struct {
	resolver Resolver
	private  []netip.Prefix
	dial     func(ctx context.Context, network, address string) (net.Conn, error)

	mu   sync.Mutex
	pins map[string]pin
}

type pin struct {
	addr netip.Addr
	err  error
}

// DialContext connects to the pinned address of a host.
func (g *guard) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	addr, err := g.pinned(ctx, host)
	if err != nil {
		return nil, err
	}
	return g.dial(ctx, network, net.JoinHostPort(addr.String(), port))
}

func (g *guard) pinned(ctx context.Context, host string) (netip.Addr, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p, known := g.pins[host]; known {
		return p.addr, p.err
	}
	addr, err := g.resolve(ctx, host)
	if err == nil || errors.Is(err, errAddress) { // a resolver that is down may come back
		g.pins[host] = pin{addr, err}
	}
	return addr, err
}

// resolve looks a host up. One refused address among several refuses the host:
// an honest site has none.
func (g *guard) resolve(ctx context.Context, host string) (netip.Addr, error) {
	addrs := []netip.Addr{}
	if a, err := netip.ParseAddr(host); err == nil {
		addrs = append(addrs, a)
	} else {
		found, err := g.resolver.LookupNetIP(ctx, "ip", host)
		if err != nil {
			return netip.Addr{}, fmt.Errorf("resolve host: %w", err)
		}
		addrs = found
	}
	if len(addrs) == 0 {
		return netip.Addr{}, fmt.Errorf("resolve host: %w: none", errAddress)
	}
	for _, a := range addrs {
		if !public(a) && !g.allowed(a.Unmap()) {
			return netip.Addr{}, fmt.Errorf("resolve host: %w", errAddress)
		}
	}
	return addrs[0].Unmap(), nil
}

func (g *guard) allowed(a netip.Addr) bool {
	for _, p := range g.private {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
