package proofing_test

import (
	"context"
	"maps"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api/apitest"
	"chipproof/audit"
	"chipproof/cardreader"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/simulator"
)

// Rows of agent-security §11 at every exchange of a proofing's read: an error
// that says what happened, in time; no clerk is asked, nothing recorded, nothing
// signed. Where the read survives the trouble the proofing is as good as any.
func TestEveryTroubleAtEveryExchangeOfAProofing(t *testing.T) {
	office := apitest.New(t)
	last := exchangesOfAProofing(t, office)
	kept := len(office.Entries(audit.KindProofing))
	for _, row := range troubles {
		t.Run(row.row, func(t *testing.T) {
			for n := 1; n <= last; n++ {
				if row.want == nil {
					survives(t, office, row, n)
					kept++
					continue
				}
				synctest.Test(t, func(t *testing.T) { failsBy(t, office, row, n) })
			}
			assert.Len(t, office.Entries(audit.KindProofing), kept)
		})
	}
}

func exchangesOfAProofing(t *testing.T, office *apitest.Office) int {
	t.Helper()
	d := newDeskIn(t, office, "default")
	_, err := d.prover.Prove(t.Context(), d.asks(nil), person(silent), nil)
	require.NoError(t, err)
	require.Greater(t, d.card.Exchanges(), 20, "text and photo")
	return d.card.Exchanges()
}

func troubled(t *testing.T, office *apitest.Office, row trouble, n int) *desk {
	t.Helper()
	d := newDeskIn(t, office, "default")
	d.Behave(row.also)
	row.fault.Exchange = n
	require.NoError(t, d.Faults(readerName, simulator.Plan{row.fault}))
	return d
}

func survives(t *testing.T, office *apitest.Office, row trouble, n int) {
	d := troubled(t, office, row, n)
	result, err := d.prover.Prove(t.Context(), d.asks(nil), agrees(""), nil)
	require.NoError(t, err, "exchange %d", n)
	require.Equal(t, proofing.Accepted, result.Verdict.Decision)
}

func failsBy(t *testing.T, office *apitest.Office, row trouble, n int) {
	d := troubled(t, office, row, n)
	keys := d.countsKeys()
	start := time.Now()
	result, err := d.prover.Prove(t.Context(), d.asksInVain(nil), person(func(context.Context, proofing.View, []proofing.Kind) ([]proofing.Fact, error) {
		assert.Fail(t, "no clerk looks at nothing", "exchange %d", n)
		return nil, nil
	}), nil)
	require.True(t, isAny(err, row.want), "exchange %d: %v", n, err)
	require.Nil(t, result)
	require.LessOrEqual(t, time.Since(start), row.within, "exchange %d", n)
	require.LessOrEqual(t, *keys, 2, "exchange %d: only whether there is a key was asked", n)
	row.repair(t, d.counter)
}

// gone are the ways in which a card is no longer the one that was read.
var gone = map[string]loss{
	"pulled": {func(t *testing.T, d *desk) { assert.NoError(t, d.Remove(readerName)) }, []error{cardreader.ErrCardRemoved}},
	"another one": {func(t *testing.T, d *desk) {
		assert.NoError(t, d.Remove(readerName))
		assert.NoError(t, d.Insert(readerName, newCard(t, "middle-name", simulator.CardOptions{})))
	}, []error{cardreader.ErrCardChanged, cardreader.ErrCardRemoved}},
	"the same one once more": {func(t *testing.T, d *desk) {
		assert.NoError(t, d.Remove(readerName))
		assert.NoError(t, d.Insert(readerName, d.card))
	}, []error{cardreader.ErrCardChanged, cardreader.ErrCardRemoved}},
	"reader unplugged": {func(t *testing.T, d *desk) { assert.NoError(t, d.Unplug(readerName)) }, []error{cardreader.ErrReaderNotFound}},
	"service stopped":  {func(_ *testing.T, d *desk) { d.StopService() }, []error{cardreader.ErrServiceDown}},
}

// goneAndBack can't be told from a card that stayed by who looks later. Each is
// for a bubble of synctest, which lets the watch see the one before the other.
var goneAndBack = map[string]loss{
	"reader unplugged and back": {func(t *testing.T, d *desk) {
		assert.NoError(t, d.Unplug(readerName))
		synctest.Wait()
		assert.NoError(t, d.Plug(readerName))
	}, []error{cardreader.ErrReaderNotFound}},
	"service stopped and back": {func(_ *testing.T, d *desk) {
		d.StopService()
		synctest.Wait()
		d.StartService()
	}, []error{cardreader.ErrServiceDown}},
}

type loss struct {
	happens func(t *testing.T, d *desk)
	want    []error // one of these
}

// The card left between the read and the clerk's word (agent-security §5, P11):
// whatever the clerk says of it, and however late, counts for nothing.
func TestACardThatLeftBeforeTheClerkAnsweredIsNotDecidedOn(t *testing.T) {
	office := apitest.New(t)
	losses := maps.Clone(gone)
	maps.Copy(losses, goneAndBack)
	for name, row := range losses {
		for answer, says := range map[string]func(context.Context) error{
			"and the clerk still agrees":   func(context.Context) error { return nil },
			"and the wait ends with it":    func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
			"and the clerk agrees at once": nil,
		} {
			t.Run(name+" "+answer, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					d := newDeskIn(t, office, "default")
					result, err := d.prover.Prove(t.Context(), d.asksInVain(nil), person(func(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
						synctest.Wait() // the watch has begun
						row.happens(t, d)
						if says != nil {
							synctest.Wait()
							if err := says(ctx); err != nil {
								return nil, err
							}
						}
						return agrees("")(ctx, v, wanted)
					}), nil)
					assert.True(t, isAny(err, row.want), "%v", err)
					assert.Nil(t, result)
				})
				assert.Empty(t, office.Entries(audit.KindProofing))
			})
		}
	}
}

// Without anything to wait for the card is looked at once more all the same.
func TestACardThatLeavesRightAfterItsReadIsNotDecidedOn(t *testing.T) {
	d := newDesk(t, "default")
	a := d.asks(nil)
	d.prover.Now = d.onceRead(func() { require.NoError(t, d.Remove(readerName)) })
	result, err := d.prover.Prove(t.Context(), a, nil, nil)
	assert.ErrorIs(t, err, cardreader.ErrCardRemoved)
	assert.Nil(t, result)
	assert.Empty(t, d.office.Entries(audit.KindProofing))
}

// onceRead is the clock, which is looked at for the first time when a read is
// over; then something happens.
func (d *desk) onceRead(happens func()) func() time.Time {
	done := false
	return func() time.Time {
		if !done {
			done = true
			happens()
		}
		return d.office.Clock.Now()
	}
}

// A second proofing of the same reader is told so and does not wait; one that
// waits for its clerk holds no card.
func TestAReaderThatReadsIsBusyAndOneThatWaitsIsNot(t *testing.T) {
	d := newDesk(t, "default")
	waits, go_ := make(chan struct{}), make(chan struct{})
	first := make(chan error, 1)
	go func() {
		_, err := d.prover.Prove(t.Context(), d.asks(nil), person(func(ctx context.Context, v proofing.View, wanted []proofing.Kind) ([]proofing.Fact, error) {
			close(waits)
			<-go_
			return agrees("")(ctx, v, wanted)
		}), nil)
		first <- err
	}()
	<-waits
	session, err := d.readers.Open(t.Context(), readerName)
	require.NoError(t, err, "the card was let go")
	_, err = d.prover.Prove(t.Context(), d.asks(nil), agrees(""), nil)
	assert.ErrorIs(t, err, cardreader.ErrReaderBusy)
	require.NoError(t, session.Close())
	close(go_)
	require.NoError(t, <-first)
}

func TestWhatCannotBeReadIsNotProofed(t *testing.T) {
	d := newDesk(t, "default")
	a := d.asks(nil)
	a.Reader = "no such reader"
	_, err := d.prover.Prove(t.Context(), a, agrees(""), nil)
	assert.ErrorIs(t, err, cardreader.ErrReaderNotFound)
	a.Reader = readerName
	require.NoError(t, d.Remove(readerName))
	_, err = d.prover.Prove(t.Context(), a, agrees(""), nil)
	assert.ErrorIs(t, err, cardreader.ErrCardAbsent)
	require.NoError(t, d.Insert(readerName, d.card))
	result, err := d.prover.Prove(t.Context(), a, agrees(""), nil)
	require.NoError(t, err, "the same request, which no decision has used up")
	assert.Equal(t, proof.Accepted, d.opened(result.Proof).Decision)
}
