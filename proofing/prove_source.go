package proofing

import (
	"context"
	"fmt"

	"chipproof/cardreader"
)

// Source says where what was read came from. The driver marks a simulated
// reader, and from there on the mark is carried, never asked for again.
type Source string

// The sources.
const (
	// FromReader: a reader of metal.
	FromReader Source = "reader"
	// FromSimulator: a card that is software. It never counts in production.
	FromSimulator Source = "simulator"
	// FromTyping: no card at all.
	FromTyping Source = "typing"
)

func sourceOf(simulated bool) Source {
	if simulated {
		return FromSimulator
	}
	return FromReader
}

// how is the way in which facts of a read name their source.
func (s Source) how() How {
	if s == FromSimulator {
		return BySimulator
	}
	return ByReader
}

// sourceOf says what a reader is, without touching the card in it.
func (p *Prover) sourceOf(ctx context.Context, reader string) (Source, error) {
	states, err := p.Readers.List(ctx)
	if err != nil {
		return "", fmt.Errorf("look at reader: %w", err)
	}
	for _, s := range states {
		if s.Reader == reader {
			return sourceOf(s.Simulated), nil
		}
	}
	return "", fmt.Errorf("look at reader: %w", cardreader.ErrReaderNotFound)
}
