package keyfetch

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
)

// checkURL says whether a key set may be read from an address at all.
func checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil {
		return fmt.Errorf("%w: no address", ErrAddressRefused) // the cause quotes it, with a password perhaps
	}
	switch host := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."); {
	case u.Scheme != "https":
		return fmt.Errorf("%w: it must begin with https://", ErrAddressRefused)
	case host == "" || u.User != nil || u.Fragment != "":
		return fmt.Errorf("%w: it must be a host and a path", ErrAddressRefused)
	case host == "localhost" || strings.HasSuffix(host, ".localhost"):
		return fmt.Errorf("%w: it is this machine", ErrAddressRefused)
	default:
		if literal, err := netip.ParseAddr(host); err == nil && own(literal) {
			return fmt.Errorf("%w: it is this machine", ErrAddressRefused)
		}
		return nil
	}
}

// sameHost lets a redirect through that stays on the host that was configured,
// and on https.
func sameHost(next *http.Request, before []*http.Request) error {
	switch {
	case next.URL.Scheme != "https" || next.URL.Host != before[0].URL.Host:
		return fmt.Errorf("%w: it redirects to another host", ErrAddressRefused)
	case len(before) > maxHops:
		return fmt.Errorf("%w: it redirects without end", ErrAddressRefused)
	}
	return nil
}

// own says whether an address is the machine's own: what any program of any
// account could answer at. An unspecified address is routed there too.
func own(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return a.IsLoopback() || a.IsUnspecified()
}

// dialer connects to an address.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// checked connects, and gives no connection to the machine itself, however it
// came about.
func (d dialer) checked(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := d(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if err := refuseOwn(network, conn.RemoteAddr().String(), nil); err != nil {
		_ = conn.Close() // nothing was sent
		return nil, err
	}
	return conn, nil
}

// refuseOwn is asked by a [net.Dialer] once a name has become an address, and
// before anything is sent there.
func refuseOwn(_, address string, _ syscall.RawConn) error {
	remote, err := netip.ParseAddrPort(address)
	if err != nil || own(remote.Addr()) {
		return fmt.Errorf("%w: it is this machine", ErrAddressRefused)
	}
	return nil
}
