package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/store/counter"
)

func (s *site) prove(t testing.TB, id string, use proofing.RequestUse) (txn string) {
	t.Helper()
	records := counter.New(s.store, s.log)
	if !use.IsZero() {
		reserved, err := records.ReserveRequest(t.Context(), use, id, s.clock())
		require.NoError(t, err)
		require.True(t, reserved)
	}
	txn, err := records.RecordProofing(t.Context(), proofing.Record{ID: id, At: s.clock(), Use: use})
	require.NoError(t, err)
	return txn
}

func TestProofingsComeBackAndNoNumberIsGivenAgain(t *testing.T) {
	s := newSite(t)
	use := proofing.RequestUse{Issuer: "https://app.example.go.th", JTI: "jti", Nonce: "nonce", Until: s.clock().Add(3 * time.Minute)}
	first := s.prove(t, "a", use)
	asked := s.prove(t, "b", proofing.RequestUse{})
	s.makeBackup(t)
	lost := s.prove(t, "c", proofing.RequestUse{})
	number := s.kinds(t, audit.KindProofing)[1].Number // newest first
	_, err := s.log.Erase(t.Context(), by, "asked for", number)
	require.NoError(t, err)
	s.close(t)

	s.restore(t, nil)
	s.reopen(t, s.dir)
	records := counter.New(s.store, s.log)
	for txn, want := range map[string]bool{first: true, asked: false, lost: false} {
		_, found, err := records.Proofing(t.Context(), txn)
		require.NoError(t, err)
		assert.Equal(t, want, found, "%s: what was erased since the backup is erased again", txn)
	}
	again, err := records.ReserveRequest(t.Context(), use, "d", s.clock())
	require.NoError(t, err)
	assert.False(t, again, "a request that was used before the backup stays used")
	next := s.prove(t, "e", proofing.RequestUse{})
	assert.Regexp(t, `^pf-\d{8}-100001$`, next)
	assert.Greater(t, next, lost)

	// On a later day, and once more: numbers begin above what may have been given.
	s.close(t)
	s.wait(24 * time.Hour)
	s.restore(t, nil)
	s.reopen(t, s.dir)
	assert.Regexp(t, `^pf-\d{8}-100001$`, s.prove(t, "f", proofing.RequestUse{}))
}

func TestADaysNumbersGoOnAfterASecondRestore(t *testing.T) {
	s := newSite(t)
	s.makeBackup(t)
	s.close(t)
	s.restore(t, nil)
	s.reopen(t, s.dir)
	assert.Regexp(t, `-100001$`, s.prove(t, "a", proofing.RequestUse{}))
	s.backup += "2"
	s.makeBackup(t)
	assert.Regexp(t, `-100002$`, s.prove(t, "b", proofing.RequestUse{}))
	s.close(t)
	s.restore(t, nil)
	s.reopen(t, s.dir)
	assert.Regexp(t, `-200001$`, s.prove(t, "c", proofing.RequestUse{}))
}
