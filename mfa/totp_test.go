package mfa_test

import (
	"encoding/base32"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/mfa"
)

// rfcSecret is the key of RFC 6238, Appendix B, for SHA-1.
func rfcSecret(t testing.TB) mfa.Secret {
	t.Helper()
	s, err := mfa.ParseSecret(base32.StdEncoding.EncodeToString([]byte("12345678901234567890")))
	require.NoError(t, err)
	return s
}

// The RFC prints eight digits; six are the last six of them (RFC 4226 §5.3).
var rfc6238 = []struct {
	seconds int64
	code    string
}{
	{59, "287082"},
	{1111111109, "081804"},
	{1111111111, "050471"},
	{1234567890, "005924"},
	{2000000000, "279037"},
	{20000000000, "353130"},
}

func TestMatchAgreesWithRFC6238(t *testing.T) {
	for _, v := range rfc6238 {
		step, ok := mfa.Match(rfcSecret(t), v.code, time.Unix(v.seconds, 0), 0)
		assert.True(t, ok, "%d", v.seconds)
		assert.Equal(t, v.seconds/30, step, "%d", v.seconds)
		shown, err := mfa.Code(rfcSecret(t), time.Unix(v.seconds, 0))
		require.NoError(t, err)
		assert.Equal(t, v.code, shown.Reveal())
	}
}

func TestMatchTakesTheStepsBesideThePresentOneAndNoOther(t *testing.T) {
	const step = 1234567890 / 30
	for offset, want := range map[time.Duration]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		at, ok := mfa.Match(rfcSecret(t), "005924", time.Unix(1234567890, 0).Add(offset*mfa.StepLength), 0)
		assert.Equal(t, want, ok, "clock %d steps off", offset)
		if ok {
			assert.EqualValues(t, step, at)
		}
	}
}

func TestMatchRefusesStepsThatWereTaken(t *testing.T) {
	now := time.Unix(1234567890, 0)
	step := mfa.Step(now)
	for after, want := range map[int64]bool{step - 1: true, step: false, step + 1: false} {
		_, ok := mfa.Match(rfcSecret(t), "005924", now, after)
		assert.Equal(t, want, ok)
	}
}

func TestMatchTakesNothingButSixASCIIDigits(t *testing.T) {
	for _, code := range []string{
		"", "00592", "0059244", " 005924", "005924 ", "005924\n", "\u00a0005924", "005924\u3000", "\t005924",
		"๐๐๕๙๒๔", "００５９２４", "00592\u0664", "+05924", "-05924", "5924", "0x1724", "005924\x00", "00 5924", "OO5924",
	} {
		_, ok := mfa.Match(rfcSecret(t), code, time.Unix(1234567890, 0), 0)
		assert.False(t, ok, "%q", code)
	}
}

func TestMatchAgreesWithASecondImplementation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), mfa.SecretBytes, mfa.SecretBytes).Draw(t, "secret")
		secret, err := mfa.ParseSecret(base32.StdEncoding.EncodeToString(raw))
		if err != nil {
			t.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(0, 1<<36).Draw(t, "now"), 0)
		offset := rapid.Int64Range(-4, 4).Draw(t, "offset")
		step := mfa.Step(now) + offset
		if step < 1 {
			return
		}
		got, ok := mfa.Match(secret, codeAt(secret, step).Reveal(), now, 0)
		inside := offset >= -1 && offset <= 1
		if inside && (!ok || got < step) {
			t.Fatalf("code of step %d: got %d, %v", step, got, ok)
		}
		if _, ok := mfa.Match(secret, codeAt(secret, step).Reveal(), now, got); ok && inside {
			t.Fatal("a code must be dead once its step is taken")
		}
	})
}

func TestStepsGoDownwardsBefore1970(t *testing.T) {
	for seconds, want := range map[int64]int64{-31: -2, -30: -1, -1: -1, 0: 0, 29: 0, 30: 1} {
		assert.Equal(t, want, mfa.Step(time.Unix(seconds, 0)), "%d s", seconds)
		assert.False(t, mfa.StepStart(want).After(time.Unix(seconds, 0)))
	}
}

func TestASecretComesBackFromItsText(t *testing.T) {
	s := rfcSecret(t)
	assert.Equal(t, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", s.Reveal())
	for _, text := range []string{"", "GEZDGNBVGY3TQOJQ", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1", s.Reveal() + "======="} {
		_, err := mfa.ParseSecret(text)
		assert.ErrorIs(t, err, mfa.ErrKeyInvalid, "%d characters", len(text))
	}
}
