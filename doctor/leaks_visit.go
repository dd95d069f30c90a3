package doctor

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"sync"
)

// visit is one look at one port.
type visit struct {
	Neighbours
	known knownPort
	found Port
	slow  bool // something was not answered in time
	ours  bool // chipproof has refused
	named bool // an agent that isn't asked may be there
}

// lookAt looks at one port, on all of the machine's addresses.
func (n Neighbours) lookAt(ctx context.Context, known knownPort) Port {
	ctx, cancel := context.WithTimeout(ctx, portTime)
	defer cancel()
	v := &visit{Neighbours: n, known: known, found: Port{Number: known.number, Agents: known.agents()}}
	loopback, beyond := v.openDoors(ctx, n.Loopback), v.openDoors(ctx, n.Others)
	for _, door := range loopback {
		v.loopback(ctx, door)
	}
	for _, door := range beyond {
		v.found.Beyond = append(v.found.Beyond, door.Addr())
		v.beyond(ctx, door)
	}
	switch {
	case len(v.found.Leaks) > 0:
		v.found.State = PortOpen
	case len(loopback)+len(beyond) == 0:
		v.found.State = PortClosed
	case v.slow:
		v.found.State = PortSlow
	case v.ours:
		v.found.State = PortOurs
	case v.named:
		v.found.State = PortUnasked
	default:
		v.found.State = PortQuiet
	}
	return v.found
}

// openDoors are the addresses, in their order, at which the port is open.
func (v *visit) openDoors(ctx context.Context, addresses []netip.Addr) []netip.AddrPort {
	doors := make([]netip.AddrPort, len(addresses))
	var all sync.WaitGroup
	for i, address := range addresses {
		all.Go(func() {
			if door := netip.AddrPortFrom(address, uint16(v.known.number)); v.open(ctx, door) {
				doors[i] = door
			}
		})
	}
	all.Wait()
	return slices.DeleteFunc(doors, func(door netip.AddrPort) bool { return !door.IsValid() })
}

// loopback asks at one address of loopback as a hostile page in this machine's
// browser would, and no more than it must.
func (v *visit) loopback(ctx context.Context, door netip.AddrPort) {
	for _, c := range v.known.calls {
		if v.settled(ctx, door, c) {
			return
		}
	}
	v.lookBehind(ctx, door)
}

// settled puts one call, and says whether it told what is at this door.
func (v *visit) settled(ctx context.Context, door netip.AddrPort, c call) bool {
	q := question{call: c, door: door, host: v.host("localhost"), origin: StrangePage}
	a := v.ask(ctx, q)
	switch {
	case a.agent && c.list == nil:
		v.leak(c, AnyOrigin, "WebSocket opened for a page of "+StrangePage)
		return true
	case a.agent && (a.allowed == "*" || a.allowed == StrangePage):
		v.leak(c, AnyOrigin, "Access-Control-Allow-Origin: "+a.allowed)
		return true
	case a.slow:
		v.slow = true
		return true
	}
	// A page that rebinds its name is same-origin to its browser: no Origin with a
	// GET, its own with a WebSocket.
	q.host, q.origin = v.host(strangeName), ""
	if c.list == nil {
		q.origin = "http://" + q.host
	}
	a = v.ask(ctx, q)
	switch {
	case a.agent:
		v.leak(c, AnyHost, "answered under the name "+strangeName)
	case a.slow:
		v.slow = true
	case a.ours:
		v.ours = true
	default:
		return false
	}
	return true
}

// lookBehind sees whether an agent that isn't asked may be at this door.
func (v *visit) lookBehind(ctx context.Context, door netip.AddrPort) {
	if len(v.known.calls)+len(v.known.unasked) == 0 {
		v.named = true
	}
	for _, u := range v.known.unasked {
		if !u.tls {
			v.named = true
			continue
		}
		a := v.speaksTLS(ctx, door)
		v.named, v.slow = v.named || a.agent, v.slow || a.slow
	}
}

// beyond asks at an address that other machines may reach. They can say what they
// like, so the question is the one that was answered before, or one without an
// Origin, as from a program.
func (v *visit) beyond(ctx context.Context, door netip.AddrPort) {
	for _, c := range v.known.calls {
		q := question{call: c, door: door, host: v.host(door.Addr().WithZone("").String())}
		if slices.ContainsFunc(v.found.Leaks, func(l Leak) bool { return l.Call == c.path && l.Way == AnyOrigin }) {
			q.origin = StrangePage
		}
		switch a := v.ask(ctx, q); {
		case a.agent:
			v.leak(c, OtherAddresses, "answered at "+door.Addr().String())
			return
		case a.slow:
			v.slow = true
			return
		}
	}
	v.lookBehind(ctx, door)
}

// leak notes a finding. One that both addresses of loopback show is one, and so
// is one that several other addresses show; those are all named.
func (v *visit) leak(c call, way Way, sign string) {
	for i, l := range v.found.Leaks {
		if l.Way == way && l.Call == c.path {
			if way == OtherAddresses {
				v.found.Leaks[i].Sign += "; " + sign
			}
			return
		}
	}
	v.found.Leaks = append(v.found.Leaks, Leak{Agent: c.agent, Call: c.path, Way: way, Sign: sign, Score: c.score})
}

// host is a value for the Host header.
func (v *visit) host(name string) string {
	return net.JoinHostPort(name, strconv.Itoa(v.known.number))
}
