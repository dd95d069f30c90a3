package api

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
)

func TestWhatIsDoneAtTheDeskIsDoneByWhoeverHoldsIt(t *testing.T) {
	h := newHouse(t)
	var seen Person
	var later func() error
	act := func(ctx context.Context, _ *struct{}) (*struct{}, error) {
		seen = CallerOf(ctx).Person
		ctx = context.WithoutCancel(ctx)
		later = func() error { return StillAtDesk(ctx) }
		return nil, nil
	}
	Handle(h.server, Route{Method: "POST", Path: "/v1/at-desk", Class: Console, Roles: Clerks(), AtDesk: true, ID: "act"}, act)
	malee, anan := h.active(h.Enrolled("malee", mfa.RoleStaff)), h.Enrolled("anan", mfa.RoleStaff)
	require.Equal(t, 204, malee.post("/v1/at-desk", "").StatusCode)
	holder, err := h.MFA.Holder(t.Context())
	require.NoError(t, err)
	assert.Equal(t, holder.Hold.ID, seen.Hold)
	assert.Equal(t, []string{"pwd", "otp", "mfa"}, seen.AMR)
	assert.Equal(t, holder.AuthTime(), seen.AuthTime)
	assert.False(t, seen.AuthTime.IsZero())
	assert.NoError(t, later())

	next := h.active(anan)
	assert.ErrorIs(t, later(), mfa.ErrMFARequired, "what goes on knows that the desk was taken over")
	malee.post("/v1/at-desk", "").says(t, 403, "mfa_required", "an active session is not enough")
	require.Equal(t, 204, next.post("/v1/at-desk", "").StatusCode)
	require.NoError(t, later())
	require.Equal(t, 200, next.do("DELETE", "/v1/desk", "").StatusCode)
	assert.ErrorIs(t, later(), mfa.ErrMFARequired)
	next.post("/v1/at-desk", "").says(t, 403, "mfa_required", "nobody holds it")
	dpo := h.active(h.Enrolled("dpo", mfa.RoleDPO))
	dpo.post("/v1/at-desk", "").says(t, 403, "role_refused", "the role comes first, with its entry")
	assert.NoError(t, StillAtDesk(t.Context()), "no request, so nobody to ask about")
}

func TestADocumentGoesOutAsItIsOrAsAProblem(t *testing.T) {
	h := newHouse(t)
	var failure error
	HandleDocument(h.server, Route{Method: "GET", Path: "/.well-known/thing", Class: Open, ID: "thing", Summary: "A thing"},
		Media{Type: "application/thing+json", Says: "A thing"},
		func(context.Context) ([]byte, error) { return []byte(`{"a":1}`), failure })
	a := h.send("GET /.well-known/thing HTTP/1.1\r\nHost: localhost:8731\r\n\r\n")
	assert.Equal(t, 200, a.StatusCode)
	assert.Equal(t, "application/thing+json", a.Header.Get("Content-Type"))
	assert.Equal(t, `{"a":1}`, a.text)
	failure = errors.New("gone")
	h.send("GET /.well-known/thing HTTP/1.1\r\nHost: localhost:8731\r\n\r\n").says(t, 500, "internal_error", "")
	spec, err := h.server.Spec()
	require.NoError(t, err)
	assert.Contains(t, string(spec), `"application/thing+json"`)
}

func TestAProblemNamesTheStepAndTheSeconds(t *testing.T) {
	row := Row{
		Status: 400, Code: "request_refused",
		Detail: func(error) string { return "signature" }, Seconds: func(error) int64 { return 61 },
	}
	var body map[string]any
	b, err := json.Marshal(newProblem(row, errors.New("x"), English, ""))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, &body))
	assert.Equal(t, "signature", body["detail"])
	assert.EqualValues(t, 61, body["seconds"])
	b, err = json.Marshal(newProblem(Row{Status: 400, Code: "other"}, errors.New("x"), English, ""))
	require.NoError(t, err)
	assert.NotContains(t, string(b), "detail")
	assert.NotContains(t, string(b), "seconds")
}
