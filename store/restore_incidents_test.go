package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/store/office"
)

func (s *site) incident(t testing.TB) string {
	t.Helper()
	incidents := office.NewIncidents(s.store, s.log, office.IncidentOptions{Clock: s.clock})
	c, err := incidents.Open(t.Context(), breach.Actor{ID: "os:0"}, breach.Reported{
		Title: "ไฟล์เปิดอยู่", Role: breach.RoleController, Source: breach.FromStaff, ReportedAt: breach.At(s.clock()),
	})
	require.NoError(t, err)
	require.NoError(t, incidents.Check(t.Context()))
	return c.ID
}

func TestIncidentsComeBackAndNoNumberIsGivenAgain(t *testing.T) {
	s := newSite(t)
	first := s.incident(t)
	assert.Regexp(t, `^b-\d{4}-0001$`, first)
	s.makeBackup(t)
	lost := s.incident(t)
	s.close(t)

	s.restore(t, nil)
	s.reopen(t, s.dir)
	incidents := office.NewIncidents(s.store, s.log, office.IncidentOptions{Clock: s.clock})
	_, err := incidents.One(t.Context(), first)
	require.NoError(t, err)
	_, err = incidents.One(t.Context(), lost)
	require.ErrorIs(t, err, breach.ErrIncidentUnknown)
	require.NoError(t, incidents.Check(t.Context()), "the log that was restored knows nothing of what was lost")
	assert.Regexp(t, `^b-\d{4}-1001$`, s.incident(t), "the lost one's name still stands in a letter")
}
