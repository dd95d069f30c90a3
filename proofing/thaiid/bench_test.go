package thaiid

import "testing"

// What a read costs beside the card's own time: everything here but the line.
func BenchmarkRead(b *testing.B) {
	for name, fields := range map[string]Fields{"text": TextFields(), "everything": AllFields()} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			card := newCard()
			for b.Loop() {
				card.commands, card.answers = nil, nil
				if _, err := Read(b.Context(), card, atr18, Options{Fields: fields}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(card.commands)), "exchanges/read")
		})
	}
}
