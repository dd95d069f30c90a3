package proofing_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/apdu"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

// inParts reads everything with text, and tells what it was told of the text.
func (c counter) inParts(ctx context.Context, o proofing.ReadOptions) (identity *thaiid.Identity, told []*thaiid.Identity, err error) {
	o.Fields = thaiid.AllFields()
	heard := o.Text
	o.Text = func(ctx context.Context, text *thaiid.Identity) error {
		told = append(told, text)
		if heard != nil {
			return heard(ctx, text)
		}
		return nil
	}
	identity, err = proofing.Read(ctx, c.readers, readerName, o)
	return identity, told, err
}

func TestTheTextIsToldBeforeThePhotoAndTheWholeIsAsOfOneRead(t *testing.T) {
	for _, name := range []string{"default", "full-photo", "version-2", "sparse", "wrong-check-digit", "blank-expiry"} {
		c := newCounter(t, name, simulator.CardOptions{})
		whole, err := c.read(t.Context(), thaiid.AllFields())
		require.NoError(t, err, name)
		before := c.card.Exchanges()
		early := 0
		identity, told, err := c.inParts(t.Context(), proofing.ReadOptions{Text: func(context.Context, *thaiid.Identity) error {
			early = c.card.Exchanges() - before
			return nil
		}})
		require.NoError(t, err, name)
		assert.Equal(t, whole, identity, name)
		require.Len(t, told, 1)
		assert.Equal(t, whole.CitizenID, told[0].CitizenID)
		assert.Equal(t, whole.Name, told[0].Name)
		assert.Empty(t, told[0].Photo.Bytes())
		assert.False(t, told[0].Fields.Has(thaiid.FieldPhoto))
		assert.Less(t, early, c.card.Exchanges()-before)
	}
}

func TestTheProgressOfBothPartsIsOne(t *testing.T) {
	c := newCounter(t, "full-photo", simulator.CardOptions{})
	var steps []thaiid.Progress
	_, _, err := c.inParts(t.Context(), proofing.ReadOptions{Progress: func(p thaiid.Progress) { steps = append(steps, p) }})
	require.NoError(t, err)
	for i, p := range steps {
		assert.Equal(t, i+1, p.Step)
		assert.GreaterOrEqual(t, p.Of, p.Step)
		assert.InDelta(t, len(steps), p.Of, 2, "a full-size photo is what it reckons with")
	}
	last := steps[len(steps)-1]
	assert.Equal(t, last.Of, last.Step)
}

func TestAPhotoOfAnotherCardIsNeverPutBesideTheText(t *testing.T) {
	c := newCounter(t, "default", simulator.CardOptions{})
	other := newCard(t, "middle-name", simulator.CardOptions{})
	reads := 0
	identity, told, err := c.inParts(t.Context(), proofing.ReadOptions{Wrap: func(card apdu.Transmitter, _ []byte) apdu.Transmitter {
		if reads++; reads == 2 {
			return other // no reader has noticed
		}
		return card
	}})
	assert.Len(t, told, 1)
	assert.ErrorIs(t, err, thaiid.ErrChanged)
	assert.Nil(t, identity)
}

func TestWhoeverRefusesTheTextGetsNoPhoto(t *testing.T) {
	c := newCounter(t, "default", simulator.CardOptions{})
	refusal := errors.New("no entry, no text")
	var at int
	identity, _, err := c.inParts(t.Context(), proofing.ReadOptions{Text: func(context.Context, *thaiid.Identity) error {
		at = c.card.Exchanges()
		return refusal
	}})
	assert.ErrorIs(t, err, refusal)
	assert.Nil(t, identity)
	assert.Equal(t, at, c.card.Exchanges(), "the card is asked no more")
}

func TestWhoeverTakesTooLongOverTheTextLosesTheRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t, "default", simulator.CardOptions{})
		start := time.Now()
		identity, _, err := c.inParts(t.Context(), proofing.ReadOptions{Text: func(ctx context.Context, _ *thaiid.Identity) error {
			<-ctx.Done()
			return ctx.Err()
		}})
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Nil(t, identity)
		assert.LessOrEqual(t, time.Since(start), 3*time.Second, "long before a card that is left idle is reset")
	})
}

func TestTheTextIsToldOnceAlsoWhereTheCardIsResetAfterIt(t *testing.T) {
	c := newCounter(t, "default", simulator.CardOptions{})
	identity, told, err := c.inParts(t.Context(), proofing.ReadOptions{Text: func(context.Context, *thaiid.Identity) error {
		return c.Reset(readerName)
	}})
	require.NoError(t, err)
	assert.Len(t, told, 1)
	assert.NotEmpty(t, identity.Photo.Bytes())
}

func TestAReadWithoutAPhotoOrWithoutANumberToCompareGoesInOne(t *testing.T) {
	for _, fields := range []thaiid.Fields{thaiid.TextFields(), {thaiid.FieldPhoto, thaiid.FieldName}} {
		c := newCounter(t, "default", simulator.CardOptions{})
		_, err := proofing.Read(t.Context(), c.readers, readerName, proofing.ReadOptions{Fields: fields, Text: func(context.Context, *thaiid.Identity) error {
			t.Error("told of a text")
			return nil
		}})
		assert.NoError(t, err)
	}
}

// A read in parts keeps the contract of a read under every trouble at every one of
// its exchanges; and whom it told of somebody gets an error when it was not so.
func TestEveryTroubleAtEveryExchangeOfAReadInParts(t *testing.T) {
	c := newCounter(t, "default", simulator.CardOptions{})
	_, _, err := c.inParts(t.Context(), proofing.ReadOptions{})
	require.NoError(t, err)
	last := c.card.Exchanges()
	for _, row := range troubles {
		t.Run(row.row, func(t *testing.T) {
			for n := 1; n <= last; n++ {
				synctest.Test(t, func(t *testing.T) { playInParts(t, row, n) })
			}
		})
	}
}

func playInParts(t *testing.T, row trouble, n int) {
	c := newCounter(t, "default", simulator.CardOptions{})
	c.Behave(row.also)
	row.fault.Exchange = n
	require.NoError(t, c.Faults(readerName, simulator.Plan{row.fault}))
	start := time.Now()
	identity, told, err := c.inParts(t.Context(), proofing.ReadOptions{})
	assert.LessOrEqual(t, time.Since(start), row.within, "exchange %d", n)
	assert.LessOrEqual(t, len(told), 1, "exchange %d", n)
	if row.want == nil {
		require.NoError(t, err, "exchange %d", n)
		require.Len(t, told, 1)
		require.Equal(t, told[0].CitizenID, identity.CitizenID)
	} else {
		require.True(t, isAny(err, row.want), "exchange %d: %v", n, err)
		require.Nil(t, identity, "exchange %d", n)
	}
	row.repair(t, c)
	synctest.Wait()
	_, err = c.read(t.Context(), thaiid.AllFields())
	require.NoError(t, err, "the read after exchange %d failed", n)
}

// BenchmarkReadInParts is what it costs to tell of the text first, beside
// [BenchmarkRead]: the moment of the text, and the whole.
func BenchmarkReadInParts(b *testing.B) {
	for _, l := range lines {
		b.Run(l.name, func(b *testing.B) {
			c := newCounter(b, "full-photo", simulator.CardOptions{Line: l.line})
			fields := append(thaiid.TextFields(), thaiid.FieldPhoto)
			var w watchedCard
			var text time.Duration
			for b.Loop() {
				start := time.Now()
				_, err := proofing.Read(b.Context(), c.readers, readerName, proofing.ReadOptions{
					Fields: fields, Wrap: w.wrap,
					Text: func(context.Context, *thaiid.Identity) error { text += time.Since(start); return nil },
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			w.report(b)
			b.ReportMetric(float64(text.Milliseconds())/float64(b.N), "text-ms/op")
		})
	}
}
