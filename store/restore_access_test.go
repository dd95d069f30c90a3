package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
)

func (s *site) approve(t testing.TB, origin, fields, ask string) {
	t.Helper()
	require.NoError(t, s.exec(t, fmt.Sprintf(`INSERT INTO web_origin
		(id, origin, audience, fields, purposes, return_urls, key_set, ask, plain_http, approved_by, approved_at)
		VALUES ('id-%[1]s', '%[1]s', 'a', '%[2]s', 'form_fill', '', '', '%[3]s', 0, 'os:0', 1)`, origin, fields, ask)))
}

func (s *site) users(t testing.TB) map[string]mfa.User {
	t.Helper()
	all := map[string]mfa.User{}
	require.NoError(t, s.store.View(t.Context(), func(tx mfa.Tx) error {
		list, err := tx.Users(t.Context())
		for _, u := range list {
			all[u.Name] = u
		}
		return err
	}))
	return all
}

func (s *site) kinds(t testing.TB, kind audit.Kind) []audit.Entry {
	t.Helper()
	list, err := s.store.List(t.Context(), store.AuditFilter{Kinds: []audit.Kind{kind}})
	require.NoError(t, err)
	var entries []audit.Entry
	for _, item := range list {
		entries = append(entries, item.Entry)
	}
	return entries
}

func TestWhatWasWithdrawnSinceTheBackupDoesNotComeBackWithIt(t *testing.T) {
	s := newSite(t)
	os0 := mfa.ByOS("0")
	for name, role := range map[string]mfa.Role{"malee": mfa.RoleAdmin, "anan": mfa.RoleStaff, "suda": mfa.RoleDPO, "wichai": mfa.RoleStaff} {
		s.clerk(t, name, role)
	}
	s.approve(t, "https://revoked.example", "name", "always")
	s.approve(t, "https://narrower.example", "name photo", "always")
	s.approve(t, "https://asks.example", "name", "never")
	s.approve(t, "https://wider.example", "name", "always")
	s.makeBackup(t)
	s.wait(time.Hour)

	require.NoError(t, s.logins.DisableUser(t.Context(), os0, "anan"))
	require.NoError(t, s.logins.SetRole(t.Context(), os0, "suda", mfa.RoleStaff))
	require.NoError(t, s.logins.SetRole(t.Context(), os0, "malee", mfa.RoleAdmin))
	disabled := s.users(t)["anan"].Disabled
	require.NoError(t, s.exec(t, `DELETE FROM totp WHERE account_id = (SELECT id FROM account WHERE name = 'wichai')`))
	require.NoError(t, s.exec(t, `UPDATE password SET changed_at = changed_at + 1 WHERE account_id = (SELECT id FROM account WHERE name = 'wichai')`))
	require.NoError(t, s.exec(t, `DELETE FROM web_origin WHERE origin = 'https://revoked.example'`))
	require.NoError(t, s.exec(t, `UPDATE web_origin SET fields = 'name' WHERE origin = 'https://narrower.example'`))
	require.NoError(t, s.exec(t, `UPDATE web_origin SET ask = 'always' WHERE origin = 'https://asks.example'`))
	require.NoError(t, s.exec(t, `UPDATE web_origin SET fields = 'photo name' WHERE origin = 'https://wider.example'`))
	s.close(t)

	done := s.restore(t, nil)
	assert.Equal(t, store.Returned{
		Compared: true, Disabled: []string{"anan"}, Revoked: []string{"https://revoked.example"},
		Roles: []string{"suda"}, Factors: []string{"wichai"}, Passwords: []string{"wichai"},
		Origins: []string{"https://asks.example", "https://narrower.example"},
	}, done.Returned)
	assert.True(t, done.Verified.OK, done.Verified.Problems)

	s.reopen(t, s.dir)
	users := s.users(t)
	assert.Equal(t, disabled, users["anan"].Disabled, "since when it was")
	assert.Zero(t, users["malee"].Disabled)
	_, err := s.logins.Login(t.Context(), mfa.Login{UserName: "anan", Password: mfa.Hide("แมวสามตัวข้ามคลอง")})
	assert.Error(t, err)
	entries := s.kinds(t, audit.KindOriginRevoked)
	require.Len(t, entries, 1)
	assert.Equal(t, "https://revoked.example", entries[0].Attributes["origin"])
	entries = s.kinds(t, "user_disabled")
	require.Len(t, entries, 1)
	assert.Equal(t, users["anan"].ID, entries[0].Subject)
	assert.Equal(t, "os:1000", entries[0].Actor)
}

// Who isn't in an older database, or in one that was cut off, was not withdrawn.
func TestOnlyALaterStateTellsWhatWasWithdrawn(t *testing.T) {
	s := newSite(t)
	s.reads(t, 3)
	s.close(t)
	path := filepath.Join(s.dir, store.FileName)
	older, err := os.ReadFile(path)
	require.NoError(t, err)
	s.reopen(t, s.dir)
	s.clerk(t, "malee", mfa.RoleAdmin)
	s.approve(t, "https://hospital.example", "name", "always")
	s.makeBackup(t)
	s.close(t)

	require.NoError(t, os.WriteFile(path, older, 0o600))
	assert.Equal(t, store.Returned{}, s.restore(t, nil).Returned)
	require.NoError(t, os.WriteFile(path, []byte("a disk that failed"), 0o600))
	assert.Equal(t, store.Returned{}, s.restore(t, nil).Returned)
	require.NoError(t, os.Remove(path))
	assert.Equal(t, store.Returned{}, s.restore(t, nil).Returned)
	assert.Equal(t, store.Returned{Compared: true}, s.restore(t, nil).Returned, "over itself nothing was withdrawn")
	s.reopen(t, s.dir)
	assert.Zero(t, s.users(t)["malee"].Disabled)
}
