//go:build !race

package browsertest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
	"chipproof/proofing/proof"
)

// relyingParty is a site whose backend signs requests, with a page that takes
// what the page road brings.
type relyingParty struct {
	a      *agent
	key    *ecdsa.PrivateKey
	origin string
	posted chan string // the proof that came, behind its state
}

// newRelyingParty lists one at the agent, with its key and its return URL.
func (a *agent) newRelyingParty() *relyingParty {
	a.t.Helper()
	r := &relyingParty{a: a, posted: make(chan string, 4)}
	var err error
	r.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(a.t, err)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		if q.URL.Path == "/return" && q.Method == http.MethodPost {
			r.posted <- q.PostFormValue("state") + " " + q.PostFormValue("proof")
			http.Redirect(w, q, "/done", http.StatusSeeOther)
			return
		}
		_, _ = io.WriteString(w, "<!doctype html><title>site</title><p>the site took the proof</p>")
	}))
	a.t.Cleanup(server.Close)
	r.origin = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	keys, err := proof.NewKeySet(&r.key.PublicKey)
	require.NoError(a.t, err)
	_, err = a.office.Records.SaveOrigin(a.t.Context(), proofing.Actor{ID: "os:0"}, proofing.Origin{
		Origin: r.origin, Audience: r.origin, Fields: []string{"citizen_id", "name", "photo"}, Purposes: []string{proofing.IdentityProofing},
		ReturnURLs: []string{r.origin + "/return"}, Keys: keys.JSON(), Ask: proofing.AskNever, ApprovedAt: a.office.Clock.Now(),
	})
	require.NoError(a.t, err)
	return r
}

// request is one that its backend signed, for the page road where it has a state.
func (r *relyingParty) request(state string) string {
	r.a.t.Helper()
	q := proof.Request{
		Issuer: r.origin, Nonce: proof.NewNonce(), Audience: r.origin, Purpose: proofing.IdentityProofing,
		IssuedAt: r.a.office.Clock.Now().Unix(), Fields: []string{"citizen_id", "name"},
	}
	if state != "" {
		q.ReturnURL, q.State = r.origin+"/return", state
	}
	token, err := proof.SignRequest(r.key, q)
	require.NoError(r.a.t, err)
	return token
}

// checked is what the backend makes of a proof.
func (r *relyingParty) checked(token string) *proof.Proof {
	r.a.t.Helper()
	keys, err := proof.NewKeySet(&r.a.key.PublicKey)
	require.NoError(r.a.t, err)
	p, err := proof.Verify(token, proof.Options{
		Issuers: []proof.Issuer{{Name: agency, Keys: keys}}, Audience: r.origin, Origin: r.origin,
		Purpose: proofing.IdentityProofing, Mode: "test", Now: r.a.office.Clock.Now(),
	})
	require.NoError(r.a.t, err)
	return p
}

const identityProofing = `input[value="identity_proofing"]`

func TestTheCounterProvesACitizenInTwoClicksAndPrintsTheSlip(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click(identityProofing)

	b.click("#read") // one
	b.see("หน้าตรงกับรูปในชิปหรือไม่")
	b.holds(`document.querySelector('.photo').getBoundingClientRect().width > 250`, "the photo is large")
	b.everywhere("th-proof-question")
	b.click(".answers .yes") // two
	b.when(`document.querySelector('.verdict.accepted')`)
	b.see("ผ่าน")
	b.see("สิ่งที่ไม่ได้ตรวจ")
	b.everywhere("th-proof-accepted")

	a.remove()
	b.unsee("สมชาย", "1101700230708", "ใจดี")
	assert.Len(t, a.office.Entries("proofing"), 1)
	assert.Len(t, a.office.Entries("facts_stated"), 1)
}

func TestAFaceThatDoesNotMatchAndACardThatIsPulledGiveNoAcceptance(t *testing.T) {
	a := newAgent(t)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	b.click(identityProofing)
	b.click("#read")
	b.click(".answers .no")
	b.when(`document.querySelector('.verdict.rejected')`)
	b.see("ไม่ผ่าน")
	b.shot("th-proof-rejected")
	b.accessible("rejected")
	b.unsee("สมชาย", "1101700230708")
	b.click(".again")

	b.click("#read")
	b.see("หน้าตรงกับรูปในชิปหรือไม่")
	a.remove()
	b.unsee("สมชาย", "ใจดี")
	b.when(`document.querySelector('.failure img')?.src.endsWith('/static/pic-removed.svg')`)
	b.shot("th-proof-card-pulled")
}

func TestASiteAsksForAProofAndTheClerkAnswersInOneView(t *testing.T) {
	a := newAgent(t)
	site := a.newRelyingParty()
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	ask := func(path, body string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, a.url+path, strings.NewReader(body))
		require.NoError(t, err)
		r.Header = http.Header{"Origin": {site.origin}, "Content-Type": {"application/json"}}
		res, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer res.Body.Close()
		answer, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res.StatusCode, string(answer)
	}
	status, answer := ask("/v1/proofings", fmt.Sprintf(`{"request":%q}`, site.request("")))
	require.Equal(t, http.StatusAccepted, status, answer)
	id := answer[strings.Index(answer, `"id":"`)+6:][:32]
	b.see(site.origin)
	b.see("หน้าตรงกับรูปในชิปหรือไม่")
	b.shot("th-site-proof")
	b.accessible("a site asks for a proof")
	b.click(".answers .yes")
	status, answer = ask("/v1/proofings/"+id+"/result", "{}")
	require.Equal(t, http.StatusOK, status, answer)
	token := answer[strings.Index(answer, `"proof":"`)+9:]
	assert.Equal(t, "accepted", string(site.checked(token[:strings.Index(token, `"`)]).Decision))
	b.when(`!document.querySelector('.site-proofing')`)
	b.unsee("สมชาย")
}

func TestThePageRoadEndsWithTheProofAtTheRegisteredAddress(t *testing.T) {
	a := newAgent(t)
	site := a.newRelyingParty()
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.elsewhere = site.origin
	token := site.request("state-of-this-session")
	b.open("/prove#" + token)
	b.when(`location.hash === ''`)
	b.login(a.clerk, a.clerk.Code())
	b.see(site.origin)
	b.see("พิสูจน์ตัวตน")
	b.everywhere("th-prove")
	assert.Empty(t, a.office.Entries("proofing", "read"), "nothing is read before the clerk's click")
	b.click("#start")
	b.see("หน้าตรงกับรูปในชิปหรือไม่")
	b.shot("th-prove-question")
	b.click(".answers .yes")
	b.when(`location.pathname === '/done'`)
	state, proven, _ := strings.Cut(<-site.posted, " ")
	assert.Equal(t, "state-of-this-session", state)
	assert.Equal(t, "accepted", string(site.checked(proven).Decision))

	b.open("/prove#" + token)
	b.click("#start")
	b.when(`document.querySelector('.failure .code')?.textContent.startsWith('request_reused')`)
	b.open("/prove")
	b.see("ไม่มีคำขออยู่ในลิงก์นี้")
	b.shot("th-prove-empty")
	b.accessible("prove without a request")
	assert.Empty(t, site.posted, "nothing else was posted anywhere")
}
