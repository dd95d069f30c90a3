package breach_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

func TestACaseBeginsWithItsReportAndHasOne(t *testing.T) {
	d := newDesk(t)
	require.ErrorIs(t, d.refuses(contact()), breach.ErrEventInvalid)
	d.record(report(d.now))
	d.refusesWhy(report(d.now), breach.WhyAlready)
}

func TestAnIncidentHasAnID(t *testing.T) {
	assert.Equal(t, "b-2026-0007", breach.IncidentID(2026, 7))
	for _, id := range []string{"", "7", "b-26-0007", "b-2026-007", "b-2026-0007 ", "B-2026-0007", "b-2026-00070007000"} {
		_, _, err := breach.Keeper{}.Open(id, report(start), "u-1", start)
		assert.ErrorIs(t, err, breach.ErrEventInvalid, "%q", id)
	}
	_, _, err := breach.Keeper{}.Open("b-2026-0007", report(start), "", start)
	assert.ErrorIs(t, err, breach.ErrEventInvalid, "somebody recorded it")
}

func TestABodyThatDoesNotComeBackWholeIsRefused(t *testing.T) {
	d := open(t)
	var none *breach.Contact
	for name, body := range map[string]breach.Body{
		"nothing":                   nil,
		"a pointer to nothing":      none,
		"what only embeds a body":   breach.Action{ActionStarted: action(d.now), Number: 7},
		"bytes that are no text":    breach.Contact{Name: "\xff", Phone: "1"},
		"a control character":       breach.Contact{Name: "a\x1b[31m", Phone: "1"},
		"a text without end":        breach.Contact{Name: strings.Repeat("ก", 20_001), Phone: "1"},
		"a text of white space":     breach.Contact{Name: " \n", Phone: "1"},
		"a document without digest": breach.DocumentAttached{Title: "ก", Digest: strings.ToUpper(digest)},
		"a link to nowhere":         breach.Linked{To: "moon", Ref: "1"},
		"a time before the century": breach.Aware{AwareAt: at(time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC))},
	} {
		_, _, err := d.keeper.Record(d.c, body, "u-12", d.now)
		assert.ErrorIs(t, err, breach.ErrEventInvalid, name)
	}
	before := len(d.c.Events)
	d.record(&breach.Contact{Name: "ก", Phone: "1"})
	assert.IsType(t, breach.Contact{}, d.c.Events[before].Body, "what is kept is the value")
}

func TestEvidenceIsLinkedToTheCase(t *testing.T) {
	d := open(t)
	for _, to := range []breach.LinkKind{breach.LinkFinding, breach.LinkTakedown, breach.LinkAudit, breach.LinkIncident} {
		d.record(breach.Linked{To: to, Ref: "f-0012", Digest: digest})
	}
	assert.Len(t, d.c.Links, 4)
	d.refusesFields(breach.Linked{To: breach.LinkFinding, Digest: "x"}, "ref", "digest")
}

func TestEveryErrorHasItsSentinelAndItsWords(t *testing.T) {
	for text, err := range map[string]error{
		"contact: missing or wrong: name":      &breach.FieldsError{Kind: breach.KindContact, Fields: []string{"name"}},
		"aware: already":                       &breach.RefusedError{Kind: breach.KindAware, Why: breach.WhyAlready},
		"required content missing: remedies":   &breach.MissingError{What: []string{"remedies"}},
		"duties open: contain, order_1":        &breach.OpenError{Duties: []breach.DutyName{breach.DutyContain, breach.OrderDuty(1)}},
		"public notice holds personal data: x": &breach.ExposesError{Classes: []string{"x"}},
	} {
		assert.EqualError(t, err, text)
	}
}
