package office_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/store"
	"chipproof/store/office"
)

// atOnce calls f forty times at once, half of them as another process on the same
// database would.
func (b *bench) atOnce(f func(n int, i *office.Incidents)) {
	b.Helper()
	s, log, other := b.process(store.Open)
	var all sync.WaitGroup
	for n := range 40 {
		all.Go(func() {
			if n%2 == 0 {
				f(n, b.incidents)
				return
			}
			f(n, other)
		})
	}
	all.Wait()
	assert.NoError(b, log.Close(b.Context()))
	assert.NoError(b, s.Close())
}

func TestOfFortyWhoActOnOneStateOneDoes(t *testing.T) {
	b := newBench(t)
	c := b.begun()
	var (
		mu   sync.Mutex
		done int
	)
	b.atOnce(func(n int, i *office.Incidents) {
		verdict := breach.Credibility{Verdict: breach.Credible, Reason: fmt.Sprintf("เหตุผลที่ %d", n)}
		_, err := i.Record(t.Context(), dpo, c.ID, len(c.Events), verdict)
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			done++
		} else {
			assert.ErrorIs(t, err, breach.ErrIncidentChanged)
		}
	})
	assert.Equal(t, 1, done)
	assert.Len(t, b.one(c.ID).Events, 2)
	assert.Len(t, b.entries(audit.KindIncidentEvent), 1)
}

func TestWhatMayBeRecordedInAnyStateIsNumberedWithoutGaps(t *testing.T) {
	b := newBench(t)
	c := b.begun()
	b.atOnce(func(n int, i *office.Incidents) {
		fact := breach.Fact{SeenAt: breach.At(b.clock()), Source: "งานเทคโนโลยีสารสนเทศ", Text: fmt.Sprintf("ข้อเท็จจริงที่ %d", n)}
		_, err := i.Record(t.Context(), dpo, c.ID, office.AnyState, fact)
		assert.NoError(t, err)
	})
	kept := b.one(c.ID)
	assert.Len(t, kept.Facts, 40)
	require.NoError(t, b.incidents.Check(t.Context()))
}

// The same is set once, whoever is first; the second judges what the first left.
func TestAwarenessIsSetOnceHoweverManyTry(t *testing.T) {
	b := newBench(t)
	c := b.begun()
	var (
		mu   sync.Mutex
		done int
	)
	b.atOnce(func(_ int, i *office.Incidents) {
		_, err := i.Record(t.Context(), dpo, c.ID, office.AnyState, breach.Aware{AwareAt: breach.At(b.clock())})
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			done++
			return
		}
		var refused *breach.RefusedError
		if assert.True(t, errors.As(err, &refused), "%v", err) {
			assert.Equal(t, breach.WhyAlready, refused.Why)
		}
	})
	assert.Equal(t, 1, done)
}

func TestFortyIncidentsOpenedAtOnceHaveFortyNames(t *testing.T) {
	b := newBench(t)
	var (
		mu  sync.Mutex
		ids = map[string]bool{}
	)
	b.atOnce(func(_ int, i *office.Incidents) {
		c, err := i.Open(t.Context(), dpo, b.report())
		assert.NoError(t, err)
		mu.Lock()
		defer mu.Unlock()
		ids[c.ID] = true
	})
	assert.Len(t, ids, 40)
	assert.True(t, ids["b-2026-0001"] && ids["b-2026-0040"])
}

func TestAProposalIsMadeAndSettledOnceHoweverManyTry(t *testing.T) {
	b := newBench(t)
	b.atOnce(func(_ int, i *office.Incidents) {
		_, err := i.ProposeFromRefusals(t.Context(), "https://evil.example", 500, b.clock(), b.clock())
		assert.NoError(t, err)
	})
	list, err := b.incidents.Proposals(t.Context(), breach.ProposalOpen)
	require.NoError(t, err)
	require.Len(t, list, 1)
	var (
		mu   sync.Mutex
		done int
	)
	b.atOnce(func(n int, i *office.Incidents) {
		var err error
		if n%4 < 2 {
			_, err = i.Accept(t.Context(), dpo, list[0].ID, list[0].Report())
		} else {
			_, err = i.Dismiss(t.Context(), dpo, list[0].ID, "ทดสอบระบบ")
		}
		mu.Lock()
		defer mu.Unlock()
		if err == nil {
			done++
		} else {
			assert.ErrorIs(t, err, breach.ErrProposalSettled)
		}
	})
	assert.Equal(t, 1, done)
	assert.Len(t, b.entries(audit.KindIncidentOpened, audit.KindIncidentDismissed), 1)
}
