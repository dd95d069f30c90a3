package counter

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/simulator"
)

// slowDesk is one whose card takes its time, so that there is something between
// text and photo.
func slowDesk(t *testing.T) *desk {
	t.Helper()
	machine := simulator.NewMachine(reader)
	card := insert(t, machine, "full-photo", simulator.LineTA18)
	d := openDesk(t, machine)
	d.card = card
	return d
}

// glimpsed waits until the text of a read can be asked for.
func (d *desk) glimpsed() string {
	d.t.Helper()
	var id string
	d.until(func() bool {
		d.counter.glimpses.mu.Lock()
		defer d.counter.glimpses.mu.Unlock()
		if d.counter.glimpses.now != nil {
			id = d.counter.glimpses.now.id
		}
		return id != ""
	})
	return id
}

// reading is a read of the page that runs meanwhile.
func (p *page) reading(fields ...string) <-chan answer {
	done := make(chan answer, 1)
	request := p.text("POST", "/v1/reads", fill(fields...))
	go func() { done <- p.d.raw(request) }()
	return done
}

func TestOurConsoleGetsTheTextWhileThePhotoIsReadBehindItsEntry(t *testing.T) {
	d := slowDesk(t)
	p := d.pageOf(d.login)
	ours, sites := d.counter.hub.subscribe(""), d.counter.hub.subscribe(site)
	done := p.reading("name", "photo")
	id := d.glimpsed()
	entries := d.office.Entries(audit.KindRead)
	require.Len(t, entries, 1, "the entry stands before the text can be asked for")
	assert.Equal(t, id, entries[0].Attributes["read"])
	assert.Equal(t, "name photo", entries[0].Attributes["fields"])

	text := p.post("/v1/reads/"+id+"/text", "{}")
	require.Equal(t, 200, text.status, text.body)
	assert.Contains(t, text.body, `"first_name"`)
	assert.NotContains(t, text.body, `"photo"`)
	assert.NotContains(t, text.body, `"citizen_id"`, "it was not asked for")

	whole := <-done
	require.Equal(t, 200, whole.status, whole.body)
	var got ReadAnswer
	require.NoError(t, json.Unmarshal([]byte(whole.body), &got))
	assert.Equal(t, id, got.ID)
	assert.NotNil(t, got.Identity.Photo)
	assert.Len(t, d.office.Entries(audit.KindRead), 1, "one read, one entry")
	assert.Empty(t, d.office.Entries(audit.KindReadFailed))
	p.post("/v1/reads/"+id+"/text", "{}").says(t, 404, "result_unknown", "the read is over")

	assert.Contains(t, heardBy(ours), textRead)
	assert.NotContains(t, heardBy(sites), textRead, "no web app hears of it")
}

// heardBy are the events that a stream would have sent.
func heardBy(s *subscriber) (names []string) {
	for {
		select {
		case m := <-s.queue:
			names = append(names, m.name)
		default:
			return names
		}
	}
}

func TestTheTextIsForTheSessionThatReadsAndForNobodyElse(t *testing.T) {
	d := slowDesk(t)
	p := d.pageOf(d.login)
	_, colleague := d.administrator(t)
	done := p.reading("name", "photo")
	id := d.glimpsed()
	colleague.post("/v1/reads/"+id+"/text", "{}").says(t, 404, "result_unknown", "a colleague's page")
	p.post("/v1/reads/"+newID()+"/text", "{}").says(t, 404, "result_unknown", "another id")
	p.do("GET", "/v1/reads/"+id+"/text", "").says(t, 405, "method_refused", "no GET returns a citizen's data")
	d.raw(post("/v1/reads/"+id+"/text", "{}", fromSite)).says(t, 403, "origin_refused", "a web app")
	assert.Equal(t, 200, (<-done).status)

	d.machine.Cards(simulator.CardOptions{})
	require.Equal(t, 200, d.readCard("name", "photo").status)
	d.counter.glimpses.mu.Lock()
	defer d.counter.glimpses.mu.Unlock()
	assert.Nil(t, d.counter.glimpses.now, "of a web app's read there is never a glimpse")
}

func TestATextWhosePhotoFailsHasAnEntryOfBothAndIsGone(t *testing.T) {
	d := slowDesk(t)
	p := d.pageOf(d.login)
	done := p.reading("name", "photo")
	id := d.glimpsed()
	require.NoError(t, d.machine.Remove(reader))
	(<-done).says(t, 409, "card_removed", "")
	p.post("/v1/reads/"+id+"/text", "{}").says(t, 404, "result_unknown", "")
	failed := d.office.Entries(audit.KindReadFailed)
	require.Len(t, failed, 1)
	assert.Equal(t, id, failed[0].Attributes["read"])
	assert.Equal(t, "card_removed", failed[0].Attributes["code"])
	assert.Len(t, d.office.Entries(audit.KindRead), 1, "somebody may have seen it")
}

func TestWithoutAnEntryThereIsNoText(t *testing.T) {
	d := slowDesk(t)
	p := d.pageOf(d.login)
	events := d.counter.hub.subscribe("")
	before := d.card.Exchanges()
	require.Equal(t, 200, p.post("/v1/reads", fill("name")).status)
	text := d.card.Exchanges() - before
	d.office.Close()
	a := p.post("/v1/reads", fill("name", "photo"))
	assert.GreaterOrEqual(t, a.status, 400)
	assert.NotContains(t, heardBy(events), textRead)
	assert.Less(t, d.card.Exchanges()-before, 4*text, "no photo is read behind a text that nobody may have")
}

func TestOfAProofingOfOurConsoleTheClerkSeesTheTextBehindAnEntryToo(t *testing.T) {
	machine := simulator.NewMachine(reader)
	card := insert(t, machine, "full-photo", simulator.LineTA18)
	p := provingAt(t, machine, card, setup{mode: api.Test})
	done := make(chan answer, 1)
	request := p.console.text("POST", "/v1/proofings", `{"purpose":"identity_proofing","fields":["name"]}`)
	go func() { done <- p.raw(request) }()
	p.until(func() bool { return len(p.office.Entries(audit.KindRead)) == 1 })
	p.until(func() bool {
		a := p.counter.attempts.current()
		_, view, _ := a.now()
		return view != nil
	})
	id := p.current().ID
	entry := p.office.Entries(audit.KindRead)[0]
	assert.Equal(t, id, entry.Attributes["read"])
	assert.Equal(t, "console", entry.Attributes["origin"], "it was shown on our console and given to nobody")
	view := p.console.post("/v1/proofings/"+id+"/view", "{}")
	require.Equal(t, 200, view.status, view.body)
	assert.Contains(t, view.body, `"first_name"`)
	assert.NotContains(t, view.body, `"photo":{`)
	assert.Contains(t, view.body, `"state":"running"`)
	p.states(id, "kind", "face_visual", "outcome", "passed").says(t, 409, "fact_early", "nobody has seen the photo")

	require.Equal(t, 202, (<-done).status)
	view = p.console.post("/v1/proofings/"+id+"/view", "{}")
	assert.Contains(t, view.body, `"photo":{`)
	assert.Len(t, p.office.Entries(audit.KindRead), 1)
	require.Equal(t, 204, p.console.post("/v1/proofings/"+id+"/decline", "{}").status)

	p.counter.insertions.again(site)
	p.site.proves("purpose", seenByTwo).waiting(t)
	assert.Len(t, p.office.Entries(audit.KindRead), 1, "a web app's proofing has no glimpse, and no entry of one")
}
