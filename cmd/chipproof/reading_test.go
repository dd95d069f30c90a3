package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/cardreader"
	"chipproof/cmd/internal/program"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

// waiting is a read at the readers of m, in a bubble of its own time.
func waiting(m *simulator.Machine, timeout time.Duration, reader string) reading {
	return reading{
		readers: cardreader.New(m, cardreader.Options{}),
		reader:  reader,
		timeout: timeout,
		options: proofing.ReadOptions{Fields: thaiid.Fields{thaiid.FieldCitizenID}},
		show:    &progress{log: slog.New(slog.DiscardHandler)},
	}
}

func card(t *testing.T) *simulator.Card {
	t.Helper()
	person, err := simulator.PersonNamed(defaultPerson)
	require.NoError(t, err)
	c, err := simulator.NewCard(person, simulator.CardOptions{})
	require.NoError(t, err)
	return c
}

func TestACardIsReadWhenItComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := simulator.NewMachine("A", "B")
		time.AfterFunc(time.Hour, func() { assert.NoError(t, m.Insert("B", card(t))) })
		begun := time.Now()
		identity, err := waiting(m, 0, "").whenReady(t.Context())
		require.NoError(t, err)
		assert.True(t, identity.CitizenID.Checksum())
		assert.Equal(t, time.Hour, time.Since(begun), "no later than it came, and nobody asked in between")
	})
}

func TestANamedReaderIsTheOnlyOneThatCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := simulator.NewMachine("A", "B")
		require.NoError(t, m.Insert("B", card(t)))
		_, err := waiting(m, time.Minute, "A").whenReady(t.Context())
		assert.ErrorIs(t, err, cardreader.ErrCardAbsent)
	})
}

func TestWaitingEndsWithItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		_, err := waiting(simulator.NewMachine("A"), time.Minute, "").whenReady(t.Context())
		assert.ErrorIs(t, err, cardreader.ErrCardAbsent)
		assert.Equal(t, time.Minute, time.Since(begun))
	})
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := waiting(simulator.NewMachine("A"), 0, "").whenReady(ctx)
		assert.ErrorIs(t, err, context.Canceled)
	})
}

func TestWhatIsMissingFromTheStartIsAnAnswerAtOnce(t *testing.T) {
	stopped := simulator.NewMachine("A")
	stopped.StopService()
	denied := simulator.NewMachine("A")
	denied.DenyService()
	for _, c := range []struct {
		name string
		m    *simulator.Machine
		want error
	}{
		{"no reader", simulator.NewMachine(), cardreader.ErrReaderNotFound},
		{"service stopped", stopped, cardreader.ErrServiceDown},
		{"account refused", denied, cardreader.ErrDenied},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := waiting(c.m, 0, "").whenReady(t.Context())
			assert.ErrorIs(t, err, c.want)
		})
	}
}

func TestWhatGoesWhileWeWaitMayComeBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := simulator.NewMachine("A")
		time.AfterFunc(time.Minute, m.StopService)
		time.AfterFunc(2*time.Minute, m.StartService)
		time.AfterFunc(3*time.Minute, func() { assert.NoError(t, m.Unplug("A")) })
		time.AfterFunc(4*time.Minute, func() { assert.NoError(t, m.Plug("A")) })
		time.AfterFunc(5*time.Minute, func() { assert.NoError(t, m.Insert("A", card(t))) })
		_, err := waiting(m, 0, "").whenReady(t.Context())
		assert.NoError(t, err)
	})
}

func TestWhatIsStillMissingAtTheEndIsTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := simulator.NewMachine("A")
		time.AfterFunc(time.Second, m.StopService)
		_, err := waiting(m, time.Minute, "").whenReady(t.Context())
		assert.ErrorIs(t, err, cardreader.ErrServiceDown)
	})
}

func TestProgressIsOneLineThatLeavesNothingBehind(t *testing.T) {
	var line strings.Builder
	show := &progress{w: &line, say: program.Speech{api.English}, log: slog.New(slog.DiscardHandler)}
	show.clear()
	assert.Empty(t, line.String())
	show.waiting()
	show.reading(thaiid.Progress{Step: 1, Of: 3})
	show.clear()
	waiting, reading := "insert the ID card …", "reading, leave the card in 1/3"
	assert.Equal(t, waiting+wiped(waiting)+reading+wiped(reading), line.String())

	silent := &progress{log: slog.New(slog.DiscardHandler)}
	silent.waiting()
	silent.reading(thaiid.Progress{})
	silent.clear()
}

// wiped is what takes a line away again.
func wiped(line string) string {
	return "\r" + strings.Repeat(" ", utf8.RuneCountInString(line)) + "\r"
}
