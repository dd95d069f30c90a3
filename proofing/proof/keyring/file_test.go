package keyring_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
	"chipproof/proofing/proof/keyring"
)

func TestARingOfTheOtherModeIsRefused(t *testing.T) {
	for mode, other := range map[proof.Mode]proof.Mode{proof.Production: proof.Test, proof.Test: proof.Production} {
		ring, err := keyring.New(rand.Reader, start, mode)
		require.NoError(t, err)
		_, err = keyring.ParseFor(other, ring.Reveal())
		require.ErrorIs(t, err, keyring.ErrRingMode)
		read, err := keyring.ParseFor(mode, ring.Reveal())
		require.NoError(t, err)
		assert.Equal(t, mode, read.Mode())
	}
}

func TestTheFileHoldsNoPrivateHalfThatCanNotSignAnyMore(t *testing.T) {
	ring := rotated(t, newRing(t), start)
	old := kids(ring)[0]
	assert.Len(t, privateHalves(t, ring), 2, "one signs, one waits")
	ring = rotated(t, ring, start.Add(2*keyring.Ahead))
	assert.NotContains(t, privateHalves(t, ring), old)
	ring = revoked(t, ring, kids(ring)[1], start.Add(2*keyring.Ahead+time.Hour))
	assert.Equal(t, []string{kids(ring)[3]}, privateHalves(t, ring))
}

// privateHalves are the kids of the keys whose private half lies in the file.
func privateHalves(t *testing.T, ring *keyring.Ring) []string {
	t.Helper()
	var kids []string
	for _, k := range decoded(t, ring)["keys"].([]any) {
		if k.(map[string]any)["private"] != nil {
			kids = append(kids, k.(map[string]any)["kid"].(string))
		}
	}
	return kids
}

func decoded(t *testing.T, ring *keyring.Ring) map[string]any {
	t.Helper()
	var file map[string]any
	require.NoError(t, json.Unmarshal(ring.Reveal(), &file))
	return file
}

func TestADamagedFileIsNoRing(t *testing.T) {
	ring := rotated(t, newRing(t), start)
	firstOf := func(file map[string]any) map[string]any { return file["keys"].([]any)[0].(map[string]any) }
	secondOf := func(file map[string]any) map[string]any { return file["keys"].([]any)[1].(map[string]any) }
	other := decoded(t, newRing(t))
	wide, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	widePublic, err := x509.MarshalPKIXPublicKey(&wide.PublicKey)
	require.NoError(t, err)

	for name, damage := range map[string]func(map[string]any){
		"no title":                    func(f map[string]any) { f["about"] = "keys" },
		"no mode":                     func(f map[string]any) { f["mode"] = "" },
		"a mode that is none":         func(f map[string]any) { f["mode"] = "Production" },
		"no keys":                     func(f map[string]any) { f["keys"] = []any{} },
		"an unknown member":           func(f map[string]any) { f["more"] = 1 },
		"another key's kid":           func(f map[string]any) { firstOf(f)["kid"] = secondOf(f)["kid"] },
		"another key's public half":   func(f map[string]any) { firstOf(f)["public"] = firstOf(other)["public"] },
		"another key's private half":  func(f map[string]any) { firstOf(f)["private"] = secondOf(f)["private"] },
		"a public half that is none":  func(f map[string]any) { firstOf(f)["public"] = "AAAA" },
		"a public half of P-384":      func(f map[string]any) { firstOf(f)["public"] = base64.StdEncoding.EncodeToString(widePublic) },
		"base64 without padding":      func(f map[string]any) { firstOf(f)["public"] = strings.TrimRight(firstOf(f)["public"].(string), "=") },
		"a private half that is none": func(f map[string]any) { firstOf(f)["private"] = "AAAA" },
		"no public half":              func(f map[string]any) { firstOf(f)["public"] = "" },
		"a key twice":                 func(f map[string]any) { f["keys"] = []any{firstOf(f), firstOf(f)} },
		"the newer key first":         func(f map[string]any) { f["keys"] = []any{secondOf(f), firstOf(f)} },
		"made before 1970":            func(f map[string]any) { firstOf(f)["made"] = -1 },
		"signing before it was made":  func(f map[string]any) { firstOf(f)["signs_from"] = firstOf(f)["made"].(float64) - 1 },
		"a time after the year 2100":  func(f map[string]any) { secondOf(f)["signs_from"] = 5e9 },
		"revoked before it was made":  func(f map[string]any) { firstOf(f)["revoked"] = 1; delete(firstOf(f), "private") },
		"revoked, and still armed":    func(f map[string]any) { firstOf(f)["revoked"] = firstOf(f)["signs_from"] },
	} {
		file := decoded(t, ring)
		damage(file)
		text, err := json.Marshal(file)
		require.NoError(t, err)
		_, err = keyring.Parse(text)
		require.ErrorIs(t, err, keyring.ErrRingInvalid, name)
	}
	for _, text := range []string{"", "null", "[]", "{}", string(ring.Reveal()) + "{}", strings.Repeat(" ", 64<<10) + string(ring.Reveal())} {
		_, err := keyring.Parse([]byte(text))
		require.ErrorIs(t, err, keyring.ErrRingInvalid)
	}
}

func TestWhatIsWrongWithAFileNeverQuotesIt(t *testing.T) {
	ring := newRing(t)
	secret := decoded(t, ring)["keys"].([]any)[0].(map[string]any)["private"].(string)
	for _, text := range []string{
		strings.Replace(string(ring.Reveal()), `"private"`, `"`+secret+`"`, 1),
		strings.Replace(string(ring.Reveal()), `"made":`, `"made":"`+secret+`","x":`, 1),
	} {
		_, err := keyring.Parse([]byte(text))
		require.ErrorIs(t, err, keyring.ErrRingInvalid)
		assert.NotContains(t, err.Error(), secret[:20])
	}
}
