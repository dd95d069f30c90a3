package compat_test

import (
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
)

// The rows of agent-security §14, by their numbers.

const bare = "{\"status\":403,\"code\":\"host_refused\"}\n"

func TestC1OnlyOurThreeNamesWithThatVeryPortPass(t *testing.T) {
	r := start(t, "default")
	for _, port := range []string{nhso, gothai} {
		path := map[string]string{nhso: readCard, gothai: "/ws"}[port]
		for _, host := range []string{
			"evil.example:PORT", "127.0.0.1", "localhost", ":PORT", "", "localhost.evil.com:PORT", "LOCALHOST:PORT", "127.0.0.2:PORT", "0.0.0.0:PORT",
			"[::ffff:127.0.0.1]:PORT", "localhost:" + strconv.Itoa(r.tcp[main]), "localhost:8731",
		} {
			a := r.raw(port, "GET "+path+" HTTP/1.1\nHost: "+host+"\n"+fromSite+"\n\n")
			assert.Equal(t, 403, a.status, host)
			assert.Equal(t, bare, a.body, host)
			assert.Empty(t, a.header.Get("Access-Control-Allow-Origin"), host)
		}
		a := r.raw(port, "GET http://localhost:PORT"+path+" HTTP/1.1\nHost: localhost:PORT\n"+fromSite+"\n\n")
		a.says(t, 400, "request_malformed", "absolute form")
		assert.Equal(t, 400, r.raw(port, "GET "+path+" HTTP/1.1\nHost: localhost:PORT\nHost: localhost:PORT\n\n").status)
		for _, line := range []string{"OPTIONS *", "CONNECT localhost:PORT", "PRI *"} {
			assert.NotEqual(t, 200, r.raw(port, line+" HTTP/1.1\nHost: localhost:PORT\n\n").status, line)
		}
		assert.Equal(t, 403, r.raw(port, "GET "+path+" HTTP/1.1\nHost: evil.example:PORT\nX-Forwarded-Host: localhost:PORT\n"+fromSite+"\n\n").status)
		r.nobodyElseListens(r.tcp[port])
	}
	for _, host := range []string{"127.0.0.1:PORT", "localhost:PORT", "[::1]:PORT"} {
		assert.Equal(t, 200, r.raw(nhso, "GET /api/smartcard/terminals HTTP/1.1\nHost: "+host+"\n"+fromSite+"\n\n").status, host)
	}
	assert.Zero(t, len(r.office.Entries(audit.KindCompatRead)))
	assert.Zero(t, r.card.Exchanges())
}

// nobodyElseListens: at the machine's own network addresses nothing is there.
func (r *rig) nobodyElseListens(port int) {
	r.Helper()
	addresses, err := net.InterfaceAddrs()
	require.NoError(r, err)
	for _, a := range addresses {
		ip := a.(*net.IPNet).IP
		if ip.IsLoopback() || ip.IsLinkLocalUnicast() {
			continue
		}
		conn, err := net.DialTimeout("tcp", net.JoinHostPort(ip.String(), strconv.Itoa(port)), time.Second)
		if !assert.Error(r, err, "%s", ip) {
			conn.Close()
		}
	}
}

func TestC2NoOriginOrOneThatIsNotListedForThisGetsNothing(t *testing.T) {
	r := start(t, "default")
	for why, lines := range map[string][]string{
		"an image, a script, curl": nil,
		"a typed address":          {"Sec-Fetch-Site: none", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"},
		"an image":                 {"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image", "Referer: " + site + "/"},
		"a rebound page":           {"Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"},
		"a sandbox":                {"Origin: null"},
		"not listed":               {"Origin: https://evil.example"},
		"a look-alike":             {"Origin: " + site + ".evil.example"},
		"plain http":               {"Origin: http://app.example.go.th"},
		"listed without compat":    {"Origin: " + plainSite},
		"our own, this port":       {"Origin: http://localhost:PORT"},
		"our own, the console":     {"Origin: http://localhost:" + strconv.Itoa(r.tcp[main])},
		"a referrer of another":    {fromSite, "Referer: https://evil.example/"},
	} {
		for _, path := range []string{readCard, "/api/smartcard/read?readImageFlag=true", "/api/smartcard/terminals"} {
			a := r.raw(nhso, get(path, lines...))
			a.says(t, 403, "origin_refused", why)
			assert.Empty(t, a.header.Get("Access-Control-Allow-Origin"), why)
		}
		a := r.raw(gothai, get("/ws", append(lines, upgrade...)...))
		a.says(t, 403, "origin_refused", why)
		assert.Empty(t, a.header.Get("Access-Control-Allow-Origin"), why)
	}
	r.raw(nhso, get(readCard, fromSite, fromSite)).says(t, 400, "request_malformed", "two origins")
	a := r.raw(nhso, get(readCard, fromSite, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"))
	a.says(t, 403, "request_context_refused", "no image sends its origin")
	assert.Zero(t, r.card.Exchanges())

	var knocked []string
	for _, o := range r.servers[main].Refused().List() {
		knocked = append(knocked, o.Origin)
	}
	assert.Contains(t, knocked, "https://evil.example", "the administrator sees who knocked, on whichever port")
	assert.NotContains(t, knocked, plainSite, "it is listed already")
}

func TestC3WithoutAClerkAtTheDeskNobodyIsAnswered(t *testing.T) {
	r := start(t, "default")
	require.Equal(t, 200, r.raw(nhso, get(readCard, fromSite)).status)
	r.lock()
	for _, path := range []string{readCard, "/api/smartcard/terminals"} {
		a := r.raw(nhso, get(path, fromSite))
		a.says(t, 403, "mfa_required", "locked, though an answer was kept")
		assert.Equal(t, site, a.header.Get("Access-Control-Allow-Origin"), "the page may read why")
	}
	r.raw(gothai, get("/ws", append([]string{fromSite}, upgrade...)...)).says(t, 403, "mfa_required", "locked")
	require.NoError(t, r.office.MFA.Logout(t.Context(), r.login.Token))
	r.raw(nhso, get(readCard, fromSite)).says(t, 403, "mfa_required", "nobody there")
}

func TestC4AnApprovedPageGetsTheCardsPartInThatShape(t *testing.T) {
	r := start(t, "default")
	a := r.raw(nhso, get("/api/smartcard/terminals", fromSite))
	assert.Equal(t, 200, a.status)
	assert.Equal(t, `[{"terminalName":"Simulated Reader 00","isPresent":true}]`, a.body)

	a = r.raw(nhso, get(readCard, fromSite, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: cors", "Sec-Fetch-Dest: empty"))
	assert.Equal(t, 200, a.status)
	assert.Equal(t, `{"pid":"1101700230708","titleName":"003","fname":"สมชาย","lname":"ใจดี","birthDate":"25251231","sex":"ชาย"}`, a.body)
	assert.Equal(t, site, a.header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "Origin", a.header.Get("Vary"))
	assert.Empty(t, a.header.Get("Access-Control-Allow-Credentials"))
	assert.Equal(t, "no-store", a.header.Get("Cache-Control"))
	assert.Equal(t, "application/json", a.header.Get("Content-Type"))

	a = r.raw(nhso, get("/api/smartcard/read?readImageFlag=false", fromSite))
	assert.Equal(t, 200, a.status)
	assert.Equal(t, `{"pid":"1101700230708","titleName":"003","fname":"สมชาย","lname":"ใจดี","birthDate":"25251231","sex":"ชาย",`+
		`"cardOnly":true,"message":"ข้อมูลจากบัตรเท่านั้น chipproof ไม่ตรวจสอบสิทธิกับ สปสช. และไม่ออกเลขอนุมัติ (claim code)"}`, a.body, "it says what it lacks")
	for _, online := range []string{"claimTypes", "mainInscl", "subInscl", "hospMain", "correlationId", "checkDate"} {
		assert.NotContains(t, a.body, online)
	}
	r.remove()
	r.raw(nhso, get(readCard, fromSite)).fails(t, 500, "card_absent", "gone with the card")
	assert.Equal(t, `[{"terminalName":"Simulated Reader 00","isPresent":false}]`, r.raw(nhso, get("/api/smartcard/terminals", fromSite)).body)

	require.NoError(t, r.machine.Unplug(reader))
	r.raw(nhso, get(readCard, fromSite)).fails(t, 418, "reader_not_found", "")
	assert.Equal(t, `[]`, r.raw(nhso, get("/api/smartcard/terminals", fromSite)).body)
	r.machine.StopService()
	r.raw(nhso, get(readCard, fromSite)).fails(t, 418, "reader_service_down", "")
}

func TestC4APreflightIsAnsweredAsOnOurOwnPort(t *testing.T) {
	r := start(t, "default")
	preflight := func(origin, asked string) answer {
		return r.raw(nhso, "OPTIONS "+readCard+" HTTP/1.1\nHost: localhost:PORT\nOrigin: "+origin+"\nAccess-Control-Request-Method: GET\nAccess-Control-Request-Headers: "+asked+"\n\n")
	}
	a := preflight(site, "content-type")
	assert.Equal(t, 204, a.status)
	assert.Equal(t, site, a.header.Get("Access-Control-Allow-Origin"))
	preflight(site, "authorization").says(t, 403, "request_context_refused", "")
	preflight(plainSite, "content-type").says(t, 403, "origin_refused", "")
}
