package rp_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
)

// brought asks on the page road and gives the form that the agent's page posts.
func (b *browser) brought(changes ...func(*proof.Proof)) (token, state string) {
	b.Helper()
	request := b.request("page")
	return b.counter.prove(request, changes...), b.counter.read(request).State
}

func TestThePageRoadLeadsBackToTheSessionThatAsked(t *testing.T) {
	b := newStage(t).visitor()
	answer, body := b.returned(b.brought())
	assert.Equal(t, http.StatusOK, answer.StatusCode, body)
	assert.Contains(t, body, "1101700230708")
	assert.Contains(t, body, "pf-20261121-000417")
	assert.Equal(t, "no-store", answer.Header.Get("Cache-Control"))
	assert.Equal(t, "no-referrer", answer.Header.Get("Referrer-Policy"), "the handle leaks to nobody")
}

func TestTheFormIsAnsweredWithARedirectToTheSameOrigin(t *testing.T) {
	b := newStage(t).visitor()
	answer, body := b.post(b.brought())
	require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	assert.Regexp(t, `^/returned/[A-Za-z0-9_-]{22}$`, answer.Header.Get("Location"))
	assert.Empty(t, body)
	assert.Empty(t, answer.Cookies(), "it comes without a session and makes none")
}

// Row G6 of agent-security §13.
func TestAProofOfAnotherSessionIsRefused(t *testing.T) {
	s := newStage(t)
	victim, attacker := s.visitor(), s.visitor()
	own := s.counter.read(victim.request("page")).State

	t.Run("the attacker's whole form, posted in the victim's browser", func(t *testing.T) {
		answer, body := victim.returned(attacker.brought())
		assert.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
		assertRefused(t, body, "of no request that this session made")
	})
	t.Run("the attacker's proof under the victim's state", func(t *testing.T) {
		token, _ := attacker.brought()
		answer, body := victim.returned(token, own)
		assert.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
		assertRefused(t, body, "nonce")
	})
	t.Run("the victim's handle, opened by the attacker", func(t *testing.T) {
		token, state := victim.brought()
		answer, _ := s.post(token, state)
		shown, body := attacker.get(answer.Header.Get("Location"))
		assert.Equal(t, http.StatusUnprocessableEntity, shown.StatusCode)
		assertRefused(t, body, "of no request that this session made")
		assert.NotContains(t, body, "1101700230708")
	})
	t.Run("in a browser without a session", func(t *testing.T) {
		answer, body := s.stranger().returned(victim.brought())
		assert.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
		assertRefused(t, body, "of no request that this session made")
	})
	t.Run("the proof of another click of the same session", func(t *testing.T) {
		token, _ := victim.brought()
		answer, body := victim.returned(token, own)
		assert.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
		assertRefused(t, body, "nonce")
	})
	t.Run("the attacker's proof, fetched by the victim's page", func(t *testing.T) {
		token := s.counter.prove(attacker.request("fetch"))
		assert.Equal(t, "nonce", refusedAt(victim.bring(token)))
		assert.True(t, attacker.bring(token).Accepted, "which has cost its owner nothing")
	})
	t.Run("a proof of one road, brought on the other", func(t *testing.T) {
		token, _ := victim.brought()
		assert.Equal(t, "nonce", refusedAt(victim.bring(token)))
		token = s.counter.prove(victim.request("fetch"))
		answer, _ := victim.returned(token, own)
		assert.Equal(t, http.StatusUnprocessableEntity, answer.StatusCode)
	})
}

func assertRefused(t *testing.T, body, why string) {
	t.Helper()
	_, body, found := strings.Cut(body, `class="refused">refused:`)
	require.True(t, found)
	step, _, _ := strings.Cut(body, "</li>")
	assert.Contains(t, step, why)
}

func TestAHandleIsGoodOnceAndForAMinute(t *testing.T) {
	b := newStage(t).visitor()
	answer, _ := b.post(b.brought())
	shown, _ := b.get(answer.Header.Get("Location"))
	require.Equal(t, http.StatusOK, shown.StatusCode)
	again, body := b.get(answer.Header.Get("Location"))
	assert.Equal(t, http.StatusGone, again.StatusCode)
	assert.NotContains(t, body, "1101700230708")

	answer, _ = b.post(b.brought())
	b.pass(time.Minute)
	late, _ := b.get(answer.Header.Get("Location"))
	assert.Equal(t, http.StatusGone, late.StatusCode)

	unknown, _ := b.get("/returned/" + proof.NewID())
	assert.Equal(t, http.StatusGone, unknown.StatusCode)
}

func TestAStateIsGoodOnce(t *testing.T) {
	b := newStage(t).visitor()
	token, state := b.brought()
	first, _ := b.returned(token, state)
	require.Equal(t, http.StatusOK, first.StatusCode)
	again, body := b.returned(token, state)
	assert.Equal(t, http.StatusUnprocessableEntity, again.StatusCode)
	assertRefused(t, body, "of no request that this session made")
}

func TestWhatAnybodyCanPostIsBounded(t *testing.T) {
	s := newStage(t)
	large, _ := s.post(strings.Repeat("a", 48<<10), "s")
	assert.Equal(t, http.StatusRequestEntityTooLarge, large.StatusCode)
	for _, form := range []string{"", "proof=a", "state=a", "proof=a&state=", "proof=a&proof=b&state=c", "proof=a&state=b&state=c", "proof=a&state=b&more=c", "%zz"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.origin+"/return", strings.NewReader(form))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, _ := s.stranger().do(r)
		assert.Equal(t, http.StatusBadRequest, answer.StatusCode, form)
	}
	inAddress, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.origin+"/return?proof=a&state=b", strings.NewReader("proof=a&state=b"))
	require.NoError(t, err)
	inAddress.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, _ := s.stranger().do(inAddress)
	assert.Equal(t, http.StatusBadRequest, answer.StatusCode, "a proof never stands in an address")
}

// Forms of strangers keep nobody out: of too many the oldest is forgotten.
func TestTheOldestFormMakesRoomForANewOne(t *testing.T) {
	b := newStage(t).visitor()
	oldest, _ := b.post("a", "b")
	second, _ := b.post("a", "b")
	for range 62 {
		answer, _ := b.post("a", "b")
		require.Equal(t, http.StatusSeeOther, answer.StatusCode)
	}
	answer, body := b.returned(b.brought())
	assert.Equal(t, http.StatusOK, answer.StatusCode, body)
	gone, _ := b.get(oldest.Header.Get("Location"))
	assert.Equal(t, http.StatusGone, gone.StatusCode)
	kept, _ := b.get(second.Header.Get("Location"))
	assert.Equal(t, http.StatusUnprocessableEntity, kept.StatusCode, "it is judged")
}
