package keyfetch_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
	"chipproof/proofing/proof/keyfetch"
)

func TestAnAddressThatNoKeySetComesFromIsRefusedAtOnce(t *testing.T) {
	for _, url := range []string{
		"http://id.example.go.th/jwks.json", "HTTP://id.example.go.th/", "ftp://id.example.go.th/", "file:///etc/jwks.json",
		"//id.example.go.th/jwks.json", "id.example.go.th", "", "https://", "https:///jwks.json", "https://user:pass@id.example.go.th/",
		"https://id.example.go.th/#set", "https://id.example.go.th/%zz", "data:application/json,{}",
		"https://localhost/", "https://LOCALHOST:8731/", "https://localhost./", "https://a.localhost/",
		"https://127.0.0.1/", "https://127.8.9.10:443/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://0.0.0.0/", "https://[::]/", "https://[::1%25lo]/",
	} {
		_, err := keyfetch.New(keyfetch.Options{URL: url, Clock: time.Now})
		require.ErrorIs(t, err, keyfetch.ErrAddressRefused, url)
		assert.NotContains(t, err.Error(), "pass@")
	}
	_, err := keyfetch.New(keyfetch.Options{URL: "https://id.example.go.th/jwks.json", Clock: time.Now})
	require.NoError(t, err)
	_, err = keyfetch.New(keyfetch.Options{URL: "https://id.example.go.th/jwks.json"})
	require.Error(t, err, "a reader without a clock keeps keys for ever")
}

// What really listens on loopback is reached by no name, however it is written:
// here with the product's own way to connect.
func TestAKeySetOnLoopbackIsNeverRead(t *testing.T) {
	a := newAgency(t, serving(newKeys(t, 1)))
	port := a.Listener.Addr().(*net.TCPAddr).Port
	for _, name := range []string{"2130706433", "0x7f.0.0.1", "127.1", "localhost.localdomain", "ip6-localhost"} {
		reader, err := keyfetch.New(keyfetch.Options{URL: "https://" + net.JoinHostPort(name, strconv.Itoa(port)) + "/", Roots: a.roots(), Clock: time.Now})
		if err != nil {
			require.ErrorIs(t, err, keyfetch.ErrAddressRefused, name)
			continue
		}
		assertNoKeys(t, reader)
	}
	assert.Zero(t, a.asked.Load())
}

// A name on the internet whose address turns out to be the machine's own.
func TestANameThatLeadsToLoopbackIsRefusedBeforeAnythingIsSent(t *testing.T) {
	a := newAgency(t, serving(newKeys(t, 1)))
	reader, err := keyfetch.NewThrough(keyfetch.Options{URL: "https://" + host + "/", Roots: a.roots(), Clock: time.Now},
		func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, network, a.Listener.Addr().String()) // it says where it went
		})
	require.NoError(t, err)
	_, err = reader.Keys(t.Context())
	require.ErrorIs(t, err, keyfetch.ErrUnavailable)
	require.ErrorIs(t, err, keyfetch.ErrAddressRefused)
	assert.Zero(t, a.asked.Load())
}

func TestAKeySetIsReadFromNoHostButTheOneConfigured(t *testing.T) {
	keys := newKeys(t, 1)
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/moved.json" {
				serving(keys)(w, r)
				return
			}
			http.Redirect(w, r, to, http.StatusFound)
		}
	}
	assertKeys(t, keys, newAgency(t, redirect("/moved.json")).reader(t))
	for _, to := range []string{
		"https://evil.example/moved.json", "https://www." + host + "/moved.json", "https://" + host + ":8443/moved.json",
		"http://" + host + "/moved.json", "https://127.0.0.1/moved.json", "https://" + host + ".evil.example/moved.json", "/round.json",
	} {
		a := newAgency(t, redirect(to))
		_, err := a.reader(t).Keys(t.Context())
		require.ErrorIs(t, err, keyfetch.ErrAddressRefused, to)
		assert.LessOrEqual(t, a.asked.Load(), int32(4), to)
	}
}

func TestACertificateThatNobodyTrustsIsNoKeySet(t *testing.T) {
	a := newAgency(t, serving(newKeys(t, 1)))
	for name, o := range map[string]keyfetch.Options{
		"unknown authority": {URL: "https://" + host + "/", Roots: x509.NewCertPool(), Clock: a.clock},
		"another name":      {URL: "https://id.example.go.th/", Roots: a.roots(), Clock: a.clock},
	} {
		reader, err := keyfetch.NewThrough(o, a.connect)
		require.NoError(t, err)
		_, err = reader.Keys(t.Context())
		require.ErrorIs(t, err, keyfetch.ErrUnavailable, name)
	}
	assert.Zero(t, a.asked.Load())
}

func TestAServerWithoutTLSIsNoKeySet(t *testing.T) {
	a := newAgency(t, failing)
	plain := httptest.NewServer(serving(newKeys(t, 1)))
	t.Cleanup(plain.Close)
	reader, err := keyfetch.NewThrough(keyfetch.Options{URL: "https://" + host + "/", Clock: a.clock},
		func(ctx context.Context, network, _ string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, plain.Listener.Addr().String())
			return elsewhere{conn}, err
		})
	require.NoError(t, err)
	assertNoKeys(t, reader)
}

// Row N43 of proof §8: what a set on the agency's own server may not hold.
func TestAKeySetWithAnythingWrongInItIsNotUsed(t *testing.T) {
	good := func() map[string]any {
		var set struct {
			Keys []map[string]any `json:"keys"`
		}
		require.NoError(t, json.Unmarshal(newKeys(t, 1).JSON(), &set))
		return set.Keys[0]
	}
	with := func(name string, value any) []byte {
		key := good()
		key[name] = value
		return set(t, key)
	}
	twice := good()
	for name, body := range map[string][]byte{
		"a private member":      with("d", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
		"another curve":         with("crv", "P-384"),
		"a secret key":          set(t, map[string]any{"kty": "oct", "k": "c2VjcmV0", "use": "sig", "alg": "HS256", "kid": "a"}),
		"a false kid":           with("kid", good()["kid"]),
		"the same key twice":    set(t, twice, twice),
		"one bad among good":    set(t, good(), map[string]any{"kty": "RSA"}),
		"for encryption":        with("use", "enc"),
		"another algorithm":     with("alg", "ES384"),
		"no key":                []byte(`{"keys":[]}`),
		"no JSON":               []byte("<!doctype html>"),
		"nothing":               {},
		"more than 64 KiB":      append(set(t, good()), []byte(strings.Repeat(" ", 64<<10))...),
		"without an end":        []byte(`{"keys":[` + strings.Repeat(`{"kty":"EC"},`, 100_000)),
		"a member that repeats": []byte(`{"keys":[],"keys":[]}`),
	} {
		a := newAgency(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
		reader := a.reader(t)
		_, err := reader.Keys(t.Context())
		require.ErrorIs(t, err, keyfetch.ErrUnavailable, name)
		require.ErrorIs(t, err, proof.ErrKeysInvalid, name)
	}
	for _, status := range []int{204, 206, 301, 400, 404, 500} {
		keys := newKeys(t, 1)
		a := newAgency(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = w.Write(keys.JSON()) // not where the status has no body
		})
		assertNoKeys(t, a.reader(t))
	}
}

func TestABadSetDoesNotPushOutAGoodOne(t *testing.T) {
	keys := newKeys(t, 1)
	a := newAgency(t, serving(keys, "Cache-Control", "max-age=600"))
	reader := a.reader(t)
	assertKeys(t, keys, reader)
	a.answers(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"keys":[]}`)) })
	a.pass(keyfetch.Pause)
	refreshed(t, reader)
	assertKeys(t, keys, reader)
}

func set(t *testing.T, keys ...map[string]any) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{"keys": keys})
	require.NoError(t, err)
	return text
}
