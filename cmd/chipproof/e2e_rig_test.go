package main

import (
	"context"
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/cmd/internal/programtest"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/store"
)

// rig is an agent in this process, for what no flag of the program may change: a
// driver in the other mode, and how long a clerk has. All else is as `serve` makes
// it: data folder, keys, log, a listening port. One site may ask, and a clerk who
// logged in with two factors holds the desk.
type rig struct {
	*testing.T
	agent agent
	url   string
	page  browser // of the site
	key   *ecdsa.PrivateKey
	clerk *programtest.Visitor
	last  string // body of the last answer
}

const faceSeen = `{"kind":"face_visual","outcome":"passed"}`

func newRig(t *testing.T, driver cardreader.Driver, mode api.Mode, origin string) *rig {
	t.Helper()
	key, err := newSiteKey()
	require.NoError(t, err)
	r := &rig{T: t, agent: agentOn(t, nil, "localhost:0"), page: browser{origin: origin}, key: key, clerk: &programtest.Visitor{Name: "malee", Cookies: map[string]string{}}}
	r.agent.driver, r.agent.mode = driver, mode
	return r
}

// serve starts it with the times of patience, and ends it with the test.
func (r *rig) serve(patience counter.Patience) {
	r.Helper()
	ctx, stop := context.WithCancel(r.Context())
	listeners, err := api.Listen(ctx, r.agent.listen...)
	require.NoError(r, err)
	r.agent.site, err = r.agent.open(ctx)
	require.NoError(r, err)
	require.NoError(r, r.agent.readyToProve(ctx))
	server, desk := r.build(ctx, api.OriginRules{Mode: r.agent.mode, Ports: listeners.Ports()}, patience)
	var running sync.WaitGroup
	running.Go(func() { _ = desk.Run(ctx) }) // ends with its context
	running.Go(func() { assert.NoError(r, server.Serve(ctx, listeners)) })
	r.Cleanup(func() {
		stop()
		running.Wait()
		assert.NoError(r, errors.Join(listeners.Close(), r.agent.site.Close(context.Background())))
	})
	r.url = listeners.URL()
	r.admit(ctx)
}

// build is [agent.build] with times of the test's own.
func (r *rig) build(ctx context.Context, rules api.OriginRules, patience counter.Patience) (*api.Server, *counter.Counter) {
	a := r.agent
	signing, err := a.signing(ctx)
	require.NoError(r, err)
	desk, err := counter.New(counter.Options{
		Readers: cardreader.New(a.driver, cardreader.Options{Log: a.log}), Records: a.site.records, Pseudonyms: a.site, Rules: rules,
		Policy: a.proofs.policy, Issuer: a.proofs.checker(), Signing: signing, Keys: a.published, Patience: patience, Now: time.Now, Log: a.log,
	})
	require.NoError(r, err)
	cookie, err := a.site.records.CookieName(ctx)
	require.NoError(r, err)
	logins := api.NewLogins(a.site.MFA, cookie)
	server, err := api.NewServer(api.Options{
		Title: counter.Title, Version: counter.Version, Origins: desk, Rules: rules, Problems: kind().ServedProblems(),
		Own: counter.OwnGrant(a.proofs.policy), Gates: logins.Gates(), Log: a.log, Now: time.Now,
	})
	require.NoError(r, err)
	counter.Register(server, desk)
	api.RegisterLogins(server, logins)
	api.RegisterDesk(server, logins)
	return server, desk
}

// admit lists the site and brings the clerk to the desk.
func (r *rig) admit(ctx context.Context) {
	r.Helper()
	set, err := proof.NewKeySet(&r.key.PublicKey)
	require.NoError(r, err)
	origin, err := counter.NewOrigin(counter.OriginEntry{Origin: r.page.origin, Keys: set.JSON()}, api.OriginRules{Mode: r.agent.mode}, r.agent.proofs.policy)
	require.NoError(r, err)
	origin.ApprovedAt = time.Now()
	_, err = r.agent.site.records.SaveOrigin(ctx, r.agent.site.asActor(), origin)
	require.NoError(r, err)

	invitation, err := r.agent.site.MFA.AddUser(ctx, r.agent.site.By, r.clerk.Name, mfa.RoleStaff)
	require.NoError(r, err)
	phone, err := r.clerk.Enrol(r.url, invitation.Grant.Reveal())
	require.NoError(r, err)
	require.NoError(r, r.clerk.GivePassword(r.url, r.clerk.Name))
	code, err := phone.Next()
	require.NoError(r, err)
	r.clerks("/v1/sessions/current/totp", fmt.Sprintf(`{"code":%q}`, code), http.StatusOK)
}

// clerks posts from the agent's own page, and demands a status.
func (r *rig) clerks(path, body string, status int) {
	r.Helper()
	_, err := r.clerk.Own(r.url, path, body, status)
	require.NoError(r, err)
}

// asks has the site's backend sign a request and its page send it.
func (r *rig) asks() *programtest.Answer {
	r.Helper()
	token, err := proof.SignRequest(r.key, proof.Request{
		Issuer: r.page.origin, Audience: r.page.origin, Purpose: proofing.IdentityProofing, Nonce: proof.NewNonce(), IssuedAt: time.Now().Unix(),
		Fields: []string{"citizen_id", "name"},
	})
	require.NoError(r, err)
	return r.fetches("/v1/proofings", fmt.Sprintf(`{"request":%q}`, token))
}

func (r *rig) fetches(path, body string) *programtest.Answer {
	r.Helper()
	got, err := r.page.fetch(r.url+path, body)
	require.NoError(r, err)
	r.last = got.Body
	return got
}

// proofed is an answer to a proofing.
type proofed struct {
	ID         string
	Decision   string
	Reasons    []string
	WaitingFor []string `json:"waiting_for"`
	Proof      string
	Code       string
}

func (r *rig) read(a *programtest.Answer, status int) (got proofed) {
	r.Helper()
	require.Equal(r, status, a.Status, a.Body)
	require.NoError(r, json.Unmarshal([]byte(a.Body), &got))
	return got
}

// goesOn says whether the console still shows a proofing.
func (r *rig) goesOn() bool {
	r.Helper()
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, r.url+"/v1/proofings/current", nil)
	require.NoError(r, err)
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	r.clerk.Dress(request)
	got, err := programtest.AnswerTo(request)
	require.NoError(r, err)
	var current struct{ Proofing *struct{ ID string } }
	require.NoError(r, json.Unmarshal([]byte(got.Body), &current), got.Body)
	return current.Proofing != nil
}

// entries are those of a kind in the audit log.
func (r *rig) entries(kind audit.Kind) []store.AuditItem {
	r.Helper()
	items, err := r.agent.site.Store.List(r.Context(), store.AuditFilter{Kinds: []audit.Kind{kind}, Limit: 100})
	require.NoError(r, err)
	return items
}

// checked verifies a proof with the agent's keys of a mode, as a relying party does.
func (r *rig) checked(token string, keysOf, mode proof.Mode) (*proof.Proof, error) {
	r.Helper()
	keys, err := proofKeys{r.agent.site.KeyDir, keysOf}.published()
	require.NoError(r, err)
	issuer := r.agent.proofs.issuer
	if issuer == "" {
		issuer = proofing.TestIssuer
	}
	return proof.Verify(token, proof.Options{
		Issuers: []proof.Issuer{{Name: issuer, Keys: keys}}, Audience: r.page.origin, Origin: r.page.origin,
		Purpose: proofing.IdentityProofing, Mode: mode, Now: time.Now(),
	})
}
