package audit_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"

	"chipproof/audit"
)

func TestAKeyFileGivesTheKeyBack(t *testing.T) {
	k, err := audit.GenerateKey(rand.Reader)
	require.NoError(t, err)
	file, err := k.Reveal()
	require.NoError(t, err)
	again, err := audit.ParseKey(file)
	require.NoError(t, err)
	assert.Equal(t, k.Public(), again.Public())
	_, err = audit.ParseKey(bytes.ReplaceAll(file, []byte("\n"), []byte("\r\n")))
	require.NoError(t, err, "saved on Windows")

	// The form is that of signed notes: their own reader takes it.
	lines := strings.Split(strings.TrimSpace(string(file)), "\n")
	signer, err := note.NewSigner(lines[len(lines)-1])
	require.NoError(t, err)
	assert.Equal(t, k.KeyHash(), signer.KeyHash())

	for name, bad := range map[string]string{
		"empty":      "",
		"two keys":   string(file) + string(file),
		"public key": k.Public(),
		"cut":        lines[1][:len(lines[1])-5],
		"other name": strings.Replace(lines[1], k.Name(), k.Name()+"x", 1),
		"pem":        "-----BEGIN " + "PRIVATE KEY-----\nMC4CAQ==\n-----END PRIVATE KEY-----\n",
	} {
		_, err := audit.ParseKey([]byte(bad))
		assert.ErrorIs(t, err, audit.ErrKeyInvalid, name)
		assert.NotContains(t, fmt.Sprint(err), "PRIVATE", "an error quotes no key")
	}
	for name, bad := range map[string]string{"none": "# nothing\n", "nonsense": "a+b+c", "cut": k.Public()[:len(k.Public())-2]} {
		_, err := audit.ParseKeys([]byte(bad))
		assert.ErrorIs(t, err, audit.ErrKeyInvalid, name)
	}
}

func TestAKeyPrintsItsPublicHalfOnly(t *testing.T) {
	k, err := audit.GenerateKey(rand.Reader)
	require.NoError(t, err)
	ring, err := audit.NewPseudonymRing(rand.Reader)
	require.NoError(t, err)
	file, err := k.Reveal()
	require.NoError(t, err)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("keys", "key", k, "ring", ring)
	printed := log.String() + fmt.Sprintf("%v %+v %#v %s %x %v %+v %#v %s %x", k, k, k, k, k, ring, ring, ring, ring, ring)
	for _, secret := range []string{secretPart(string(file), "+", 5), secretPart(string(ring.Reveal()), " ", 2)} {
		require.Greater(t, len(secret), 40)
		assert.NotContains(t, printed, secret)
	}
	assert.Contains(t, printed, k.Public())
}

// secretPart is the last field of a key file's last line.
func secretPart(file, sep string, fields int) string {
	lines := strings.Split(strings.TrimSpace(file), "\n")
	return strings.SplitN(lines[len(lines)-1], sep, fields)[fields-1]
}

func TestAKeyMayStayInADevice(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	k, err := audit.NewKey("log-of-a-device", &device{private})
	require.NoError(t, err)
	l := newLedger(t)
	l.key = k
	l.reads(t, 3)
	l.checkpoint(t)
	assert.True(t, l.verify(t).OK)
	_, err = k.Reveal()
	assert.ErrorIs(t, err, audit.ErrKeyInvalid)

	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	_, err = audit.NewKey("log", other)
	assert.ErrorIs(t, err, audit.ErrKeyInvalid, "as the proof key is")
	for _, name := range []string{"", "two words", "a+b"} {
		_, err = audit.NewKey(name, private)
		assert.ErrorIs(t, err, audit.ErrKeyInvalid, "%q", name)
	}
}
