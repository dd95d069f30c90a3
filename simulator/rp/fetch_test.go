package rp_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
	"chipproof/simulator/rp"
)

func TestTheBackendChoosesWhatItAsks(t *testing.T) {
	b := newStage(t).visitor()
	fetch := b.counter.read(b.request("fetch"))
	ask := rp.DefaultAsk()
	assert.Equal(t, ask.Purpose, fetch.Purpose)
	assert.Equal(t, ask.Fields, fetch.Fields)
	assert.Equal(t, ask.Needs, fetch.Needs)
	require.NoError(t, fetch.CheckRoad(proof.Fetch, nil))

	page := b.counter.read(b.request("page"))
	require.NoError(t, page.CheckRoad(proof.Page, []string{b.site.ReturnURL()}))
	assert.NotContains(t, page.Fields, "photo")
	assert.NotEqual(t, fetch.Nonce, page.Nonce)

	answer, _ := b.call("/requests", map[string]any{"road": "fetch", "fields": []string{"laser_code"}})
	assert.Equal(t, http.StatusBadRequest, answer.StatusCode, "a page has no say in it")
	answer, _ = b.call("/requests", map[string]any{"road": "air"})
	assert.Equal(t, http.StatusBadRequest, answer.StatusCode)
}

func TestAProofIsAcceptedStepByStep(t *testing.T) {
	b := newStage(t).visitor()
	report := b.bring(b.counter.prove(b.request("fetch")))
	require.True(t, report.Accepted, "%+v", report.Steps)
	var names []string
	for _, step := range report.Steps {
		names = append(names, step.Name)
		assert.Equal(t, rp.StepPassed, step.State, step.Name)
		assert.NotEmpty(t, step.Title.TH, step.Name)
		assert.NotEmpty(t, step.Title.EN, step.Name)
	}
	assert.Equal(t, []string{
		"form", "header", "key", "signature", "payload", "issuer", "audience", "time", "mode", "asked",
		"nonce", "replayed", "demand", "operator", "photo",
	}, names)
	assert.Equal(t, "pf-20261121-000417", report.Outcome.Txn)
	assert.Contains(t, report.Outcome.Claims, rp.Claim{Name: "th_citizen_id", Value: "1101700230708"})
	assert.Equal(t, []rp.Level{{Scheme: "th-etda", Text: "candidate_level IAL2.1 (unconfirmed)"}}, report.Outcome.Levels)
}

func TestEveryStepCanRefuse(t *testing.T) {
	photo := []byte("a photo")
	for step, change := range map[string]func(*stage, *proof.Proof){
		"key":      func(s *stage, _ *proof.Proof) { s.counter.key = newKey(s) },
		"issuer":   func(_ *stage, p *proof.Proof) { p.Issuer = "https://id.example.go.th" },
		"audience": func(_ *stage, p *proof.Proof) { p.Audience = "https://other.example.go.th" },
		"time":     func(s *stage, p *proof.Proof) { p.IssuedAt = s.clock().Unix() - 300 },
		"mode":     func(_ *stage, p *proof.Proof) { p.Mode = proof.Production },
		"asked":    func(_ *stage, p *proof.Proof) { p.Purpose = "other_purpose" },
		"nonce":    func(_ *stage, p *proof.Proof) { p.Nonce = proof.NewNonce() },
		"demand":   func(_ *stage, p *proof.Proof) { rejected(p) },
		"operator": func(_ *stage, p *proof.Proof) { p.Operator.AMR = []string{"pwd", "mfa"} },
		"photo":    func(_ *stage, p *proof.Proof) { p.PhotoDigest = new(proof.DigestOf(photo)) },
	} {
		s := newStage(t)
		published, err := s.counter.keySet()
		require.NoError(t, err)
		s = newStage(t, func(o *rp.Options) {
			if step == "key" {
				o.AgentKeys = func() ([]byte, error) { return published, nil }
			}
		})
		b := s.visitor()
		p := s.counter.accepted(s.counter.read(b.request("fetch")))
		change(s, &p)
		token, err := proof.Sign(s.counter.key, p)
		require.NoError(t, err, step)
		report := b.bring(token)
		assert.False(t, report.Accepted, step)
		assert.Equal(t, step, refusedAt(report))
		assertOrder(t, report)
	}
}

// assertOrder says that all steps before the refusal passed, and none after it ran.
func assertOrder(t *testing.T, report rp.Report) {
	t.Helper()
	want := rp.StepPassed
	for _, step := range report.Steps {
		if step.State == rp.StepRefused {
			require.Equal(t, rp.StepPassed, want, "one step refuses")
			assert.NotEmpty(t, step.Why)
			want = rp.StepNotReached
			continue
		}
		assert.Equal(t, want, step.State, step.Name)
		assert.Empty(t, step.Why)
	}
}

func TestWhatIsNoProofIsRefusedWhereItFails(t *testing.T) {
	b := newStage(t).visitor()
	token := b.counter.prove(b.request("fetch"))
	parts := strings.Split(token, ".")
	for text, step := range map[string]string{
		"":          "form",
		"a.b":       "form",
		token + " ": "form",
		token + ".": "form",
		"{}":        "form",
		base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"chipproof+jwt","kid":"a"}`)) + "." + parts[1] + "." + parts[2]: "header",
		parts[0] + "." + parts[1] + "." + base64.RawURLEncoding.EncodeToString(make([]byte, 64)):                                         "signature",
		b.request("fetch"): "header",
	} {
		assert.Equal(t, step, refusedAt(b.bring(text)), text)
	}
	assert.True(t, b.bring(token).Accepted, "garbage has burnt no nonce")
}

func TestAProofCountsOnce(t *testing.T) {
	b := newStage(t).visitor()
	token := b.counter.prove(b.request("fetch"))
	require.True(t, b.bring(token).Accepted)
	assert.Equal(t, "nonce", refusedAt(b.bring(token)))
}

func TestANonceIsUsedUpByAProofThatWasNotAccepted(t *testing.T) {
	b := newStage(t).visitor()
	request := b.request("fetch")
	assert.Equal(t, "demand", refusedAt(b.bring(b.counter.prove(request, rejected))))
	assert.Equal(t, "nonce", refusedAt(b.bring(b.counter.prove(request))))
}

func TestAProofUnderANumberThatWasSeenIsRefused(t *testing.T) {
	b := newStage(t).visitor()
	id := proof.NewID()
	same := func(p *proof.Proof) { p.ID = id }
	require.True(t, b.bring(b.counter.prove(b.request("fetch"), same)).Accepted)
	assert.Equal(t, "replayed", refusedAt(b.bring(b.counter.prove(b.request("fetch"), same))))
}

func TestOnlyOneOfManyWhoBringTheSameProofIsServed(t *testing.T) {
	b := newStage(t).visitor()
	token := b.counter.prove(b.request("fetch"))
	reports := make(chan rp.Report)
	for range 20 {
		go func() { reports <- b.bring(token) }()
	}
	accepted := 0
	for range 20 {
		if r := <-reports; r.Accepted {
			accepted++
		}
	}
	assert.Equal(t, 1, accepted)
}

func TestANonceWaitsForFifteenMinutes(t *testing.T) {
	for wait, step := range map[time.Duration]string{15*time.Minute - time.Second: "", 15 * time.Minute: "nonce"} {
		b := newStage(t).visitor()
		p := b.counter.accepted(b.counter.read(b.request("fetch")))
		b.pass(wait)
		p.IssuedAt = b.clock().Unix()
		token, err := proof.Sign(b.counter.key, p)
		require.NoError(t, err)
		assert.Equal(t, step, refusedAt(b.bring(token)))
	}
}

func TestAPersonIsShownOnlyWhenAllStepsPassed(t *testing.T) {
	b := newStage(t).visitor()
	report := b.bring(b.counter.prove(b.request("fetch"), func(p *proof.Proof) { p.Operator.AMR = []string{"pwd"} }))
	require.Equal(t, "operator", refusedAt(report))
	require.NotNil(t, report.Outcome, "what was done is no secret")
	assert.Empty(t, report.Outcome.Claims)

	report = b.bring(b.counter.prove(b.request("fetch"), rejected))
	assert.Equal(t, "rejected", report.Outcome.Decision)
	assert.Contains(t, report.Outcome.Facts, rp.Fact{Kind: "face_visual", Outcome: "failed", How: "in person, against chip photo"})
}

func TestThePhotoIsTheOneThatWasSigned(t *testing.T) {
	photo := []byte("\xff\xd8 a photo \xff\xd9")
	b := newStage(t).visitor()
	signed := func(p *proof.Proof) { p.PhotoDigest = new(proof.DigestOf(photo)) }
	encoded := base64.StdEncoding.EncodeToString(photo)
	assert.True(t, b.bring(b.counter.prove(b.request("fetch"), signed), encoded).Accepted)
	photo[3]++
	assert.Equal(t, "photo", refusedAt(b.bring(b.counter.prove(b.request("fetch"), signed), encoded)))
	assert.Equal(t, "photo", refusedAt(b.bring(b.counter.prove(b.request("fetch")), encoded)), "and none was")
}

func TestARevokedKeyIsRefused(t *testing.T) {
	s := newStage(t)
	kid, err := proof.Thumbprint(&s.counter.key.PublicKey)
	require.NoError(t, err)
	key := s.counter.key
	s = newStage(t, func(o *rp.Options) { o.Denied = []string{kid} })
	s.counter.key = key
	b := s.visitor()
	assert.Equal(t, "key", refusedAt(b.bring(b.counter.prove(b.request("fetch")))))
}

func TestWithoutKeysOfAnAgentNothingVerifies(t *testing.T) {
	b := newStage(t, func(o *rp.Options) { o.AgentKeys = nil }).visitor()
	assert.Equal(t, "key", refusedAt(b.bring(b.counter.prove(b.request("fetch")))))

	b = newStage(t, func(o *rp.Options) { o.AgentKeys = func() ([]byte, error) { return []byte("{}"), nil } }).visitor()
	answer, _ := b.call("/proofs", map[string]string{"proof": b.counter.prove(b.request("fetch"))})
	assert.Equal(t, http.StatusInternalServerError, answer.StatusCode, "nobody knows")
}
