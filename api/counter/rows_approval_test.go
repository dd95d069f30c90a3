package counter

import (
	"encoding/json"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/simulator"
)

// asking is a desk whose site may ask only with the clerk's word, and a clerk
// who takes as long as patience says.
func asking(t *testing.T, patience Patience) *desk {
	t.Helper()
	machine := simulator.NewMachine(reader)
	card := insert(t, machine, "default", simulator.Line{})
	if patience.Look == 0 {
		patience.Look = time.Millisecond
	}
	d := prepareDesk(t, machine, patience)
	d.card, d.once = card, true
	d.clerk = d.office.Enrolled("malee", mfa.RoleStaff)
	d.login = d.clerk.Login()
	d.origins.save(site, DefaultGrant(), proofing.AskAlways)
	d.origins.grant(other, DefaultGrant())
	return d
}

const waitingBody = `{"state":"waiting","waiting_for":["approval"]}` + "\n"

// waits is what the console shows as soon as there is something.
func (p *page) waits() Approval {
	p.d.t.Helper()
	var list struct{ Approvals []Approval }
	p.d.until(func() bool {
		a := p.get("/v1/approvals")
		require.Equal(p.d.t, 200, a.status, a.body)
		require.NoError(p.d.t, json.Unmarshal([]byte(a.body), &list))
		return len(list.Approvals) > 0
	})
	require.Len(p.d.t, list.Approvals, 1)
	return list.Approvals[0]
}

// later asks and gives the answer when there is one.
func (d *desk) later(fields ...string) chan answer {
	result := make(chan answer, 1)
	go func() { result <- d.readAs(site, fields...) }()
	return result
}

func TestP3TheClerkAgreesAndTheCardIsRead(t *testing.T) {
	d := asking(t, Patience{})
	p := d.pageOf(d.login)
	result := d.later("sex", "name")
	w := p.waits()
	assert.Equal(t, site, w.Origin)
	assert.Equal(t, proofing.FormFill, w.Purpose)
	assert.Equal(t, []string{"sex", "name"}, w.Fields)
	assert.Equal(t, 60*time.Second, w.EndsAt.Sub(w.AskedAt))
	assert.Zero(t, d.card.Exchanges(), "nothing is read before")
	a := p.post("/v1/approvals/"+w.ID, words("answer", "approved"))
	require.Equal(t, 204, a.status, a.body)
	assert.Len(t, (<-result).read(t).Identity, 2)

	given := d.office.Entries(audit.KindReadApproved)
	require.Len(t, given, 1)
	assert.Equal(t, d.login.Session.User.ID, given[0].Actor)
	read := d.office.Entries(audit.KindRead)
	require.Len(t, read, 1)
	assert.Equal(t, w.ID, read[0].Attributes["approval"])
	assert.Equal(t, w.ID, given[0].Attributes["approval"])

	result = d.later("sex")
	p.post("/v1/approvals/"+p.waits().ID, words("answer", "approved"))
	assert.Equal(t, 200, (<-result).status, "P9: an approval is the click that gives one more answer")
}

func TestP3TheClerkSaysNo(t *testing.T) {
	d := asking(t, Patience{})
	p := d.pageOf(d.login)
	result := d.later("sex")
	id := p.waits().ID
	require.Equal(t, 204, p.post("/v1/approvals/"+id, words("answer", "declined")).status)
	(<-result).says(t, 403, "approval_declined", "")
	p.post("/v1/approvals/"+id, words("answer", "approved")).says(t, 404, "approval_unknown", "answered twice counts once, the first")
	assert.Zero(t, d.card.Exchanges())
	assert.Len(t, d.office.Entries(audit.KindReadDeclined), 1)
	assert.Empty(t, d.office.Entries(audit.KindRead, audit.KindReadFailed, audit.KindReadApproved))
	assert.Equal(t, 200, d.readAs(other, "sex").status, "and the desk is free again")
}

func TestP3APageThatIsToldToWaitRepeatsTheSameCall(t *testing.T) {
	d := asking(t, Patience{Call: 30 * time.Millisecond, Again: 20 * time.Second})
	p := d.pageOf(d.login)
	a := d.readAs(site, "sex")
	require.Equal(t, 202, a.status)
	assert.Equal(t, waitingBody, a.body)
	assert.Equal(t, "application/json", a.header.Get("Content-Type"))
	id := p.waits().ID
	assert.Equal(t, 202, d.readAs(site, "sex").status)
	assert.Equal(t, id, p.waits().ID, "it is the same question")

	d.readAs(other, "sex").says(t, 409, "reader_busy", "P4: one that waits at the desk holds it")
	d.readAs(site, "name").says(t, 409, "reader_busy", "and another question of the same site is another one")
	require.Equal(t, 204, p.post("/v1/approvals/"+id, words("answer", "approved")).status, "agreed to between two calls")
	assert.Equal(t, 200, d.readAs(site, "sex").status, "and taken by the next")
	assert.Equal(t, 200, d.readAs(other, "sex").status)
}

func TestP3NobodyAnswersForAMinute(t *testing.T) {
	d := asking(t, Patience{Answer: 50 * time.Millisecond})
	d.readAs(site, "sex").says(t, 504, "approval_timeout", "")
	assert.Zero(t, d.card.Exchanges())
	failed := d.office.Entries(audit.KindReadFailed)
	require.Len(t, failed, 1)
	assert.Equal(t, "approval_timeout", failed[0].Attributes["code"])
	assert.JSONEq(t, `{"approvals":[]}`, d.pageOf(d.login).get("/v1/approvals").body)

	d = asking(t, Patience{Answer: time.Second, Call: 50 * time.Millisecond, Again: 20 * time.Second})
	codes := []string{}
	for range 100 {
		a := d.readAs(site, "sex")
		codes = append(codes, a.code())
		if a.status == 504 {
			break
		}
		require.Equal(t, 202, a.status)
	}
	assert.GreaterOrEqual(t, len(codes), 2, "over several calls")
	assert.Equal(t, "approval_timeout", codes[len(codes)-1])
}

func TestP3APageThatDoesNotComeAgainLeavesTheDeskFree(t *testing.T) {
	d := asking(t, Patience{Call: 5 * time.Millisecond, Again: 2 * time.Second})
	require.Equal(t, 202, d.readAs(site, "sex").status)
	d.readAs(other, "sex").says(t, 409, "reader_busy", "")
	d.until(func() bool { return !d.reading() })
	d.until(func() bool { return d.pageOf(d.login).get("/v1/approvals").body == `{"approvals":[]}`+"\n" })
	assert.Equal(t, 200, d.readAs(other, "sex").status)
}

func TestP3APageThatLeavesTakesItsQuestionAlong(t *testing.T) {
	d := asking(t, Patience{})
	p := d.pageOf(d.login)
	conn := d.dial()
	_, err := io.WriteString(conn, d.wire(post("/v1/reads", fill("sex"), fromSite)))
	require.NoError(t, err)
	id := p.waits().ID
	require.NoError(t, conn.Close())
	d.until(func() bool { return !d.reading() })
	p.post("/v1/approvals/"+id, words("answer", "approved")).says(t, 404, "approval_unknown", "")
	failed := d.office.Entries(audit.KindReadFailed)
	require.Len(t, failed, 1)
	assert.Equal(t, "interrupted", failed[0].Attributes["code"])
}

func TestP3ACommandOfAnotherProcessCanAnswer(t *testing.T) {
	d := asking(t, Patience{})
	result := d.later("sex")
	var waiting []proofing.Approval
	d.until(func() bool {
		var err error
		waiting, err = d.office.Records.Approvals(t.Context(), d.office.Clock.Now())
		require.NoError(t, err)
		return len(waiting) == 1
	})
	first, err := d.office.Records.AnswerApproval(t.Context(), root, waiting[0].ID, proofing.Approved, d.office.Clock.Now())
	require.NoError(t, err)
	assert.True(t, first)
	assert.Equal(t, 200, (<-result).status)
	assert.Equal(t, "os:0", d.office.Entries(audit.KindReadApproved)[0].Actor)
}

func TestRow28AnotherSessionsAnswerIsNone(t *testing.T) {
	d := asking(t, Patience{})
	d.office.Enrolled("anan", mfa.RoleStaff)
	admin, p := d.administrator(t)
	elsewhere := d.pageOf(d.clerk.Login()) // the clerk, in another window, which now holds the desk
	require.NoError(t, d.office.MFA.TakeDesk(t.Context(), d.login.Token))
	result := d.later("sex")
	id := d.pageOf(d.login).waits().ID
	for _, who := range []*page{p, elsewhere} {
		assert.JSONEq(t, `{"approvals":[]}`, who.get("/v1/approvals").body)
		who.post("/v1/approvals/"+id, words("answer", "approved")).says(t, 404, "approval_unknown", "as for one that never was")
	}
	d.raw(post("/v1/approvals/"+id, words("answer", "approved"), fromSite)).says(t, 403, "origin_refused", "no page agrees for the clerk")
	own := d.pageOf(d.login)
	d.raw(post("/v1/approvals/"+id, words("answer", "approved"), ours, "Cookie: "+own.cookie)).says(t, 403, "csrf_refused", "")
	own.post("/v1/approvals/"+id, words("answer", "perhaps")).says(t, 400, "body_invalid", "")
	require.Equal(t, 204, own.post("/v1/approvals/"+id, words("answer", "approved")).status)
	assert.Equal(t, 200, (<-result).status)
	_ = admin
}

func TestRow28FiftyAnswersAtOnceCountOnce(t *testing.T) {
	d := asking(t, Patience{})
	result := d.later("sex")
	own := d.pageOf(d.login)
	id := own.waits().ID
	var (
		mu    sync.Mutex
		all   sync.WaitGroup
		first = map[int]int{}
	)
	for i := range 50 {
		answer := []string{"approved", "declined"}[i%2]
		all.Go(func() {
			a := d.raw(own.text("POST", "/v1/approvals/"+id, words("answer", answer)))
			mu.Lock()
			defer mu.Unlock()
			first[a.status]++
		})
	}
	all.Wait()
	assert.Equal(t, map[int]int{204: 1, 404: 49}, first)
	<-result
	assert.Len(t, d.office.Entries(audit.KindReadApproved, audit.KindReadDeclined), 1)
}

func TestRow28WhatWaitedInTheFormersNameIsNeverAnswered(t *testing.T) {
	for name, row := range map[string]struct {
		happens func(*desk)
		code    string
	}{
		"taken over": {func(d *desk) { d.office.Enrolled("anan", mfa.RoleStaff).Login() }, "mfa_required"},
		"locked":     {func(d *desk) { require.NoError(d.t, d.office.MFA.Lock(d.t.Context(), d.login.Token)) }, "mfa_required"},
		"revoked":    {func(d *desk) { d.origins.revoke(site) }, "origin_refused"},
	} {
		t.Run(name, func(t *testing.T) {
			d := asking(t, Patience{})
			result := d.later("sex")
			id := d.pageOf(d.login).waits().ID
			row.happens(d)
			(<-result).says(t, 403, row.code, "O13")
			first, err := d.office.Records.AnswerApproval(t.Context(), root, id, proofing.Approved, d.office.Clock.Now())
			require.NoError(t, err)
			assert.False(t, first, "nobody can agree to it any more")
			assert.Zero(t, d.card.Exchanges())
		})
	}
}

func TestRow28WhatIsKeptForAPageIsGivenUpForTheNextClerk(t *testing.T) {
	d := asking(t, Patience{Call: 5 * time.Millisecond, Again: 20 * time.Second})
	require.Equal(t, 202, d.readAs(site, "sex").status)
	old := d.pageOf(d.login).waits().ID
	anan := d.office.Enrolled("anan", mfa.RoleStaff).Login()
	require.Equal(t, 200, d.readAs(other, "sex").status, "the former's question holds nobody up")
	require.Equal(t, 202, d.readAs(site, "sex").status)
	fresh := d.pageOf(anan).waits().ID
	assert.NotEqual(t, old, fresh, "a new question, to the new clerk")
	waiting, err := d.office.Records.Approvals(t.Context(), d.office.Clock.Now())
	require.NoError(t, err)
	assert.Len(t, waiting, 1, "the old one is withdrawn")
}

func TestRow28ASessionThatLostTheDeskAgreesToNothing(t *testing.T) {
	d := asking(t, Patience{Call: 5 * time.Millisecond, Again: 20 * time.Second})
	require.Equal(t, 202, d.readAs(site, "sex").status)
	former := d.pageOf(d.login)
	id := former.waits().ID
	d.office.Enrolled("anan", mfa.RoleStaff).Login() // nobody has looked since then
	former.post("/v1/approvals/"+id, words("answer", "approved")).says(t, 404, "approval_unknown", "")
	assert.JSONEq(t, `{"approvals":[]}`, former.get("/v1/approvals").body)
	assert.Empty(t, d.office.Entries(audit.KindReadApproved))
}

func TestRow28TheEndOfTheProgramTakesTheQuestionBack(t *testing.T) {
	d := asking(t, Patience{Call: 5 * time.Millisecond, Again: 20 * time.Second})
	require.Equal(t, 202, d.readAs(site, "sex").status)
	id := d.pageOf(d.login).waits().ID
	d.stop()
	a, _, err := d.office.Records.Approval(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, proofing.Withdrawn, a.Answer)
}

func TestTheDefaultPatienceIsWhatPagesAreTold(t *testing.T) {
	assert.Equal(t, Patience{
		Answer: time.Minute, Call: 25 * time.Second, Clerk: 5 * time.Minute, Result: 5 * time.Minute, Again: 10 * time.Second, Look: 200 * time.Millisecond,
	}, Patience{}.withDefaults())
}
