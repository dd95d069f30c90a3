package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/store"
)

// openedSite is an open data folder of the test's own.
func openedSite(t testing.TB) *site {
	t.Helper()
	dir := newData(t)
	s, err := openSite(t.Context(), dir, filepath.Join(dir, keyFolder), siteOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.close(context.Background())) })
	return s
}

func listed(t testing.TB, s *site, kind audit.Kind) []store.AuditItem {
	t.Helper()
	items, err := s.store.List(t.Context(), store.AuditFilter{Kinds: []audit.Kind{kind}})
	require.NoError(t, err)
	return items
}

func TestHowLongEntriesAreKeptIsWrittenDownBeforeAnyGoes(t *testing.T) {
	s := openedSite(t)
	old := time.Now().Add(-100 * day)
	require.NoError(t, s.record(t.Context(), audit.Event{Kind: audit.KindOriginUsed, At: old}))
	require.NoError(t, s.record(t.Context(), audit.Event{Kind: audit.KindRead, At: old}))
	a := agentAt(s, audit.Policy{audit.ClassRead: 90 * day})
	require.NoError(t, a.clear(t.Context()))
	require.NoError(t, a.clear(t.Context()))
	policy := listed(t, s, audit.KindPolicy)
	require.Len(t, policy, 1, "once, and not each time")
	assert.Equal(t, map[string]string{"read": "90"}, policy[0].Entry.Attributes)
	deleted := listed(t, s, audit.KindDeleted)
	require.Len(t, deleted, 1)
	assert.Greater(t, deleted[0].Number, policy[0].Number)
	assert.Empty(t, listed(t, s, audit.KindRead), "gone after its time")
	assert.Len(t, listed(t, s, audit.KindOriginUsed), 1, "a class that isn't named is kept")

	a.keep = audit.Policy{audit.ClassRead: 400 * day}
	require.NoError(t, a.clear(t.Context()))
	assert.Len(t, listed(t, s, audit.KindPolicy), 2, "another policy is another entry")
}

func agentAt(s *site, keep audit.Policy) agent {
	return agent{site: s, keep: keep, log: slog.New(slog.DiscardHandler)}
}

func TestAPolicyIsReadOrRefusedAsAWhole(t *testing.T) {
	policy, err := parsePolicy([]string{"authentication=90", "read=365"})
	require.NoError(t, err)
	assert.Equal(t, audit.Policy{audit.ClassAuthentication: 90 * day, audit.ClassRead: 365 * day}, policy)
	for _, wrong := range [][]string{{"read"}, {"read=a"}, {"read=89"}, {"log=365"}, {"gossip=365"}, {"read=365", "read=400"}, {"read=-1"}, {"read=9999999"}} {
		_, err := parsePolicy(wrong)
		assert.ErrorContains(t, err, "--keep", "%v", wrong)
	}
}
