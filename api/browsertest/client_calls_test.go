//go:build !race

package browsertest

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
	"chipproof/simulator"
)

// atCounter is an approved site with its permission given, and a clerk at the desk.
func atCounter(t *testing.T, lang string) (*agent, *browser, *visitor) {
	t.Helper()
	a := newAgent(t)
	s := newSite(a, secureHost)
	s.list()
	b := newBrowser(t, a, "th", public(s)...)
	b.enters("/", a.clerk)
	v := s.visit(b, "/?lang="+lang)
	v.let(granted)
	return a, b, v
}

func TestAnErrorHasTheAgentsCodeAndWordsInThePagesLanguage(t *testing.T) {
	a, b, v := atCounter(t, "en")
	absent := run[failed](v, `await fill({...agent, fields: ['name']})`)
	assert.Equal(t, "card_absent", absent.Code)
	assert.True(t, absent.Typed)
	assert.Equal(t, 409, absent.Status)
	assert.Regexp(t, `^[A-Z]`, absent.Title, "in the language of the page")
	assert.Equal(t, absent.Title+". "+absent.Remedy, absent.Message)
	assert.Equal(t, a.url+"/", absent.Console)
	assert.Equal(t, "ยังไม่ได้เสียบบัตร", run[failed](v, `await fill({...agent, fields: ['name'], lang: 'th'})`).Title)

	secret := run[failed](v, `await fill({...agent, fields: ['name', 'laser_code']})`)
	assert.Equal(t, "field_refused", secret.Code)
	assert.Equal(t, "laser_code", secret.Field)
	assert.Equal(t, "purpose_unknown", run[failed](v, `await fill({...agent, purpose: 'gossip', fields: ['name']})`).Code)
	assert.Equal(t, "body_invalid", run[failed](v, `await fill(agent)`).Code)
	assert.Equal(t, "request_refused", run[failed](v, `await prove({...agent, request: 'a.b.c'})`).Code)
	assert.Equal(t, "reader_not_found", run[failed](v, `await fill({...agent, fields: ['name'], reader: 'no such reader'})`).Code)
	assert.Equal(t, "TypeError", run[failed](v, `await fill({port: 'evil.example', fields: ['name']})`).Name)
	assert.Equal(t, "TypeError", run[failed](v, `await proveByPage({...agent, request: 'not signed'})`).Name)

	b.click("#lock")
	b.see("หน้าจอล็อกอยู่")
	assert.Equal(t, "mfa_required", run[failed](v, `await fill({...agent, fields: ['name']})`).Code)
	assert.Equal(t, "mfa_required", run[failed](v, `await fill({...agent, fields: ['name'], onProgress() {}})`).Code, "the stream is refused, too, and the call says why")
}

func TestAPageCanGiveUpAndIsToldSoByItsOwnReason(t *testing.T) {
	a, b, v := atCounter(t, "th")
	before := run[failed](v, `await fill({...agent, fields: ['name'], signal: AbortSignal.abort()})`)
	assert.Equal(t, "AbortError", before.Name)
	assert.False(t, before.Typed)
	assert.Equal(t, "AbortError", run[failed](v, `await proveByPage({...agent, request: 'a.b.c', signal: AbortSignal.abort()})`).Name)

	a.insert("default")
	v.begin(`await (async () => {
		const giveUp = new AbortController();
		window.giveUp = () => giveUp.abort(new RangeError('the patient left'));
		const {request} = await (await fetch('/requests', {method: 'POST', headers: {'Content-Type': 'application/json', 'X-CSRF': document.body.dataset.csrf}, body: '{"road":"fetch"}'})).json();
		return prove({...agent, request, signal: giveUp.signal, onProgress() {}, onWaiting(what) { window.waiting = what; }, pageRequest: 'a.b.c'});
	})()`)
	v.when(`window.waiting?.includes('face_visual')`)
	b.see(v.site.origin)
	v.do(evaluate(`window.giveUp()`))
	v.when(`window.done`)
	v.holds(`window.done.name === 'RangeError' && window.done.message === 'the patient left' && location.pathname === '/'`, "it did not take the page road")

	slow := run[failed](v, `await fill({...agent, fields: ['name'], signal: AbortSignal.timeout(1)})`)
	assert.Equal(t, "TimeoutError", slow.Name, "the page's own limit is no word about the agent")
}

func TestAPageIsToldThatTheClerkIsAskedAndWhatTheClerkSays(t *testing.T) {
	a := newAgent(t)
	s := newSite(a, secureHost)
	a.approve(s.origin, proofing.AskAlways)
	a.insert("default")
	b := newBrowser(t, a, "th", public(s)...)
	b.enters("/", a.clerk)
	v := s.visit(b, "/?lang=en")
	v.let(granted)
	v.begin(`await fill({...agent, fields: ['citizen_id']})`)
	b.see(s.origin)
	b.click(".approval .no")
	v.when(`window.done`)
	v.holds(`window.done.code === 'approval_declined' && window.done.status === 403`, "the agent's own code")
	v.begin(`await fill({...agent, fields: ['citizen_id']})`)
	b.click(".approval .yes")
	v.when(`window.done?.citizen_id === '1101700230708'`)
}

// An outage of the agent costs a page nothing but the time that it lasts.
func TestAPageHearsOfCardsAgainAfterTheAgentWasAway(t *testing.T) {
	a, _, v := atCounter(t, "th")
	v.do(evaluate(`window.heard = []; window.why = [];`))
	v.begin(`(window.stop = onCard(({event, reader}) => { window.heard.push(event + ' ' + reader); if (event === 'card_removed') throw new Error('of the page itself'); },
		{...agent, onError(error) { window.why.push(error.code); }}), 'on')`)
	const first = "reader_added " + reader
	v.when(`heard.includes('` + first + `')`)
	a.insert("default")
	v.when(`heard.includes('card_inserted ` + reader + `')`)

	address, err := url.Parse(a.url)
	require.NoError(t, err)
	a.stop()
	v.when(`why.includes('agent_unreachable')`)
	a.start(address.Host)
	v.when(`heard.filter((e) => e === 'card_inserted ` + reader + `').length === 2`)
	a.remove()
	v.when(`heard.includes('card_removed ` + reader + `')`)
	a.insert("default")
	v.when(`heard.filter((e) => e === 'card_inserted ` + reader + `').length === 3`)

	v.do(evaluate(`window.stop(); window.heard = [];`))
	a.remove()
	a.insert("default", simulator.CardOptions{})
	assert.Equal(t, "สมชาย", run[map[string]map[string]map[string]string](v, fillName)["name"]["th"]["first_name"])
	v.holds(`window.heard.length === 0`, "it ended when it was told to")
	v.mu.Lock()
	defer v.mu.Unlock()
	require.Len(t, v.failures, 1, "what the page's own function throws is the page's")
	assert.Contains(t, v.failures[0], "of the page itself")
	v.failures = nil
}

// Nobody is asked again and again: a page that was not allowed waits until it is.
func TestAPageWithoutPermissionWaitsForItWithoutKnocking(t *testing.T) {
	a, _, v := atCounter(t, "th")
	v.let(unanswered)
	// Pauses are short here, so that whoever knocks again does it many times.
	v.do(evaluate(`window.heard = []; window.why = []; const later = setTimeout; window.setTimeout = (f, ms) => later(f, ms > 30000 ? ms : 0);`))
	v.begin(`(onCard(({event}) => window.heard.push(event), {...agent, onError(error) { window.why.push(error.code); }}), 'on')`)
	v.when(`why.length === 1 && why[0] === 'agent_not_running'`)
	a.insert("default")
	assert.Equal(t, "prompt", run[string](v, `await (async () => { for (let i = 0; i < 200; i++) { await permission(); await new Promise((next) => setTimeout(next)); } return permission(); })()`))
	v.holds(`why.length === 1 && heard.length === 0`, "it did not knock again")
	v.let(granted)
	v.when(`heard.includes('card_inserted')`)
}
