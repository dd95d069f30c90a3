package office_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/store"
	"chipproof/store/office"
	"chipproof/store/office/testdata/story"
)

func TestB14TheWebHostsStoryIsKeptFromFirstCallToClosing(t *testing.T) {
	b := newBench(t)
	c := b.told(len(story.Steps()))
	assert.Equal(t, breach.StateClosed, c.State())
	b.close()
	b.open(store.Open)
	again := b.one(c.ID)
	assert.Equal(t, c, again, "a later process reads the very same case")
	assert.Equal(t, breach.Duties(c, b.clock()), breach.Duties(again, b.clock()))
	for _, d := range breach.Duties(again, b.clock()) {
		assert.Equal(t, breach.Met, d.State, "%s", d.Duty)
	}
	require.NoError(t, b.incidents.Check(t.Context()))

	opened, recorded := b.entries(audit.KindIncidentOpened), b.entries(audit.KindIncidentEvent)
	require.Len(t, opened, 1)
	require.Len(t, recorded, len(story.Steps())-1, "every event has its entry")
	for i, e := range append(opened, recorded...) {
		assert.Equal(t, dpo, breach.Actor{ID: e.Actor, Session: e.Session})
		assert.Equal(t, c.ID, e.Subject)
		assert.Equal(t, strconv.Itoa(i+1), e.Attributes["number"])
		assert.Equal(t, string(c.Events[i].Body.Kind()), e.Attributes["event"])
		assert.Len(t, e.Attributes["link"], 64)
		assert.Len(t, e.Attributes, 3, "and says nothing else")
	}
	verified, err := b.log.Verify(t.Context())
	require.NoError(t, err)
	assert.True(t, verified.OK)
}

func TestIncidentsAreNumberedByTheYearInThailand(t *testing.T) {
	b := newBench(t)
	assert.Equal(t, "b-2026-0001", b.begun().ID)
	assert.Equal(t, "b-2026-0002", b.begun().ID)
	b.after(30 * time.Minute)
	assert.Equal(t, "b-2027-0001", b.begun().ID, "at midnight in Bangkok, seven hours before UTC's")
	refused := b.report()
	refused.Title = ""
	_, err := b.incidents.Open(t.Context(), dpo, refused)
	require.ErrorIs(t, err, breach.ErrEventInvalid)
	assert.Equal(t, "b-2027-0002", b.begun().ID, "what is refused takes no number")

	cases, broken, err := b.incidents.List(t.Context())
	require.NoError(t, err)
	assert.Empty(t, broken)
	var ids []string
	for _, c := range cases {
		ids = append(ids, c.ID)
	}
	assert.Equal(t, []string{"b-2026-0001", "b-2026-0002", "b-2027-0001", "b-2027-0002"}, ids, "oldest first")
}

func TestAnIncidentOpensWithAllThatIsKnownOrNotAtAll(t *testing.T) {
	b := newBench(t)
	now := breach.At(b.clock())
	_, err := b.incidents.Open(t.Context(), dpo, b.report(), breach.Aware{AwareAt: now.Add(time.Second)})
	require.ErrorIs(t, err, breach.ErrInFuture, "awareness later than now is refused")
	cases, _, err := b.incidents.List(t.Context())
	require.NoError(t, err)
	assert.Empty(t, cases)
	assert.Empty(t, b.entries(audit.KindIncidentOpened, audit.KindIncidentEvent))

	c, err := b.incidents.Open(t.Context(), dpo, b.report(), breach.Aware{AwareAt: now})
	require.NoError(t, err)
	assert.Len(t, c.Events, 2)
	assert.Equal(t, c, b.one(c.ID))
}

func TestNothingIsRecordedThatTheCaseCannotTake(t *testing.T) {
	b := newBench(t)
	c := b.begun()
	for name, row := range map[string]struct {
		id     string
		bodies []breach.Body
		want   error
	}{
		"no such incident":   {"b-2026-0099", []breach.Body{story.Steps()[1](b.clock())}, breach.ErrIncidentUnknown},
		"nothing":            {c.ID, nil, breach.ErrEventInvalid},
		"too early":          {c.ID, []breach.Body{breach.Recovered{RestoredAt: breach.At(b.clock()), State: "ก"}}, breach.ErrRefused},
		"the second of two":  {c.ID, []breach.Body{story.Steps()[1](b.clock()), breach.Closed{Summary: "จบ"}}, breach.ErrDutyOpen},
		"a second beginning": {c.ID, []breach.Body{b.report()}, breach.ErrRefused},
	} {
		_, err := b.incidents.Record(t.Context(), dpo, row.id, office.AnyState, row.bodies...)
		assert.ErrorIs(t, err, row.want, name)
	}
	assert.Equal(t, c, b.one(c.ID))
	_, err := b.incidents.One(t.Context(), "b-2026-0099")
	assert.ErrorIs(t, err, breach.ErrIncidentUnknown)
	assert.Empty(t, b.entries(audit.KindIncidentEvent))
}

// Whatever is changed, its entry stands with it or nothing has happened.
func TestNothingHappensToAnIncidentWithoutItsEntry(t *testing.T) {
	b := newBench(t)
	c := b.begun()
	fresh, err := b.incidents.ProposeFromAudit(t.Context(), 1, "")
	require.NoError(t, err)
	require.Len(t, fresh, 1)
	require.NoError(t, b.exec(`CREATE TRIGGER full BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'full'); END`))
	for name, act := range map[string]func(context.Context) error{
		"open": func(ctx context.Context) error { _, err := b.incidents.Open(ctx, dpo, b.report()); return err },
		"dismiss": func(ctx context.Context) error {
			_, err := b.incidents.Dismiss(ctx, dpo, fresh[0].ID, "ก")
			return err
		},
		"record": func(ctx context.Context) error {
			_, err := b.incidents.Record(ctx, dpo, c.ID, 1, story.Steps()[1](b.clock()))
			return err
		},
		"accept": func(ctx context.Context) error {
			_, err := b.incidents.Accept(ctx, dpo, fresh[0].ID, fresh[0].Report())
			return err
		},
		"propose": func(ctx context.Context) error {
			b.after(25 * time.Hour)
			_, err := b.incidents.ProposeFromRefusals(ctx, "https://evil.example", 1000, b.clock(), b.clock())
			return err
		},
		"document": func(ctx context.Context) error {
			return b.incidents.RecordDocument(ctx, dpo, c.ID, "file_note", "html")
		},
		"settings": func(ctx context.Context) error { return b.incidents.SaveSettings(ctx, dpo, breach.Settings{}) },
	} {
		assert.ErrorIs(t, act(t.Context()), audit.ErrUnavailable, name)
	}
	cases, _, err := b.incidents.List(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []breach.Case{c}, cases)
	proposals, err := b.incidents.Proposals(t.Context(), "")
	require.NoError(t, err)
	assert.Equal(t, fresh, proposals)
	settings, err := b.incidents.Settings(t.Context())
	require.NoError(t, err)
	assert.Equal(t, breach.Shipped(), settings)
}

func TestTheAgencysTargetsMoveItsOwnClocksAndNoneOfTheLaw(t *testing.T) {
	b := newBench(t)
	c, err := b.incidents.Open(t.Context(), dpo, b.report(), breach.Aware{AwareAt: breach.At(b.clock())})
	require.NoError(t, err)
	before, _, err := b.incidents.Due(t.Context(), b.clock())
	require.NoError(t, err)
	own := breach.Settings{Warn: 100 * time.Hour, Credibility: 2 * time.Hour}
	require.NoError(t, b.incidents.SaveSettings(t.Context(), dpo, own))
	set, err := b.incidents.Settings(t.Context())
	require.NoError(t, err)
	assert.Equal(t, own, set)
	after, _, err := b.incidents.Due(t.Context(), b.clock())
	require.NoError(t, err)
	assert.Equal(t, duty(t, before, breach.DutyOffice).Deadline, duty(t, after, breach.DutyOffice).Deadline)
	assert.Equal(t, breach.Open, duty(t, before, breach.DutyOffice).State)
	assert.Equal(t, breach.DueSoon, duty(t, after, breach.DutyOffice).State, "warned earlier")
	assert.Equal(t, c.ReportedAt.Add(2*time.Hour), *duty(t, after, breach.DutyCredibility).Deadline)
	for _, wrong := range []breach.Settings{{Warn: -time.Second}, {Facts: time.Millisecond}, {Prevent: 1 << 62}} {
		assert.ErrorIs(t, b.incidents.SaveSettings(t.Context(), dpo, wrong), breach.ErrSettingsInvalid)
	}
	entries := b.entries(audit.KindConfiguration)
	require.Len(t, entries, 1)
	assert.Equal(t, "7200", entries[0].Attributes["credibility"])
	assert.Equal(t, dpo.ID, entries[0].Actor)
}

func TestADocumentThatIsMadeIsAnEntryByItsKindAlone(t *testing.T) {
	b := newBench(t)
	c := b.begun()
	require.NoError(t, b.incidents.RecordDocument(t.Context(), dpo, c.ID, "office_notice", "docx"))
	entries := b.entries(audit.KindIncidentDocument)
	require.Len(t, entries, 1)
	assert.Equal(t, c.ID, entries[0].Subject)
	assert.Equal(t, map[string]string{"document": "office_notice", "format": "docx"}, entries[0].Attributes)
	assert.ErrorIs(t, b.incidents.RecordDocument(t.Context(), dpo, c.ID, "จดหมายถึง นายสมมติ", "docx"), breach.ErrEventInvalid)
	assert.ErrorIs(t, b.incidents.RecordDocument(t.Context(), dpo, "b-2026-0009", "file_note", "docx"), breach.ErrIncidentUnknown)
}
