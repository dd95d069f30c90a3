package proofing

import (
	"context"
	"errors"
	"fmt"

	"chipproof/cardreader"
)

// ErrReaderAmbiguous is what [Choose] returns when several readers hold a card
// and none was named. Taking the first would sooner or later read the wrong
// citizen.
var ErrReaderAmbiguous = errors.New("several readers hold a card")

// Choose finds the reader to read from: the one that is named, or else the only
// one with a card. Errors: [cardreader.ErrReaderNotFound] when there is no such
// reader or none at all, [cardreader.ErrCardAbsent], [ErrReaderAmbiguous], and
// those of [cardreader.Readers.List].
func Choose(ctx context.Context, readers *cardreader.Readers, name string) (string, error) {
	states, err := readers.List(ctx)
	if err != nil {
		return "", fmt.Errorf("choose reader: %w", err)
	}
	var loaded []string
	for _, s := range states {
		if s.Reader == name {
			return name, nil
		}
		if s.Card != cardreader.Absent {
			loaded = append(loaded, s.Reader)
		}
	}
	switch {
	case name != "" || len(states) == 0:
		return "", fmt.Errorf("choose reader: %w", cardreader.ErrReaderNotFound)
	case len(loaded) == 0:
		return "", fmt.Errorf("choose reader: %w", cardreader.ErrCardAbsent)
	case len(loaded) > 1:
		return "", fmt.Errorf("choose reader: %w", ErrReaderAmbiguous)
	}
	return loaded[0], nil
}
