package doctor

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Way is how an agent gives a card away.
type Way string

const (
	// AnyOrigin: it answers a page of any web site.
	AnyOrigin Way = "any_origin"
	// AnyHost: it answers under any name, so a page that points its own name at
	// this machine (DNS rebinding) gets the answer.
	AnyHost Way = "any_host"
	// OtherAddresses: it listens on the machine's other addresses too.
	OtherAddresses Way = "other_addresses"
)

// PortState is what a look at a port came to.
type PortState string

const (
	// PortClosed: nobody listens.
	PortClosed PortState = "closed"
	// PortOpen: an agent there gives a card away; [Port.Leaks] says how.
	PortOpen PortState = "open"
	// PortOurs: chipproof is there, and refused as it should.
	PortOurs PortState = "ours"
	// PortQuiet: some program is there, and gave a strange page nothing.
	PortQuiet PortState = "quiet"
	// PortUnasked: some program is there, and all that could be asked of an agent
	// of this port would be about a person.
	PortUnasked PortState = "not_asked"
	// PortSlow: some program is there, and did not answer in time.
	PortSlow PortState = "timed_out"
)

// Port is what was found at one port.
type Port struct {
	Number int
	State  PortState
	// Agents are the programs that are known to use it; empty for a port of which
	// no more is known than that card agents do.
	Agents []string
	Leaks  []Leak
	// Beyond are the machine's other addresses at which it is open.
	Beyond []netip.Addr
}

// Leak is one way in which the program at a port gives a card away.
type Leak struct {
	Agent string // as which it speaks
	Call  string // the path that it answered; never one that returns a person
	Way   Way
	// Sign is what showed it, in English. It holds nothing that the program said.
	Sign string
	// Score, from 1 to 100, is how surely it is that agent: a list of readers can
	// be told, a bare WebSocket less so.
	Score int
}

// Neighbours is where other programs of this machine are looked for;
// [NeighboursHere] fills it in.
type Neighbours struct {
	// Loopback are the addresses by which the machine calls itself.
	Loopback []netip.Addr
	// Others are its addresses beyond loopback.
	Others []netip.Addr
	// Dial connects to one of these addresses.
	Dial func(ctx context.Context, door netip.AddrPort) (net.Conn, error)
}

const (
	// askTime bounds one question, which goes no further than this machine. The
	// agent may ask its reader service meanwhile.
	askTime = 2 * time.Second
	// portTime bounds all questions to one port. Ports are looked at side by side,
	// so it bounds the whole look too.
	portTime = 8 * time.Second
	// mostAnswer bounds head and body of an answer, each.
	mostAnswer = 16 << 10
)

// Look asks the ports that card agents use, and no others, as a hostile page
// would (assurance §4.10), and gives one [Port] for each, in rising order. It asks
// only for what holds no person (a list of readers, a handshake that is closed at
// once), stops nothing and changes nothing. The error is ctx's.
func (n Neighbours) Look(ctx context.Context) ([]Port, error) {
	ports := make([]Port, len(knownPorts))
	var all sync.WaitGroup
	for i, known := range knownPorts {
		all.Go(func() { ports[i] = n.lookAt(ctx, known) })
	}
	all.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("look for open agents: %w", err)
	}
	return ports, nil
}

// NeighboursHere is the machine this program runs on. It fails when the machine
// won't tell its addresses.
func NeighboursHere() (Neighbours, error) {
	n := Neighbours{
		Loopback: []netip.Addr{netip.AddrFrom4([4]byte{127, 0, 0, 1}), netip.IPv6Loopback()},
		Dial: func(ctx context.Context, door netip.AddrPort) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, "tcp", door.String())
		},
	}
	interfaces, err := net.Interfaces()
	if err != nil {
		return Neighbours{}, fmt.Errorf("list addresses: %w", err)
	}
	for _, i := range interfaces {
		addresses, err := i.Addrs()
		if err != nil {
			return Neighbours{}, fmt.Errorf("list addresses: %w", err)
		}
		for _, a := range addresses {
			if other, ok := beyondLoopback(a, i.Name); ok {
				n.Others = append(n.Others, other)
			}
		}
	}
	return n, nil
}

// beyondLoopback is the address of a network interface, with the zone that an
// address of the link alone needs; ok is false for those of loopback.
func beyondLoopback(a net.Addr, zone string) (addr netip.Addr, ok bool) {
	network, ok := a.(*net.IPNet)
	if !ok {
		return netip.Addr{}, false
	}
	addr, ok = netip.AddrFromSlice(network.IP)
	addr = addr.Unmap()
	if !ok || addr.IsLoopback() || addr.IsUnspecified() || addr.IsMulticast() {
		return netip.Addr{}, false
	}
	if addr.Is6() && addr.IsLinkLocalUnicast() {
		addr = addr.WithZone(zone)
	}
	return addr, true
}
