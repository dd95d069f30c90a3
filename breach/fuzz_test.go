package breach_test

import (
	"bytes"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

// Whatever is read as an event is written as the same event, and no input
// panics or is quoted in an error.
func FuzzParseEvent(f *testing.F) {
	for _, e := range everyKind(f) {
		text, err := json.Marshal(e)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Add([]byte(`{"incident":"b-2026-0007","number":1,"at":"2026-12-30T23:30:00+07:00","by":"u","rules":"r","kind":"fact","body":{"text":null}}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := breach.ParseEvent(text)
		if err != nil {
			assert.ErrorIs(t, err, breach.ErrEventInvalid)
			return
		}
		once, err := json.Marshal(e)
		require.NoError(t, err)
		again, err := breach.ParseEvent(once)
		require.NoError(t, err)
		twice, err := json.Marshal(again)
		require.NoError(t, err)
		assert.Equal(t, string(once), string(twice))
	})
}

// Whatever history can be replayed has duties with a basis, and each of its
// moments can be written.
func FuzzReplay(f *testing.F) {
	var story []byte
	for _, e := range webHost(f).c.Events {
		text, err := json.Marshal(e)
		require.NoError(f, err)
		story = append(append(story, text...), '\n')
	}
	f.Add(story)
	f.Fuzz(func(t *testing.T, history []byte) {
		var events []breach.Event
		for line := range bytes.Lines(history) {
			if e, err := breach.ParseEvent(bytes.TrimSpace(line)); err == nil {
				events = append(events, e)
			}
		}
		c, err := breach.Replay(events, breach.Shipped())
		if err != nil {
			assert.ErrorIs(t, err, breach.ErrHistoryBroken)
			return
		}
		for _, duty := range breach.Duties(c, start) {
			assert.NotEmpty(t, duty.Law)
			_, err := json.Marshal(duty)
			assert.NoError(t, err)
		}
		if c.State() == breach.StateClosed {
			for _, duty := range breach.Duties(c, c.ClosedAt.Time()) {
				assert.True(t, duty.State.Done(), "%s", duty.Duty)
			}
		}
	})
}

// everyKind is an event of each kind, in stories that fit.
func everyKind(tb testing.TB) []breach.Event {
	tb.Helper()
	all := webHost(tb).c.Events

	late := open(tb).toConfirmed().toContained()
	reasons := delay()
	b := notified(late.after(80 * hour).now)
	b.Receipt, b.Delay = nil, &reasons
	late.record(
		breach.ReportedCorrected{ReportedAt: at(start), Reason: "ก"}, breach.AwareCorrected{AwareAt: at(start), Reason: "ก"},
		breach.Linked{To: breach.LinkFinding, Ref: "f-1"}, assessed(breach.RiskHigh), b,
		breach.OfficeReceipt{Notice: 1, Receipt: *receipt(late.now)}, breach.DelayExplained{SentAt: at(late.now), Delay: reasons},
		breach.OfficeDecided{Decision: breach.NotExcused, DecidedAt: at(late.now), Reference: "1", Document: digest},
		prepared(), published(late.now), breach.ReachChecked{Publication: 1, CheckedAt: at(late.now), Reach: breach.ReachLogin},
		breach.Ordered{To: "ก", Means: breach.MeansProcess, Text: "ข", DueAt: at(late.now.Add(hour))}, breach.OrderWithdrawn{Order: 1, Reason: "ค"},
	)
	all = append(all, late.c.Events...)

	processor := newDesk(tb)
	r := report(processor.now)
	r.Role, r.Controller = breach.RoleProcessor, "ก"
	processor.record(r, aware(processor.now), breach.ControllerTold{ToldAt: at(start), Channel: "ก", Text: "ข"},
		breach.ControllerAcknowledged{Receipt: *receipt(start)}, breach.Credibility{Verdict: breach.NotCredible, Reason: "ก"},
		breach.Closed{Summary: "ข"}, breach.Reopened{Reason: "ค"})
	return append(all, processor.c.Events...)
}

func TestEveryKindOfEventIsStoredAndReadBack(t *testing.T) {
	seen := map[breach.Kind]bool{}
	for _, e := range everyKind(t) {
		text, err := json.Marshal(e)
		require.NoError(t, err)
		back, err := breach.ParseEvent(text)
		require.NoError(t, err, "%s", text)
		assert.Equal(t, e, back)
		seen[e.Body.Kind()] = true
	}
	for _, kind := range breach.Kinds() {
		assert.True(t, seen[kind], "%s was stored", kind)
	}
	assert.Len(t, seen, len(breach.Kinds()))
}

func TestStoredEventsAreReadStrictly(t *testing.T) {
	const whole = `{"incident":"b-2026-0007","number":1,"at":"2026-12-30T23:30:00+07:00","by":"u-1","rules":"r","kind":"closed","body":{"summary":"x"}}`
	_, err := breach.ParseEvent([]byte(whole))
	require.NoError(t, err)
	for name, text := range map[string]string{
		"an unknown member":            `{"extra":1,` + whole[1:],
		"a member twice":               `{"number":1,` + whole[1:],
		"a member in other case":       `{"Number":1,` + whole[1:],
		"bytes after it":               whole + `{}`,
		"an unknown kind":              `{"incident":"b-2026-0007","number":1,"at":"2026-12-30T23:30:00+07:00","by":"u-1","rules":"r","kind":"erased","body":{}}`,
		"an unknown member of a body":  `{"incident":"b-2026-0007","number":1,"at":"2026-12-30T23:30:00+07:00","by":"u-1","rules":"r","kind":"closed","body":{"summary":"x","by":"y"}}`,
		"no body":                      `{"incident":"b-2026-0007","number":1,"at":"2026-12-30T23:30:00+07:00","by":"u-1","rules":"r","kind":"closed"}`,
		"a number that begins nowhere": `{"incident":"b-2026-0007","number":0,"at":"2026-12-30T23:30:00+07:00","by":"u-1","rules":"r","kind":"closed","body":{"summary":"x"}}`,
		"too many bytes":               whole + string(bytes.Repeat([]byte(" "), 1<<20)),
	} {
		_, err := breach.ParseEvent([]byte(text))
		assert.ErrorIs(t, err, breach.ErrEventInvalid, name)
	}
	_, err = json.Marshal(breach.Event{})
	assert.Error(t, err, "an event without a body isn't stored")
}
