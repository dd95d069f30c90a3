package audit_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/audit"
)

// fixedKey is the key of the corpora, which need one that stays.
func fixedKey(t testing.TB) *audit.Key {
	t.Helper()
	k, err := audit.GenerateKey(bytes.NewReader(make([]byte, 64)))
	require.NoError(t, err)
	return k
}

func FuzzParseEntry(f *testing.F) {
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, err := audit.ParseEntry(payload)
		if err != nil {
			require.ErrorIs(t, err, audit.ErrInvalid)
			return
		}
		again, err := e.Encode()
		require.NoError(t, err)
		require.Equal(t, payload, again, "there is one encoding of an entry")
	})
}

func FuzzWitness(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		s, err := audit.Witness{Text: text}.Read(fixedKey(t).Keys())
		if err != nil {
			require.ErrorIs(t, err, audit.ErrWitnessInvalid)
			return
		}
		require.GreaterOrEqual(t, s.Size, int64(0))
		require.True(t, s.Has(s.Head))
	})
}

func FuzzReadExport(f *testing.F) {
	f.Fuzz(func(t *testing.T, file []byte) {
		log, err := audit.ReadExport(bytes.NewReader(file))
		if err != nil {
			require.ErrorIs(t, err, audit.ErrInvalid)
			return
		}
		r, err := audit.Verify(t.Context(), log, audit.VerifyOptions{Keys: fixedKey(t).Keys()})
		require.NoError(t, err)
		if r.OK {
			require.LessOrEqual(t, r.Entries, int64(bytes.Count(file, []byte("\n"))), "the header and every entry take a line")
		}
	})
}

func FuzzParseKeys(f *testing.F) {
	f.Fuzz(func(t *testing.T, file []byte) {
		if k, err := audit.ParseKey(file); err == nil {
			again, err := k.Reveal()
			require.NoError(t, err)
			same, err := audit.ParseKey(again)
			require.NoError(t, err)
			require.Equal(t, k.Public(), same.Public())
		}
		if r, err := audit.ParsePseudonymRing(file); err == nil {
			same, err := audit.ParsePseudonymRing(r.Reveal())
			require.NoError(t, err)
			require.Equal(t, r.String(), same.String())
		}
		if _, err := audit.ParseKeys(file); err != nil {
			require.ErrorIs(t, err, audit.ErrKeyInvalid)
		}
	})
}
