package api

import (
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// ourNames are the values of Host that name us at a port. They are compared byte
// for byte, since anything looser has let a rebound or look-alike name in
// somewhere (agent-security §2).
func ourNames(port int) []string {
	p := ":" + strconv.Itoa(port)
	return []string{"127.0.0.1" + p, "localhost" + p, "[::1]" + p}
}

// checkHost is the first step: the request target has origin form, the
// connection is loopback at both ends, and Host is one of our names at the very
// port that the connection came in on.
//
// net/http takes r.Host from the request line when that is absolute, whatever
// the header says (agent-security §3), so the form of the target comes first.
func checkHost(r *http.Request) error {
	if r.URL.IsAbs() {
		return ErrRequestMalformed
	}
	local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !loopback(local) || !slices.Contains(ourNames(portOf(local)), r.Host) {
		return ErrHostRefused
	}
	if !strings.HasPrefix(r.URL.Path, "/") || !strings.HasPrefix(r.RequestURI, "/") {
		return ErrRequestMalformed
	}
	return nil
}

func loopback(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return ok && tcp.IP.IsLoopback()
}

func portOf(a net.Addr) int {
	if tcp, ok := a.(*net.TCPAddr); ok {
		return tcp.Port
	}
	return 0
}
