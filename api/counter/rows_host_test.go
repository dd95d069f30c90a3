package counter

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The rows of agent-security §5, by their numbers. Requests go out as raw bytes,
// since a client library would tidy most of them up.

// everyRoute is a request line of every route, real and still to come, out of
// the server's own table.
func (d *desk) everyRoute() []string {
	var lines []string
	for _, r := range d.server.Routes() {
		lines = append(lines, r.Method+" "+strings.ReplaceAll(r.Path, "{id}", "7"))
	}
	require.Greater(d.t, len(lines), 30)
	return lines
}

// bare is the whole answer to whoever does not know our name.
const bare = "{\"status\":403,\"code\":\"host_refused\"}\n"

func hostIs(line, host string) string {
	return line + " HTTP/1.1\nHost: " + host + "\nOrigin: " + site + "\nContent-Type: application/json\nContent-Length: 2\n\n{}"
}

func TestH1AReboundNameLearnsNothingOnAnyRoute(t *testing.T) {
	d := newDesk(t)
	lines := append([]string{"OPTIONS /v1/reads", "OPTIONS /healthz", "HEAD /healthz", "GET /nothing", "PUT /v1/reads"}, d.everyRoute()...)
	for _, line := range lines {
		if strings.HasPrefix(line, "HEAD") {
			continue // no body to compare
		}
		a := d.raw(hostIs(line, "evil.example:PORT"))
		assert.Equal(t, 403, a.status, line)
		assert.Equal(t, bare, a.body, line)
		for name := range a.header {
			assert.NotContains(t, name, "Access-Control", line)
		}
		assert.NotContains(t, a.header, "Content-Language", line)
		assert.NotContains(t, a.header, "Server", line)
	}
}

func TestH2AHostWithoutTheRightPortIsRefused(t *testing.T) {
	d := newDesk(t)
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "127.0.0.1:80", "localhost:1", ":PORT", ":", "", "localhost:PORT0", "localhost:0PORT"} {
		a := d.raw(hostIs("GET /healthz", host))
		assert.Equal(t, 403, a.status, host)
		assert.Equal(t, bare, a.body, host)
	}
	assert.Equal(t, bare, d.raw("GET /healthz HTTP/1.0\n\n").body, "HTTP/1.0 without Host")
	assert.Equal(t, 400, d.raw("GET /healthz HTTP/1.1\n\n").status, "HTTP/1.1 without Host")
}

func TestH3OnlyOurThreeNamesPassByteForByte(t *testing.T) {
	d := newDesk(t)
	for _, host := range []string{
		"localhost.evil.com:PORT", "127.0.0.1.evil.com:PORT", "localhost.:PORT", "LOCALHOST:PORT", "Localhost:PORT", "127.0.0.2:PORT", "127.1:PORT",
		"0.0.0.0:PORT", "2130706433:PORT", "0x7f000001:PORT", "[::ffff:127.0.0.1]:PORT", "[0:0:0:0:0:0:0:1]:PORT", "[::]:PORT", "::1:PORT",
		"localhost:PORT:PORT", "user@localhost:PORT",
	} {
		a := d.raw(hostIs("GET /healthz", host))
		assert.Contains(t, []int{400, 403}, a.status, host)
		if a.status == 403 {
			assert.Equal(t, bare, a.body, host)
		}
	}
	for _, host := range []string{"127.0.0.1:PORT", "localhost:PORT", "[::1]:PORT"} {
		assert.Equal(t, 200, d.raw("GET /healthz HTTP/1.1\nHost: "+host+"\n\n").status, host)
	}
}

func TestH4AbsoluteTargetsAndTwoHostsAreMalformedAndForwardedMeansNothing(t *testing.T) {
	d := newDesk(t)
	for _, target := range []string{"http://localhost:PORT/healthz", "http://evil.example/healthz", "https://localhost:PORT/healthz"} {
		a := d.raw("GET " + target + " HTTP/1.1\nHost: localhost:PORT\n\n")
		a.says(t, 400, "request_malformed", target)
		assert.Equal(t, "{\"status\":400,\"code\":\"request_malformed\"}\n", a.body)
	}
	assert.Equal(t, 400, d.raw("GET /healthz HTTP/1.1\nHost: localhost:PORT\nHost: localhost:PORT\n\n").status)
	forwarded := []string{"X-Forwarded-Host: localhost:PORT", "X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.1;host=localhost", "X-Real-IP: 192.0.2.1", "True-Client-IP: 192.0.2.1"}
	for _, line := range d.everyRoute() {
		method, path, _ := strings.Cut(line, " ")
		plain := d.raw(head(method, path))
		if path == "/v1/events" {
			continue // the refusal is compared below like the others'
		}
		a := d.raw(head(method, path, forwarded...))
		assert.Equal(t, plain.status, a.status, line)
		assert.Equal(t, plain.code(), a.code(), line)
	}
	assert.Equal(t, bare, d.raw("GET /healthz HTTP/1.1\nHost: evil.example:PORT\nX-Forwarded-Host: localhost:PORT\n\n").body)
}

func TestH5WhatIsNoRequestToARouteIsNeverAnswered200(t *testing.T) {
	d := newDesk(t)
	for _, line := range []string{"OPTIONS *", "OPTIONS /", "CONNECT localhost:PORT", "CONNECT x:443", "CONNECT /healthz", "TRACE /healthz", "GET *"} {
		a := d.raw(line + " HTTP/1.1\nHost: localhost:PORT\n\n")
		assert.Contains(t, []int{400, 403, 404, 405}, a.status, line)
	}
	a := d.raw("PRI * HTTP/2.0\n\nSM\n\n")
	assert.Contains(t, []int{400, 403, 404, 505}, a.status, "HTTP/2 preface")
}

func TestL1BothLoopbackAddressesAnswerAndNoOther(t *testing.T) {
	d := newDesk(t)
	conn, err := net.Dial("tcp", "[::1]:"+d.port)
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, d.wire("GET /healthz HTTP/1.1\nHost: [::1]:PORT\n\n"))
	require.NoError(t, err)
	assert.Equal(t, 200, d.read(bufio.NewReader(conn)).status)

	addrs, err := net.InterfaceAddrs()
	require.NoError(t, err)
	for _, a := range append(addrs, &net.IPNet{IP: net.IPv4(127, 0, 0, 2)}) {
		ip := a.(*net.IPNet).IP
		if ip.IsLinkLocalUnicast() || ip.Equal(net.IPv4(127, 0, 0, 1)) || ip.Equal(net.IPv6loopback) {
			continue
		}
		conn, err := net.DialTimeout("tcp", net.JoinHostPort(ip.String(), d.port), 5*time.Second)
		if !assert.Error(t, err, "%s is reached", ip) {
			_ = conn.Close()
		}
	}
}

func TestL3HeadersBeyondTheLimitAreCutOff(t *testing.T) {
	d := newDesk(t)
	conn := d.dial()
	defer conn.Close()
	go func() { _, _ = io.WriteString(conn, d.wire(get("/healthz", "X-Long: "+strings.Repeat("a", 21<<10)))) }()
	status, err := bufio.NewReader(conn).ReadString('\n')
	require.NoError(t, err)
	assert.Equal(t, "HTTP/1.1 431 Request Header Fields Too Large\r\n", status)
}
