package audit_test

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
)

// The expected values were computed with Python's hmac and hashlib, by RFC 5869
// and RFC 2104; the citizen numbers are synthetic.
func TestPseudonymsAreThoseOfAnotherImplementation(t *testing.T) {
	ring, err := audit.ParsePseudonymRing([]byte("p00010203 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"))
	require.NoError(t, err)
	for _, v := range []struct {
		purpose string
		year    int
		number  string
		want    string
	}{
		{"form_fill", 2026, "1101700230708", "p00010203.2026.TT8jxzyoXpVvx9gegqA_9-Fin_QYtAqXoANd5fXJ4zM"},
		{"identity_proofing", 2026, "1101700230708", "p00010203.2026.otE03eQzYqgGf37VoLiE8ML338ogRdCIAGfcEjVukSE"},
		{"form_fill", 2027, "1101700230708", "p00010203.2027.N_ETcqraYrzlgSE2-GBslxVwoFdNt_j6WYsc7VlDZa0"},
		{"form_fill", 2026, "1234567890121", "p00010203.2026.kFDAWMaDZOJ78ZI2cqu-1_Ogjw9XmFV-fZLmWNehY78"},
	} {
		got, err := ring.Pseudonym(v.purpose, v.year, v.number)
		require.NoError(t, err)
		assert.Equal(t, v.want, got)
	}
}

func TestARotatedRingStillFindsAPerson(t *testing.T) {
	old, err := audit.NewPseudonymRing(rand.Reader)
	require.NoError(t, err)
	before, err := old.Pseudonym("form_fill", 2026, "1234567890121")
	require.NoError(t, err)
	ring, err := old.Rotated(rand.Reader)
	require.NoError(t, err)
	ring, err = audit.ParsePseudonymRing(bytes.ReplaceAll(ring.Reveal(), []byte("\n"), []byte("\r\n")))
	require.NoError(t, err)
	after, err := ring.Pseudonym("form_fill", 2026, "1234567890121")
	require.NoError(t, err)
	assert.NotEqual(t, before, after)
	all, err := ring.Pseudonyms("form_fill", 2026, "1234567890121")
	require.NoError(t, err)
	assert.Equal(t, []string{before, after}, all)
}

func TestAPseudonymIsOfOneNumberInOneForm(t *testing.T) {
	ring, err := audit.NewPseudonymRing(rand.Reader)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		purpose string
		year    int
		number  string
	}{
		"dashes": {"form_fill", 2026, "1-2345-67890-12-1"}, "Thai digits": {"form_fill", 2026, "๑๒๓๔๕๖๗๘๙๐๑๒๑"}, "short": {"form_fill", 2026, "123456789012"},
		"no purpose": {"", 2026, "1234567890121"}, "no year": {"form_fill", 0, "1234567890121"},
	} {
		_, err := ring.Pseudonym(c.purpose, c.year, c.number)
		require.ErrorIs(t, err, audit.ErrInvalid, name)
		assert.NotContains(t, err.Error(), c.number, "an error quotes no number")
	}
	for name, file := range map[string]string{
		"empty": "", "no key": "p00010203\n", "short key": "p00010203 AAEC\n", "other id": "k00010203 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
		"twice": strings.Repeat("p00010203 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n", 2),
	} {
		_, err := audit.ParsePseudonymRing([]byte(file))
		assert.ErrorIs(t, err, audit.ErrKeyInvalid, name)
	}
}
