//go:build !race

package browsertest

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/apitest"
	"chipproof/api/compat"
	"chipproof/api/console"
	"chipproof/api/counter"
	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/doctor"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/simulator"
	"chipproof/store"
)

// agency is who answers for the proofs of these tests.
const agency = "https://agency.example.go.th"

// reader is the one that every machine here has.
const reader = "Simulated Reader 00"

// agent is a whole agent on loopback, with a clerk and an administrator who are
// enrolled and not logged in.
type agent struct {
	t            testing.TB
	office       *apitest.Office
	machine      *simulator.Machine
	clerk, admin *apitest.Person
	url          string
	doubts       []api.Doubt
	key          *ecdsa.PrivateKey // of the agent's proofs
	proofKeys    []api.KeyLine     // as the console lists them
	policy       proofing.Policy   // the agency's
	openPort     func() string     // opens the go-thai-smartcard port, and says its address
	stop         func()            // ends it, as often as it is called; start begins it anew
}

// auditOf is the office's log as the console shows it.
type auditOf struct{ *apitest.Office }

func (o auditOf) Entries(ctx context.Context, q api.AuditQuery) ([]api.AuditItem, error) {
	list, err := o.Store.List(ctx, store.AuditFilter{Class: q.Class, Before: q.Before, Limit: q.Limit})
	var items []api.AuditItem
	for _, i := range list {
		i.Entry.Number = i.Number
		items = append(items, api.AuditItem{Erased: i.Erased, Entry: i.Entry})
	}
	return items, err
}

func (o auditOf) Verify(ctx context.Context) (audit.Result, error) { return o.Log.Verify(ctx) }

func newAgent(t testing.TB) *agent { return newAgentWith(t, proofing.DefaultPolicy()) }

// newAgentWith is one whose agency has a policy of its own.
func newAgentWith(t testing.TB, policy proofing.Policy) *agent {
	t.Helper()
	a := &agent{t: t, office: apitest.New(t), machine: simulator.NewMachine(reader), policy: policy}
	a.office.Clock.Run()
	a.clerk, a.admin = a.office.Enrolled("malee", mfa.RoleStaff), a.office.Enrolled("prasit", mfa.RoleAdmin)
	var err error
	a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	a.start("localhost:0")
	return a
}

// start has the agent of this office and machine listen at an address.
func (a *agent) start(address string) {
	a.t.Helper()
	t := a.t
	listeners, err := api.Listen(t.Context(), address)
	require.NoError(t, err)
	a.url = listeners.URL()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	rules := api.OriginRules{Mode: api.Test, Ports: listeners.Ports()}
	readers := cardreader.New(a.machine, cardreader.Options{Log: log})
	policy := a.policy
	desk, err := counter.New(counter.Options{
		Readers: readers, Records: a.office.Records, Pseudonyms: a.office.Pseudonyms, Rules: rules, Now: a.office.Clock.Now, Log: log,
		Policy: policy, Keys: func(context.Context) (proof.KeySet, error) { return proof.NewKeySet(&a.key.PublicKey) },
		Signing: &proofing.Signing{
			Mode: proof.Mode(api.Test), Issuer: agency, Now: a.office.Clock.Now,
			Agent: proof.Agent{ID: "counter-07", Version: "1.0.0", Build: "0123456", KeyStorage: "software"},
			Key:   func() (crypto.Signer, error) { return a.key, nil },
		},
	})
	require.NoError(t, err)
	logins := api.NewLogins(a.office.MFA, a.office.Cookie())
	base := api.Options{
		Title: counter.Title, Version: counter.Version, Origins: desk, Rules: rules, Problems: counter.Problems(),
		Own: counter.OwnGrant(policy), Gates: logins.Gates(), Log: log, Now: a.office.Clock.Now, Limits: api.Limits{Rate: 1 << 20, Logins: 1 << 20},
	}
	server, err := api.NewServer(base)
	require.NoError(t, err)
	ports, err := compat.New(compat.Options{Desk: desk, Arms: desk, Problems: base.Problems, Now: base.Now, Log: log})
	require.NoError(t, err)
	compat.RegisterConsole(server, ports)
	a.openPort = func() string { return a.dropIn(ports, base) }
	pages, err := console.New(console.Options{Mode: api.Test, Parts: []console.Part{console.Common(), counter.Pages(desk)}})
	require.NoError(t, err)
	counter.Register(server, desk)
	api.RegisterLogins(server, logins)
	api.RegisterDesk(server, logins)
	pages.Register(server)
	api.RegisterClock(server, logins, func(context.Context) []api.Doubt { return a.doubts })
	api.RegisterUsers(server, logins)
	api.RegisterAudit(server, logins, auditOf{a.office})
	api.RegisterKeys(server, func(context.Context) ([]api.KeyLine, error) {
		return append([]api.KeyLine{{Ring: "secrets", ID: "k1", State: api.KeyOld, Uses: 2}, {Ring: "secrets", ID: "k2", State: api.KeyCurrent}}, a.proofKeys...), nil
	})
	counter.RegisterSlip(server)
	counter.RegisterDoctor(server, func(ctx context.Context) []doctor.Check {
		return doctor.Examine(ctx, doctor.Here(readers, a.office.Clock.Now()))
	})
	a.serve(server, desk, listeners)
}

func (a *agent) serve(server *api.Server, desk *counter.Counter, listeners *api.Listeners) {
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = desk.Run(ctx) })
	running.Go(func() { assert.NoError(a.t, server.Serve(ctx, listeners)) })
	a.stop = func() {
		cancel()
		running.Wait()
	}
	a.t.Cleanup(a.stop)
}

// insert puts the card of a shipped person into the reader.
func (a *agent) insert(name string, options ...simulator.CardOptions) {
	a.t.Helper()
	person, err := simulator.PersonNamed(name)
	require.NoError(a.t, err)
	var o simulator.CardOptions
	if len(options) > 0 {
		o = options[0]
	}
	card, err := simulator.NewCard(person, o)
	require.NoError(a.t, err)
	require.NoError(a.t, a.machine.Insert(reader, card))
}

// approve lists an origin.
func (a *agent) approve(origin string, ask proofing.Ask) {
	a.t.Helper()
	grant := counter.DefaultGrant()
	_, err := a.office.Records.SaveOrigin(a.t.Context(), proofing.Actor{ID: "os:0"}, proofing.Origin{
		Origin: origin, Audience: origin, Fields: grant.Fields, Purposes: grant.Purposes, Ask: ask, ApprovedAt: a.office.Clock.Now(),
	})
	require.NoError(a.t, err)
}

// remove takes the card out.
func (a *agent) remove() {
	a.t.Helper()
	require.NoError(a.t, a.machine.Remove(reader))
}

// refused knocks as a page of an origin that is not listed.
func (a *agent) refused(origin string) {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), http.MethodGet, a.url+"/v1/readers", nil)
	require.NoError(a.t, err)
	r.Header.Set("Origin", origin)
	res, err := http.DefaultClient.Do(r)
	require.NoError(a.t, err)
	require.NoError(a.t, res.Body.Close())
	require.Equal(a.t, http.StatusForbidden, res.StatusCode)
}
