package counter_test

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api/apitest"
	"chipproof/api/counter"
	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/store"
	storecounter "chipproof/store/counter"
)

var _ counter.Records = (*storecounter.Records)(nil)

const site = "https://app.example.go.th"

var admin = proofing.Actor{ID: "user-1", Session: "session-1"}

// entry is an origin with everything that it can hold.
func entry(o *apitest.Office) proofing.Origin {
	return proofing.Origin{
		Origin: site, Audience: "our-app", Fields: []string{"name", "sex"}, Purposes: []string{"form_fill", "identity_proofing"},
		ReturnURLs: []string{site + "/back", site + "/other?x=1"}, Keys: []byte(`{"keys":[{"kid":"one"},{"kid":"two"}]}`),
		Ask: proofing.AskAlways, ApprovedAt: o.Clock.Now(),
	}
}

func TestAnOriginIsKeptWithEverythingItHolds(t *testing.T) {
	o := apitest.New(t)
	saved, err := o.Records.SaveOrigin(t.Context(), admin, entry(o))
	require.NoError(t, err)
	want := entry(o)
	want.ID, want.ApprovedBy = saved.ID, admin.ID
	assert.Equal(t, want, saved)
	assert.Regexp(t, `^[0-9a-f]{32}$`, saved.ID)

	found, ok, err := o.Records.Origin(t.Context(), site)
	require.NoError(t, err)
	require.True(t, ok)
	assert.Equal(t, saved, found)
	for _, other := range []string{"", site + "/", "https://APP.example.go.th", site[1:], "%"} {
		_, ok, err := o.Records.Origin(t.Context(), other)
		require.NoError(t, err)
		assert.False(t, ok, other)
	}
	added := o.Entries(audit.KindOriginAdded)
	require.Len(t, added, 1)
	assert.Equal(t, admin.ID, added[0].Actor)
	assert.Equal(t, admin.Session, added[0].Session)
	assert.Equal(t, saved.ID, added[0].Subject)
	assert.Equal(t, map[string]string{
		"origin": site, "audience": "our-app", "fields": "name sex", "purposes": "form_fill identity_proofing", "ask": "always",
		"return_urls": "2", "keys": "one two",
	}, added[0].Attributes)
}

func TestAChangedOriginKeepsItsNameAndItsLastUse(t *testing.T) {
	o := apitest.New(t)
	first, err := o.Records.SaveOrigin(t.Context(), admin, entry(o))
	require.NoError(t, err)
	require.NoError(t, o.Records.UseOrigin(t.Context(), admin, site, o.Clock.Now(), o.Clock.Now().Add(-time.Hour)))
	o.Clock.Forward(time.Hour)
	changed, err := o.Records.SaveOrigin(t.Context(), proofing.Actor{ID: "os:0"}, proofing.Origin{
		Origin: site, Audience: site, Fields: []string{"sex"}, Purposes: []string{"form_fill"}, Ask: proofing.AskNever, ApprovedAt: o.Clock.Now(),
	})
	require.NoError(t, err)
	assert.Equal(t, first.ID, changed.ID)
	assert.Equal(t, o.Clock.Now().Add(-time.Hour), changed.LastUse)
	assert.Equal(t, "os:0", changed.ApprovedBy)
	assert.Nil(t, changed.Keys)
	assert.Nil(t, changed.ReturnURLs)
	assert.Len(t, o.Entries(audit.KindOriginChanged), 1)
	list, err := o.Records.Origins(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []proofing.Origin{changed}, list)
}

func TestARevokedOriginIsGoneAndTheLogSaysWho(t *testing.T) {
	o := apitest.New(t)
	saved, err := o.Records.SaveOrigin(t.Context(), admin, entry(o))
	require.NoError(t, err)
	for i, want := range []bool{true, false} {
		found, err := o.Records.RevokeOrigin(t.Context(), admin, saved.ID, o.Clock.Now())
		require.NoError(t, err)
		assert.Equal(t, want, found, i)
	}
	list, err := o.Records.Origins(t.Context())
	require.NoError(t, err)
	assert.Empty(t, list)
	require.Len(t, o.Entries(audit.KindOriginRevoked), 1)
	again, err := o.Records.SaveOrigin(t.Context(), admin, entry(o))
	require.NoError(t, err)
	assert.NotEqual(t, saved.ID, again.ID, "listed anew it is another entry")
}

func TestTheFirstUseOfADayIsNotedOnceWhoeverNotesIt(t *testing.T) {
	o := apitest.New(t)
	_, err := o.Records.SaveOrigin(t.Context(), admin, entry(o))
	require.NoError(t, err)
	today := o.Clock.Now().Add(-time.Hour)
	twice(t, o, func(r *storecounter.Records) {
		assert.NoError(t, r.UseOrigin(t.Context(), admin, site, o.Clock.Now(), today))
	})
	assert.Len(t, o.Entries(audit.KindOriginUsed), 1)
	require.NoError(t, o.Records.UseOrigin(t.Context(), admin, "https://unknown.example", o.Clock.Now(), today))
	assert.Len(t, o.Entries(audit.KindOriginUsed), 1, "nothing is noted of one that is not listed")
}

// twice calls f fifty times at once, half of them as another process on the same
// database would.
func twice(t *testing.T, o *apitest.Office, f func(*storecounter.Records)) {
	t.Helper()
	second, err := store.Open(t.Context(), o.Dir, store.Options{Recorder: o.Log})
	require.NoError(t, err)
	defer func() { assert.NoError(t, second.Close()) }()
	other := storecounter.New(second, o.Log)
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			if i%2 == 0 {
				f(o.Records)
				return
			}
			f(other)
		})
	}
	all.Wait()
}

// asked waits in the name of whoever holds the desk.
func asked(o *apitest.Office, id string) proofing.Approval {
	o.Helper()
	a := proofing.Approval{
		ID: id, Origin: site, Purpose: "form_fill", Fields: []string{"name", "sex"},
		Asked: o.Clock.Now(), Ends: o.Clock.Now().Add(time.Minute),
	}
	require.NoError(o, o.Store.Read(o.Context(), func(tx *sql.Tx) error {
		return tx.QueryRowContext(o.Context(), `SELECT account_id, session_id, hold_id FROM desk`).Scan(&a.Holder, &a.Session, &a.Hold)
	}))
	return a
}

// attended is an installation whose desk is held, and who holds it.
func attended(t *testing.T) (*apitest.Office, proofing.Actor, mfa.Entry) {
	t.Helper()
	o := apitest.New(t)
	login := o.Enrolled("malee", mfa.RoleStaff).Login()
	return o, proofing.Actor{ID: login.Session.User.ID, Session: login.Session.ID}, login
}

// A clerk who lost the desk gives no word, however late it is noticed elsewhere.
func TestOnlyWhoHoldsTheDeskAnswersWhatWaitsThere(t *testing.T) {
	command := proofing.Actor{ID: "os:0"}
	for name, row := range map[string]struct {
		happens func(*testing.T, *apitest.Office, mfa.Entry)
		counts  bool
	}{
		"held":       {func(*testing.T, *apitest.Office, mfa.Entry) {}, true},
		"taken over": {func(_ *testing.T, o *apitest.Office, _ mfa.Entry) { o.Enrolled("anan", mfa.RoleStaff).Login() }, false},
		"left": {func(t *testing.T, o *apitest.Office, e mfa.Entry) {
			require.NoError(t, o.MFA.LeaveDesk(t.Context(), e.Token))
		}, false},
		"locked": {func(t *testing.T, o *apitest.Office, e mfa.Entry) {
			require.NoError(t, o.MFA.Lock(t.Context(), e.Token))
		}, false},
		"logged out": {func(t *testing.T, o *apitest.Office, e mfa.Entry) {
			require.NoError(t, o.MFA.Logout(t.Context(), e.Token))
		}, false},
		"left and taken again": {func(t *testing.T, o *apitest.Office, e mfa.Entry) {
			require.NoError(t, o.MFA.LeaveDesk(t.Context(), e.Token))
			require.NoError(t, o.MFA.TakeDesk(t.Context(), e.Token))
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			o, clerk, login := attended(t)
			require.NoError(t, o.Records.AskApproval(t.Context(), asked(o, "a")))
			require.NoError(t, o.Records.AskApproval(t.Context(), asked(o, "b")))
			row.happens(t, o, login)
			list, err := o.Records.Approvals(t.Context(), o.Clock.Now())
			require.NoError(t, err)
			assert.Equal(t, row.counts, len(list) == 2)
			stranger := proofing.Actor{ID: clerk.ID, Session: "another session"}
			for by, want := range map[proofing.Actor]bool{stranger: false, clerk: row.counts} {
				first, err := o.Records.AnswerApproval(t.Context(), by, "a", proofing.Approved, o.Clock.Now())
				require.NoError(t, err)
				assert.Equal(t, want, first, by.Session)
			}
			first, err := o.Records.AnswerApproval(t.Context(), command, "b", proofing.Approved, o.Clock.Now())
			require.NoError(t, err)
			assert.Equal(t, row.counts, first, "a command answers for the desk, too")
			if !row.counts {
				assert.Empty(t, o.Entries(audit.KindReadApproved))
				withdrawn, err := o.Records.AnswerApproval(t.Context(), proofing.Actor{}, "a", proofing.Withdrawn, o.Clock.Now())
				require.NoError(t, err)
				assert.True(t, withdrawn)
			}
		})
	}
}

func TestAnApprovalWaitsUntilItIsAnsweredOrTooLate(t *testing.T) {
	o, clerk, _ := attended(t)
	require.NoError(t, o.Records.AskApproval(t.Context(), asked(o, "a")))
	o.Clock.Forward(time.Second)
	require.NoError(t, o.Records.AskApproval(t.Context(), asked(o, "b")))
	list, err := o.Records.Approvals(t.Context(), o.Clock.Now())
	require.NoError(t, err)
	require.Len(t, list, 2)
	assert.Equal(t, "a", list[0].ID, "oldest first")
	assert.Equal(t, asked(o, "b"), list[1])

	first, err := o.Records.AnswerApproval(t.Context(), clerk, "a", proofing.Declined, o.Clock.Now())
	require.NoError(t, err)
	assert.True(t, first)
	a, found, err := o.Records.Approval(t.Context(), "a")
	require.NoError(t, err)
	require.True(t, found)
	assert.Equal(t, proofing.Declined, a.Answer)
	assert.Equal(t, clerk.ID, a.AnsweredBy)
	assert.Equal(t, o.Clock.Now(), a.Answered)

	o.Clock.Forward(time.Minute)
	list, err = o.Records.Approvals(t.Context(), o.Clock.Now())
	require.NoError(t, err)
	assert.Empty(t, list)
	late, err := o.Records.AnswerApproval(t.Context(), clerk, "b", proofing.Approved, o.Clock.Now())
	require.NoError(t, err)
	assert.False(t, late)
	withdrawn, err := o.Records.AnswerApproval(t.Context(), proofing.Actor{}, "b", proofing.Withdrawn, o.Clock.Now())
	require.NoError(t, err)
	assert.True(t, withdrawn, "what is too late can still be taken back")
	none, err := o.Records.AnswerApproval(t.Context(), clerk, "c", proofing.Approved, o.Clock.Now())
	require.NoError(t, err)
	assert.False(t, none)
	_, found, err = o.Records.Approval(t.Context(), "c")
	require.NoError(t, err)
	assert.False(t, found)

	declined := o.Entries(audit.KindReadDeclined)
	require.Len(t, declined, 1)
	assert.Equal(t, clerk.ID, declined[0].Subject, "in whose name it waited")
	assert.Equal(t, map[string]string{"approval": "a", "origin": site, "purpose": "form_fill", "fields": "name sex"}, declined[0].Attributes)
	assert.Empty(t, o.Entries(audit.KindReadApproved))

	o.Clock.Forward(25 * time.Hour)
	require.NoError(t, o.Records.AskApproval(t.Context(), asked(o, "d")))
	_, found, err = o.Records.Approval(t.Context(), "a")
	require.NoError(t, err)
	assert.False(t, found, "a day later only the log knows of it")
}

func TestOfFiftyAnswersFromTwoProcessesOneCounts(t *testing.T) {
	o, clerk, _ := attended(t)
	require.NoError(t, o.Records.AskApproval(t.Context(), asked(o, "a")))
	var (
		mu     sync.Mutex
		firsts int
	)
	twice(t, o, func(r *storecounter.Records) {
		first, err := r.AnswerApproval(t.Context(), clerk, "a", proofing.Approved, o.Clock.Now())
		assert.NoError(t, err)
		mu.Lock()
		defer mu.Unlock()
		if first {
			firsts++
		}
	})
	assert.Equal(t, 1, firsts)
	assert.Len(t, o.Entries(audit.KindReadApproved), 1)
}

func TestAReadIsAnEntryAndTheOriginsLastUse(t *testing.T) {
	o := apitest.New(t)
	_, err := o.Records.SaveOrigin(t.Context(), admin, entry(o))
	require.NoError(t, err)
	read := proofing.Release{
		ID: "read-1", Origin: site, Purpose: "form_fill", Fields: []string{"name"}, Pseudonym: "p00000000.2026.synthetic",
		By: proofing.Actor{ID: "user-2", Session: "session-2"}, Approval: "a", Test: true, At: o.Clock.Now(),
	}
	require.NoError(t, o.Records.RecordRead(t.Context(), read))
	e := o.Entries(audit.KindRead)
	require.Len(t, e, 1)
	assert.Equal(t, "user-2", e[0].Actor)
	assert.Equal(t, map[string]string{
		"read": "read-1", "origin": site, "purpose": "form_fill", "fields": "name", "pseudonym": read.Pseudonym, "approval": "a", "mode": "test",
	}, e[0].Attributes)
	found, _, err := o.Records.Origin(t.Context(), site)
	require.NoError(t, err)
	assert.Equal(t, o.Clock.Now(), found.LastUse)

	failed := proofing.Release{Origin: site, Purpose: "form_fill", Fields: []string{"name"}, By: read.By, At: o.Clock.Now(), Code: "card_removed"}
	require.NoError(t, o.Records.RecordRead(t.Context(), failed))
	require.Len(t, o.Entries(audit.KindReadFailed), 1)
	assert.Equal(t, "card_removed", o.Entries(audit.KindReadFailed)[0].Attributes["code"])
}

// Whatever is changed, its entry stands with it or nothing has happened.
func TestNothingIsChangedWithoutItsEntry(t *testing.T) {
	o, clerk, _ := attended(t)
	saved, err := o.Records.SaveOrigin(t.Context(), admin, entry(o))
	require.NoError(t, err)
	require.NoError(t, o.Records.AskApproval(t.Context(), asked(o, "a")))
	require.NoError(t, o.Store.Write(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), `CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'full'); END`)
		return err
	}))
	changed := entry(o)
	changed.Fields = []string{"photo"}
	fresh := entry(o)
	fresh.Origin = "https://new.example"
	for name, act := range map[string]func(context.Context) error{
		"change": func(ctx context.Context) error { _, err := o.Records.SaveOrigin(ctx, admin, changed); return err },
		"add":    func(ctx context.Context) error { _, err := o.Records.SaveOrigin(ctx, admin, fresh); return err },
		"revoke": func(ctx context.Context) error {
			_, err := o.Records.RevokeOrigin(ctx, admin, saved.ID, o.Clock.Now())
			return err
		},
		"use": func(ctx context.Context) error {
			return o.Records.UseOrigin(ctx, admin, site, o.Clock.Now(), o.Clock.Now())
		},
		"answer": func(ctx context.Context) error {
			_, err := o.Records.AnswerApproval(ctx, clerk, "a", proofing.Approved, o.Clock.Now())
			return err
		},
		"read": func(ctx context.Context) error {
			return o.Records.RecordRead(ctx, proofing.Release{Origin: site, At: o.Clock.Now()})
		},
		"refusal": func(ctx context.Context) error {
			return o.Records.RecordRefusal(ctx, proofing.Refusal{Origin: site, At: o.Clock.Now()})
		},
		"again": func(ctx context.Context) error { return o.Records.RecordAgain(ctx, admin, site, o.Clock.Now()) },
	} {
		assert.ErrorIs(t, act(t.Context()), audit.ErrUnavailable, name)
	}
	list, err := o.Records.Origins(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []proofing.Origin{saved}, list)
	a, _, err := o.Records.Approval(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, proofing.Unanswered, a.Answer)
}

func TestEachInstallationHasACookieNameOfItsOwnThatStays(t *testing.T) {
	seen := map[string]bool{}
	for range 3 {
		o := apitest.New(t)
		name := o.Cookie()
		assert.Regexp(t, regexp.MustCompile(`^cp_[0-9a-f]{16}$`), name)
		assert.Equal(t, name, o.Cookie())
		seen[name] = true
	}
	assert.Len(t, seen, 3, fmt.Sprint(seen))
}
