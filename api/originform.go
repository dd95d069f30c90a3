package api

import (
	"bytes"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// OriginRules are the circumstances in which an origin is approved.
type OriginRules struct {
	Mode Mode
	// Ports are those of our own listeners: no page of ours is a foreign origin.
	Ports []int
	// PlainHTTP: the administrator said the word without which no http origin is
	// taken. It takes no https one.
	PlainHTTP bool
}

// maxOrigin is the longest origin with a host name that can exist, in bytes:
// scheme, 253 bytes of name, port.
const maxOrigin = len("https://") + maxHost + len(":65535")

// maxHost is the longest host name in the DNS, in bytes.
const maxHost = 253

// ParseOrigin takes a web origin as an administrator writes it, and only in the
// form in which browsers send it (agent-security §6.3, §6.4): https, lower-case
// ASCII host, port only if it is not 443. In test mode http://localhost:PORT
// passes as well. Anything else is [ErrOriginInvalid], and the error says what
// would be right.
func ParseOrigin(s string, rules OriginRules) (string, error) {
	if !approvable(s, rules) {
		return "", fmt.Errorf("%w: %.*q: %s", ErrOriginInvalid, maxOrigin, s, advice(s, rules))
	}
	return s, nil
}

func approvable(s string, rules OriginRules) bool {
	scheme, hostport, found := strings.Cut(s, "://")
	host, port, ok := splitPort(hostport)
	if !found || !ok || !validHost(host) {
		return false
	}
	switch {
	case rules.PlainHTTP:
		return scheme == "http" && port != 80 && !thisMachine(host)
	case scheme == "https":
		return port != 443 && (rules.Mode == Test || !thisMachine(host))
	}
	return scheme == "http" && rules.Mode == Test && host == "localhost" &&
		port != 0 && port != 80 && !slices.Contains(rules.Ports, port)
}

// thisMachine says whether a host is loopback by any of its names.
func thisMachine(host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && (a.IsLoopback() || a.IsUnspecified())
}

// splitPort splits host and port. No port is 0; a port stands in decimal
// without leading zeros, 1 to 65535.
func splitPort(hostport string) (host string, port int, ok bool) {
	i := strings.LastIndexByte(hostport, ':')
	if i < 0 || strings.HasSuffix(hostport, "]") {
		return hostport, 0, true
	}
	port, err := strconv.Atoi(hostport[i+1:])
	if err != nil || port < 1 || port > 65535 || strconv.Itoa(port) != hostport[i+1:] {
		return "", 0, false
	}
	return hostport[:i], port, true
}

// validHost says whether host is the serialised host of an origin: a lower-case
// ASCII name without a trailing dot, or an address in its canonical form.
func validHost(host string) bool {
	if inner, ok := strings.CutPrefix(host, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		a, err := netip.ParseAddr(inner)
		return ok && err == nil && a.Is6() && a.Zone() == "" && !a.Is4In6() && a.String() == inner
	}
	if len(host) > maxHost {
		return false
	}
	labels := strings.Split(host, ".")
	if slices.ContainsFunc(labels, invalidLabel) {
		return false
	}
	if last := labels[len(labels)-1]; numeric(last) {
		a, err := netip.ParseAddr(host)
		return err == nil && a.Is4()
	}
	return true
}

func invalidLabel(label string) bool {
	return label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' ||
		strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != ""
}

// numeric says whether a browser takes a name with this last label for an IPv4
// address (WHATWG URL §3.5, "ends in a number").
func numeric(label string) bool {
	digits, hex := strings.CutPrefix(label, "0x")
	if hex {
		return strings.Trim(digits, "0123456789abcdef") == ""
	}
	return strings.Trim(digits, "0123456789") == ""
}

// advice says what would be right instead of s.
func advice(s string, rules OriginRules) string {
	switch {
	case s == "null":
		return "every sandboxed page sends null; write https:// and the host of the site"
	case strings.Contains(s, "*"):
		return "one exact origin and no pattern; add each site by itself"
	case ownOrigin(s, rules.Ports):
		return "that is chipproof itself, which needs no approval"
	case rules.Mode != Test && hereByURL(s):
		return "a site on this machine is an origin in test mode only"
	}
	if rules.PlainHTTP && strings.HasPrefix(s, "https://") {
		return "https needs no --plain-http"
	}
	plain := rules
	plain.PlainHTTP = true
	alternative := ""
	if !rules.PlainHTTP && approvable(s, plain) {
		alternative = "; a site that has no https needs --plain-http, and gets the page road only"
	}
	if likely := likelyOrigin(s, rules); likely != s && approvable(likely, rules) {
		return "write " + likely + alternative
	}
	return "write https://, the host in lower case, and a port only if it is not 443"
}

// hereByURL says whether an address, however it is written, names this machine.
func hereByURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && thisMachine(strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")))
}

func ownOrigin(s string, ports []int) bool {
	for _, port := range ports {
		if slices.Contains(ourNames(port), strings.TrimPrefix(s, "http://")) {
			return true
		}
	}
	return false
}

// likelyOrigin is the origin that s was probably meant to be.
func likelyOrigin(s string, rules OriginRules) string {
	if !strings.Contains(s, "://") {
		s = "https://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	host := asciiHost(strings.TrimSuffix(u.Hostname(), "."))
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	scheme := "https"
	if rules.PlainHTTP || rules.Mode == Test && host == "localhost" && u.Port() != "" {
		scheme = "http"
	}
	if port := u.Port(); port != "" && port != "443" && port != "80" {
		return scheme + "://" + host + ":" + port
	}
	return scheme + "://" + host
}

// asciiHost is a host name as browsers send it: lower case, and international
// names in punycode, which net/http knows when it writes a Host header.
func asciiHost(host string) string {
	req := http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "https", Host: host, Path: "/"}}
	var wire bytes.Buffer
	if err := req.Write(&wire); err != nil {
		return ""
	}
	_, rest, _ := strings.Cut(wire.String(), "Host: ")
	ascii, _, _ := strings.Cut(rest, "\r\n")
	return strings.ToLower(ascii)
}
