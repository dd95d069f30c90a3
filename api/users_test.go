package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
)

// logOf is the office's log as the console shows it.
type logOf struct{ *house }

func (l logOf) Entries(ctx context.Context, q AuditQuery) ([]AuditItem, error) {
	list, err := l.Store.List(ctx, store.AuditFilter{Class: q.Class, Before: q.Before, Limit: q.Limit})
	var items []AuditItem
	for _, i := range list {
		i.Entry.Number = i.Number
		items = append(items, AuditItem{Erased: i.Erased, Entry: i.Entry})
	}
	return items, err
}

func (l logOf) Verify(ctx context.Context) (audit.Result, error) { return l.Log.Verify(ctx) }

// newAdministration is a house with the routes of administrators, and what
// doubts the clock.
func newAdministration(t *testing.T, doubts ...Doubt) *house {
	t.Helper()
	h := newHouse(t)
	RegisterClock(h.server, h.logins, func(context.Context) []Doubt { return doubts })
	RegisterUsers(h.server, h.logins)
	RegisterAudit(h.server, h.logins, logOf{h})
	RegisterKeys(h.server, func(context.Context) ([]KeyLine, error) {
		return []KeyLine{{Ring: "secrets", ID: "k1", State: KeyCurrent}}, nil
	})
	return h
}

func decoded[T any](t *testing.T, a answer) (v T) {
	t.Helper()
	require.Equal(t, 200, a.StatusCode, a.text)
	require.NoError(t, json.Unmarshal([]byte(a.text), &v))
	return v
}

type userList struct{ Users []User }

func TestAnAdministratorInvitesSomebodyWhoThenEnrols(t *testing.T) {
	h := newAdministration(t)
	b := h.active(h.Enrolled("prasit", mfa.RoleAdmin))
	invitation := decoded[Invitation](t, b.post("/v1/users", body("name", "Somsri", "role", "staff")))
	assert.Equal(t, "somsri", invitation.Name)
	assert.EqualValues(t, mfa.PurposeEnrol, invitation.Purpose)
	assert.Equal(t, h.Clock.Now().Add(mfa.GrantLife), invitation.EndsAt)
	require.Equal(t, 200, h.browser().post("/v1/enrolments", body("grant", invitation.Grant, "password", "หมาเห่าเครื่องบินเขียว")).StatusCode)

	list := decoded[userList](t, b.get("/v1/users"))
	require.Len(t, list.Users, 2)
	assert.Equal(t, "somsri", list.Users[1].Name)
	assert.False(t, list.Users[1].Enrolled)
	assert.True(t, list.Users[0].Enrolled)
	assert.Equal(t, h.Clock.Now(), list.Users[0].LastLoginAt)
	b.post("/v1/users", body("name", "somsri", "role", "staff")).says(t, 409, "user_exists")
	b.post("/v1/users", body("name", "som sri", "role", "staff")).says(t, 422, "user_name_invalid")
	b.post("/v1/users", body("name", "somsri2", "role", "king")).says(t, 400, "body_invalid")
}

func TestWhatAnAdministratorDoesAboutAnAccountGoesByItsId(t *testing.T) {
	h := newAdministration(t)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	b, clerk := h.active(h.Enrolled("prasit", mfa.RoleAdmin)), h.active(malee)
	user := func(i int) User { return decoded[userList](t, b.get("/v1/users")).Users[i] }
	path := "/v1/users/" + user(0).ID + "/"

	require.Equal(t, 204, b.post(path+"role", body("role", "dpo")).StatusCode)
	assert.EqualValues(t, mfa.RoleDPO, user(0).Role)
	require.Equal(t, 204, b.post(path+"disable", "{}").StatusCode)
	assert.True(t, user(0).Disabled)
	clerk.get("/v1/sessions").says(t, 403, "mfa_required")
	b.post(path+"reset", body("lost", "phone")).says(t, 409, "user_disabled")
	require.Equal(t, 204, b.post(path+"enable", "{}").StatusCode)
	require.Equal(t, 204, b.post(path+"unlock", "{}").StatusCode)
	assert.EqualValues(t, mfa.PurposePhone, decoded[Invitation](t, b.post(path+"reset", body("lost", "phone"))).Purpose)
	b.post(path+"reset", body("lost", "nothing")).says(t, 400, "body_invalid")

	own := "/v1/users/" + user(1).ID + "/"
	b.post(own+"disable", "{}").says(t, 409, "account_own")
	b.post("/v1/users/malee/disable", "{}").says(t, 404, "user_unknown", "a name is no id")
	assert.NotEmpty(t, h.Entries("role_changed", "user_disabled", "user_enabled", "user_unlocked", "user_reset"))
}

func TestAccountsKeysAndLogAreForThoseWhoLookAfterThem(t *testing.T) {
	h := newAdministration(t)
	clerk, dpo := h.active(h.Enrolled("malee", mfa.RoleStaff)), h.active(h.Enrolled("dararat", mfa.RoleDPO))
	for _, path := range []string{"/v1/users", "/v1/keys", "/v1/audit"} {
		clerk.get(path).says(t, 403, "role_refused", path)
		h.browser().get(path).says(t, 403, "mfa_required", path)
	}
	dpo.get("/v1/users").says(t, 403, "role_refused")
	assert.Equal(t, 200, dpo.get("/v1/audit").StatusCode)

	admin := h.active(h.Enrolled("prasit", mfa.RoleAdmin))
	h.Clock.Forward(mfa.StepUpAge + time.Second)
	admin.post("/v1/users", body("name", "somsri", "role", "staff")).says(t, 403, "step_up_required")
	assert.Equal(t, "k1", decoded[struct{ Keys []KeyLine }](t, admin.get("/v1/keys")).Keys[0].ID)
}

func TestTheLogIsReadPageByPageNewestFirstAndVerified(t *testing.T) {
	h := newAdministration(t)
	for i := range 60 {
		h.Invite(fmt.Sprintf("user%d", i), mfa.RoleStaff)
	}
	b := h.active(h.Enrolled("prasit", mfa.RoleAdmin))
	type page struct{ Entries []AuditLine }
	first := decoded[page](t, b.get("/v1/audit")).Entries
	require.Len(t, first, auditPage)
	assert.Greater(t, first[0].Number, first[auditPage-1].Number)
	assert.Equal(t, "prasit", first[0].ActorName)
	last := first[auditPage-1].Number
	second := decoded[page](t, b.get(fmt.Sprintf("/v1/audit?before=%d", last))).Entries
	assert.Equal(t, last-1, second[0].Number)
	for _, e := range decoded[page](t, b.get("/v1/audit?class=authentication")).Entries {
		assert.Equal(t, "authentication", e.Class)
	}
	dpo := decoded[page](t, h.active(h.Enrolled("dararat", mfa.RoleDPO)).get("/v1/audit")).Entries
	assert.Empty(t, dpo[0].ActorName, "users go by their ids there")
	assert.NotEmpty(t, dpo[0].Actor)

	_, err := h.Log.Checkpoint(t.Context())
	require.NoError(t, err)
	verdict := decoded[struct {
		OK      bool
		Entries int64
		Root    string
	}](t, b.post("/v1/audit/verify", "{}"))
	assert.True(t, verdict.OK)
	assert.Greater(t, verdict.Entries, int64(100))
	assert.NotEmpty(t, verdict.Root)
}

func TestTheClockIsShownToEverybodyAlikeBeforeAnyName(t *testing.T) {
	h := newAdministration(t, DoubtSystem)
	clock := decoded[struct {
		Now    time.Time
		Doubts []Doubt
	}](t, h.browser().get("/v1/clock"))
	assert.Equal(t, h.Clock.Now(), clock.Now)
	assert.Equal(t, []Doubt{DoubtSystem}, clock.Doubts)
	malee := h.Enrolled("malee", mfa.RoleStaff)
	for range mfa.NeighbourRun {
		h.Clock.Forward(10 * mfa.StepLength)
		b := h.half(malee)
		require.Equal(t, 200, b.post("/v1/sessions/current/totp", body("code", malee.CodeAt(-1))).StatusCode)
	}
	assert.Contains(t, h.browser().get("/v1/clock").text, string(DoubtCodes))
	h.browser().get("/v1/clock", "Origin: "+site).says(t, 403, "origin_refused")
}

func TestWhatCannotBeListedIsAFailureAndNoEmptyList(t *testing.T) {
	h := newHouse(t)
	broken := errors.New("no disk")
	RegisterKeys(h.server, func(context.Context) ([]KeyLine, error) { return nil, broken })
	h.active(h.Enrolled("prasit", mfa.RoleAdmin)).get("/v1/keys").says(t, 500, "internal_error")
}
