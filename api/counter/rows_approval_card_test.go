package counter

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/simulator"
)

// What the clerk agrees to is the card that was in when asked (P3, P11).

// swap puts another citizen's card in the place of the one that is in.
func (d *desk) swap() {
	d.t.Helper()
	require.NoError(d.t, d.machine.Remove(reader))
	insert(d.t, d.machine, "year-only", simulator.Line{})
}

func TestRow28WithoutACardNobodyIsAsked(t *testing.T) {
	d := asking(t, Patience{})
	require.NoError(t, d.machine.Remove(reader))
	for range 3 {
		d.readAs(site, "sex").says(t, 409, "card_absent", "")
	}
	body := `{"purpose":"form_fill","fields":["sex"],"reader":"` + reader + `"}`
	d.raw(post("/v1/reads", body, fromSite)).says(t, 409, "card_absent", "also with a name")
	assert.JSONEq(t, `{"approvals":[]}`, d.pageOf(d.login).get("/v1/approvals").body)
	assert.Empty(t, d.office.Entries(audit.KindReadFailed))
}

func TestRow28ACardThatLeavesOrIsChangedVoidsTheQuestion(t *testing.T) {
	for name, row := range map[string]struct {
		happens func(*desk)
		code    string
	}{
		"leaves":        {func(d *desk) { require.NoError(d.t, d.machine.Remove(reader)) }, "card_removed"},
		"changed":       {(*desk).swap, "card_changed"},
		"put back":      {(*desk).reinsert, "card_changed"},
		"reader pulled": {func(d *desk) { require.NoError(d.t, d.machine.Unplug(reader)) }, "card_removed"},
	} {
		t.Run("while it waits: "+name, func(t *testing.T) {
			d := asking(t, Patience{})
			result := d.later("sex")
			p := d.pageOf(d.login)
			id := p.waits().ID
			row.happens(d)
			a := <-result
			if a.code() != "card_removed" { // which a look between two moves of a hand finds
				a.says(t, 409, row.code, "")
			}
			p.post("/v1/approvals/"+id, words("answer", "approved")).says(t, 404, "approval_unknown", "")
			assert.Equal(t, a.code(), d.onlyFailure(t).Attributes["code"])
			assert.Empty(t, d.office.Entries(audit.KindReadApproved))
		})
		t.Run("in the gap between two calls: "+name, func(t *testing.T) {
			d := asking(t, Patience{Call: 5 * time.Millisecond, Again: 20 * time.Second})
			require.Equal(t, 202, d.readAs(site, "citizen_id").status)
			p := d.pageOf(d.login)
			id := p.waits().ID
			require.Equal(t, 204, p.post("/v1/approvals/"+id, words("answer", "approved")).status)
			row.happens(d)
			d.readAs(site, "citizen_id").says(t, 409, row.code, "the clerk agreed to another card")
			failed := d.onlyFailure(t)
			assert.Equal(t, row.code, failed.Attributes["code"])
			assert.Equal(t, id, failed.Attributes["approval"])
			assert.Empty(t, d.office.Entries(audit.KindRead))
			if row.code == "card_changed" {
				assert.Equal(t, 202, d.readAs(site, "citizen_id").status, "and is asked anew about this one")
				assert.NotEqual(t, id, p.waits().ID)
			}
		})
	}
}

func (d *desk) onlyFailure(t *testing.T) audit.Entry {
	t.Helper()
	failed := d.office.Entries(audit.KindReadFailed)
	require.Len(t, failed, 1)
	return failed[0]
}

func TestRow28ACardChangedJustBeforeItIsReadIsNotTheOneThatWasAgreedTo(t *testing.T) {
	d := asking(t, Patience{})
	card, err := d.counter.cardIn(t.Context(), "")
	require.NoError(t, err)
	agreed := &turn{approval: "agreed"}
	d.counter.turns.bind(agreed, card)
	is, err := d.counter.compare(t.Context(), card, api.Caller{Origin: site}, agreed)
	require.NoError(t, err)
	assert.Equal(t, card, is)
	d.swap()
	_, err = d.counter.compare(t.Context(), card, api.Caller{Origin: site}, agreed)
	require.ErrorIs(t, err, cardreader.ErrCardChanged, "what was read is of another one")
}

func TestRow28AReaderWhoseCounterBeganAnewIsNotTheSameInsertion(t *testing.T) {
	var at turns
	at.happened(cardreader.Event{Kind: cardreader.ServiceLost}) // nobody is served
	asking, _, err := at.take(asked{origin: site})
	require.NoError(t, err)
	for _, e := range []cardreader.Event{{Kind: cardreader.ReaderRemoved, Reader: reader}, {Kind: cardreader.ServiceLost}} {
		at.bind(asking, stay{reader, 1})
		at.happened(cardreader.Event{Kind: cardreader.ReaderRemoved, Reader: "another"})
		card, whole := at.bound(asking)
		assert.True(t, whole)
		assert.Equal(t, stay{reader, 1}, card)
		at.happened(e)
		_, whole = at.bound(asking)
		assert.False(t, whole)
	}
}
