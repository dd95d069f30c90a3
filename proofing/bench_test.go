package proofing_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/apdu"
	"chipproof/internal/rival"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

// lines are the line models of design §9.
var lines = []struct {
	name string
	line simulator.Line
}{{"TA96", simulator.LineTA96}, {"TA18", simulator.LineTA18}}

// BenchmarkRead is a whole read on the simulator, opening and closing included.
// Bars of design §9: 9 MOI exchanges for all text, 50 with a full-size photo,
// wall/card at most 1.05. wall/card is wall time over the time that the card
// itself took; the simulator's timers oversleep, so that is measured and not
// computed.
func BenchmarkRead(b *testing.B) {
	for _, l := range lines {
		b.Run("text/"+l.name, func(b *testing.B) { benchmarkRead(b, l.line, thaiid.TextFields()) })
		b.Run("photo/"+l.name, func(b *testing.B) { benchmarkRead(b, l.line, append(thaiid.TextFields(), thaiid.FieldPhoto)) })
	}
}

func benchmarkRead(b *testing.B, line simulator.Line, fields thaiid.Fields) {
	c := newCounter(b, "full-photo", simulator.CardOptions{Line: line})
	var w watchedCard
	for b.Loop() {
		_, err := proofing.Read(b.Context(), c.readers, readerName, proofing.ReadOptions{Fields: fields, Wrap: w.wrap})
		if err != nil {
			b.Fatal(err)
		}
	}
	w.report(b)
}

// BenchmarkReadAsOthersDo is the same card read field by field.
func BenchmarkReadAsOthersDo(b *testing.B) {
	for _, l := range lines {
		for _, photo := range []string{"text", "photo"} {
			b.Run(photo+"/"+l.name, func(b *testing.B) {
				c := newCounter(b, "full-photo", simulator.CardOptions{Line: l.line})
				var w watchedCard
				for b.Loop() {
					w.readAsOthersDo(b, c, photo == "photo")
				}
				w.report(b)
			})
		}
	}
}

func (w *watchedCard) readAsOthersDo(b *testing.B, c counter, photo bool) {
	session, err := c.readers.Open(b.Context(), readerName)
	require.NoError(b, err)
	defer session.Close()
	card := w.wrap(session, session.ATR())
	require.NoError(b, rival.ReadText(b.Context(), card))
	if photo {
		require.NoError(b, rival.ReadPhoto(b.Context(), card))
	}
}

// watchedCard counts a card's exchanges, those since the MOI applet was
// selected apart, and adds up the time that they took.
type watchedCard struct {
	all, moi int
	selected bool
	inCard   time.Duration
}

func (w *watchedCard) wrap(card apdu.Transmitter, _ []byte) apdu.Transmitter {
	w.selected = false
	return apdu.TransmitterFunc(func(ctx context.Context, command []byte) ([]byte, error) {
		start := time.Now()
		answer, err := card.Transmit(ctx, command)
		w.inCard += time.Since(start)
		w.selected = w.selected || bytes.Contains(command, thaiid.AIDMOI)
		w.all++
		if w.selected {
			w.moi++
		}
		return answer, err
	})
}

func (w *watchedCard) report(b *testing.B) {
	b.ReportMetric(float64(w.all)/float64(b.N), "exchanges/op")
	b.ReportMetric(float64(w.moi)/float64(b.N), "moi-exchanges/op")
	b.ReportMetric(float64(b.Elapsed())/float64(w.inCard), "wall/card")
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/op")
}
