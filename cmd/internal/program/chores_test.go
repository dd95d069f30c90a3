package program

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/store"
)

func listed(t testing.TB, s *Site, kind audit.Kind) []store.AuditItem {
	t.Helper()
	items, err := s.Store.List(t.Context(), store.AuditFilter{Kinds: []audit.Kind{kind}})
	require.NoError(t, err)
	return items
}

func TestHowLongEntriesAreKeptIsWrittenDownBeforeAnyGoes(t *testing.T) {
	s := openedSite(t)
	old := time.Now().Add(-100 * day)
	require.NoError(t, s.Record(t.Context(), audit.Event{Kind: audit.KindOriginUsed, At: old}))
	require.NoError(t, s.Record(t.Context(), audit.Event{Kind: audit.KindRead, At: old}))
	keep := audit.Policy{audit.ClassRead: 90 * day}
	require.NoError(t, s.clear(t.Context(), keep))
	require.NoError(t, s.clear(t.Context(), keep))
	policy := listed(t, s, audit.KindPolicy)
	require.Len(t, policy, 1, "once, and not each time")
	assert.Equal(t, map[string]string{"read": "90"}, policy[0].Entry.Attributes)
	deleted := listed(t, s, audit.KindDeleted)
	require.Len(t, deleted, 1)
	assert.Greater(t, deleted[0].Number, policy[0].Number)
	assert.Empty(t, listed(t, s, audit.KindRead), "gone after its time")
	assert.Len(t, listed(t, s, audit.KindOriginUsed), 1, "a class that isn't named is kept")

	keep = audit.Policy{audit.ClassRead: 400 * day}
	require.NoError(t, s.clear(t.Context(), keep))
	assert.Len(t, listed(t, s, audit.KindPolicy), 2, "another policy is another entry")
}

func TestAPolicyIsReadOrRefusedAsAWhole(t *testing.T) {
	policy, err := ParsePolicy([]string{"authentication=90", "read=365"})
	require.NoError(t, err)
	assert.Equal(t, audit.Policy{audit.ClassAuthentication: 90 * day, audit.ClassRead: 365 * day}, policy)
	for _, wrong := range [][]string{{"read"}, {"read=a"}, {"read=89"}, {"log=365"}, {"gossip=365"}, {"read=365", "read=400"}, {"read=-1"}, {"read=9999999"}} {
		_, err := ParsePolicy(wrong)
		assert.ErrorContains(t, err, "--keep", "%v", wrong)
	}
}
