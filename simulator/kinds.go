package simulator

import (
	"context"
	"errors"
	"slices"

	"chipproof/cardreader"
)

// kinds are the words by which plans and transcripts name the ways in which an
// exchange fails without an answer.
var kinds = []struct {
	name string
	err  error
}{
	{"card_absent", cardreader.ErrCardAbsent},
	{"card_changed", cardreader.ErrCardChanged},
	{"card_error", cardreader.ErrCardError},
	{"card_removed", cardreader.ErrCardRemoved},
	{"card_reset", cardreader.ErrCardReset},
	{"card_timeout", cardreader.ErrCardTimeout},
	{"card_unsupported", cardreader.ErrCardUnsupported},
	{"cancelled", context.Canceled},
	{"reader_busy", cardreader.ErrReaderBusy},
	{"reader_denied", cardreader.ErrDenied},
	{"reader_not_found", cardreader.ErrReaderNotFound},
	{"reader_service_down", cardreader.ErrServiceDown},
	{"reader_sharing", cardreader.ErrSharing},
	{"torn", cardreader.ErrTorn},
}

// kindOther is an error that has no word, in a transcript only.
const kindOther = "other"

// kindOf is the word for err.
func kindOf(err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		return "card_timeout"
	}
	for _, k := range kinds {
		if errors.Is(err, k.err) {
			return k.name
		}
	}
	return kindOther
}

// errorOf is the error for a word, nil if there is none.
func errorOf(kind string) error {
	if kind == kindOther {
		return cardreader.ErrCardError
	}
	for _, k := range kinds {
		if k.name == kind {
			return k.err
		}
	}
	return nil
}

func kindNames() []string {
	var names []string
	for _, k := range kinds {
		names = append(names, k.name)
	}
	slices.Sort(names)
	return names
}
