package crawl_test

import (
	"crypto/rand"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"chipproof/exposure/crawl"
)

const scopeFile = `# chipproof scope
owner: เทศบาลตำบลบ้านลาด
contact: dpo@banlat.go.th
expires: 2026-11-25
host: www.banlat.go.th
host: API.banlat.go.th:8443 ignore-robots step-ids

# the test server
host: 10.1.2.3
allow-private: 10.1.2.0/24
`

func TestAScopeSaysWhichHostsMayBeAsked(t *testing.T) {
	s, err := crawl.ParseScope([]byte(scopeFile), now)
	require.NoError(t, err, "its last day still counts")
	for address, want := range map[string]bool{
		"https://www.banlat.go.th/x": true, "http://www.banlat.go.th": true, "https://WWW.banlat.go.th:443/": true, "https://www.banlat.go.th./": true,
		"https://api.banlat.go.th:8443/v1": true, "http://10.1.2.3/": true,
		"https://banlat.go.th/": false, "https://api.banlat.go.th/": false, "https://www.banlat.go.th:8080/": false,
		"https://www.banlat.go.th.evil.test/": false, "ftp://www.banlat.go.th/": false, "https://evil@www.banlat.go.th/": false, "https://evil.test/www.banlat.go.th": false,
	} {
		u, err := url.Parse(address)
		require.NoError(t, err)
		_, ok := s.Host(u)
		assert.Equal(t, want, ok, address)
	}
	u, _ := url.Parse("https://api.banlat.go.th:8443/")
	h, _ := s.Host(u)
	assert.Equal(t, crawl.Host{Name: "api.banlat.go.th", Port: 8443, IgnoreRobots: true, StepIDs: true}, h)
}

// Its days are those of the people who wrote it.
func TestAScopeIsGoodToTheEndOfItsLastDayInThailand(t *testing.T) {
	midnight := time.Date(2026, 11, 26, 0, 0, 0, 0, time.FixedZone("ICT", 7*60*60))
	s, err := crawl.ParseScope([]byte(scopeFile), midnight.Add(-time.Nanosecond).UTC())
	require.NoError(t, err)
	assert.True(t, midnight.Equal(s.Expires), s.Expires)
	for _, late := range []time.Time{midnight, midnight.UTC(), midnight.Add(6 * time.Hour)} {
		_, err := crawl.ParseScope([]byte(scopeFile), late)
		assert.ErrorIs(t, err, crawl.ErrScopeInvalid, late)
	}
}

func TestAScopeThatIsNoneIsRefused(t *testing.T) {
	for what, file := range map[string]string{
		"empty":              "",
		"without a title":    "owner: x\n",
		"expired":            strings.Replace(scopeFile, "2026-11-25", "2026-11-24", 1),
		"without an owner":   strings.Replace(scopeFile, "owner:", "#", 1),
		"without a contact":  strings.Replace(scopeFile, "contact:", "#", 1),
		"without an end":     strings.Replace(scopeFile, "expires:", "#", 1),
		"a wild card":        scopeFile + "host: *.go.th\n",
		"a URL for a host":   scopeFile + "host: https://www.banlat.go.th/\n",
		"an unknown word":    scopeFile + "host: a.test everything\n",
		"an unknown name":    scopeFile + "hosts: a.test\n",
		"a line of nonsense": scopeFile + "nonsense\n",
		"a broken network":   scopeFile + "allow-private: 10.0.0.0\n",
		"a broken port":      scopeFile + "host: a.test:0\n",
		"too long":           scopeFile + strings.Repeat("# x\n", 20000),
	} {
		_, err := crawl.ParseScope([]byte(file), now)
		assert.ErrorIs(t, err, crawl.ErrScopeInvalid, what)
	}
	_, err := crawl.ParseScope([]byte(scopeFile+"nonsense\n"), now)
	assert.ErrorContains(t, err, "line 11")
}

func TestASignedScopeIsAskedForItsSignature(t *testing.T) {
	private, public, err := note.GenerateKey(rand.Reader, "banlat.go.th")
	require.NoError(t, err)
	signer, err := note.NewSigner(private)
	require.NoError(t, err)
	verifier, err := note.NewVerifier(public)
	require.NoError(t, err)
	signed, err := note.Sign(&note.Note{Text: scopeFile}, signer)
	require.NoError(t, err)

	s, err := crawl.ParseScope(signed, now, verifier)
	require.NoError(t, err)
	assert.Equal(t, "banlat.go.th", s.SignedBy)
	_, err = crawl.ParseScope([]byte(scopeFile), now, verifier)
	assert.ErrorIs(t, err, crawl.ErrScopeInvalid, "unsigned")
	_, err = crawl.ParseScope([]byte(strings.Replace(string(signed), "www.", "evil.", 1)), now, verifier)
	assert.ErrorIs(t, err, crawl.ErrScopeInvalid, "changed")
	s, err = crawl.ParseScope(signed, now)
	require.NoError(t, err, "nobody asked who signed")
	assert.Empty(t, s.SignedBy)
	_, err = crawl.ParseScope(signed, now.Add(48*time.Hour), verifier)
	assert.ErrorIs(t, err, crawl.ErrScopeInvalid)
}
