package doctor

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha1"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// strangeName is the host of a hostile page: nobody's, and chosen so that a check
// for a beginning, or for a part, of the name takes it for this machine.
const strangeName = "localhost.doctor.invalid"

// StrangePage is the origin of that page. Agents may write it into their logs, and
// so does chipproof's own.
const StrangePage = "http://" + strangeName

// question is a call as it is asked once.
type question struct {
	call
	door   netip.AddrPort
	host   string // of the Host header, with the port
	origin string // none when empty
}

// answer is what came of it.
type answer struct {
	slow  bool // nothing that could be judged came in time
	agent bool // the agent of this call has answered with what was asked
	ours  bool // chipproof has refused the Host
	// allowed is the origin that may read the answer; empty when none or several
	// are named, which browsers take for none.
	allowed string
}

// noTrust is for certificates of agents, which are self-signed. Nothing is
// believed, and nothing secret is said.
func noTrust() *tls.Config {
	return &tls.Config{ServerName: "localhost", InsecureSkipVerify: true}
}

// ask puts one question, within [askTime], and closes the connection. It follows
// no redirection and uses no proxy, so nothing leaves the machine.
func (n Neighbours) ask(ctx context.Context, q question) answer {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	transport := &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return n.Dial(ctx, q.door)
		},
		TLSClientConfig:        noTrust(),
		TLSHandshakeTimeout:    askTime,
		DisableKeepAlives:      true,
		DisableCompression:     true,
		MaxResponseHeaderBytes: mostAnswer,
	}
	defer transport.CloseIdleConnections()
	request, key, err := q.request(ctx)
	if err != nil {
		return answer{}
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return answer{slow: ctx.Err() != nil}
	}
	defer func() { _ = response.Body.Close() }()
	var a answer
	if allowed := response.Header["Access-Control-Allow-Origin"]; len(allowed) == 1 {
		a.allowed = allowed[0]
	}
	if response.StatusCode == http.StatusSwitchingProtocols {
		a.agent = q.list == nil && response.Header.Get("Sec-WebSocket-Accept") == acceptOf(key)
		return a // nothing is read of what it may send
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, mostAnswer))
	a.slow = err != nil && ctx.Err() != nil
	a.agent = err == nil && q.list != nil && q.list(response.StatusCode, body)
	a.ours = response.StatusCode == http.StatusForbidden && bytes.Contains(body, []byte(`"code":"host_refused"`))
	return a
}

// request is the question in HTTP; key is that of a WebSocket handshake (RFC 6455
// §4.1).
func (q question) request(ctx context.Context) (request *http.Request, key string, err error) {
	target := url.URL{Scheme: "http", Host: q.host}
	if q.tls {
		target.Scheme = "https"
	}
	target.Path, target.RawQuery, _ = strings.Cut(q.path, "?")
	request, err = http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return nil, "", err
	}
	request.Header.Set("User-Agent", "chipproof-doctor")
	if q.origin != "" {
		request.Header.Set("Origin", q.origin)
	}
	if q.list == nil {
		nonce := make([]byte, 16)
		if _, err := rand.Read(nonce); err != nil {
			return nil, "", err
		}
		key = base64.StdEncoding.EncodeToString(nonce)
		request.Header.Set("Connection", "Upgrade")
		request.Header.Set("Upgrade", "websocket")
		request.Header.Set("Sec-WebSocket-Version", "13")
		request.Header.Set("Sec-WebSocket-Key", key)
	}
	return request, key, nil
}

// acceptOf is what a server that speaks WebSocket makes of a key (RFC 6455 §4.2.2).
func acceptOf(key string) string {
	sum := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// open says whether somebody listens at a door, by a connection that is closed at
// once. No connection in time counts as nobody: a firewall, or Windows, which takes
// two seconds to say so.
func (n Neighbours) open(ctx context.Context, door netip.AddrPort) bool {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	conn, err := n.Dial(ctx, door)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

// speaksTLS makes a handshake and says nothing after it.
func (n Neighbours) speaksTLS(ctx context.Context, door netip.AddrPort) answer {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	conn, err := n.Dial(ctx, door)
	if err != nil {
		return answer{slow: ctx.Err() != nil}
	}
	defer func() { _ = conn.Close() }()
	if err := tls.Client(conn, noTrust()).HandshakeContext(ctx); err != nil {
		return answer{slow: ctx.Err() != nil}
	}
	return answer{agent: true}
}
