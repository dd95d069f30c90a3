package main

import (
	"errors"
	"time"

	"chipproof/breach"
)

// when is a moment of a command line: RFC 3339, or day and time in Thailand.
type when struct{ breach.Moment }

var errWhen = errors.New(`not a time like "2026-11-25 14:30" (in Thailand, common era) or 2026-11-25T14:30:00+07:00`)

// UnmarshalText implements [encoding.TextUnmarshaler], for kong.
func (w *when) UnmarshalText(text []byte) error {
	for _, layout := range []string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if t, err := time.ParseInLocation(layout, string(text), breach.Bangkok()); err == nil {
			text = []byte(t.Format(time.RFC3339))
			break
		}
	}
	m, err := breach.ParseMoment(string(text))
	if err != nil {
		return errWhen
	}
	w.Moment = m
	return nil
}

// or is the moment, or another one where none was given.
func (w when) or(other breach.Moment) breach.Moment {
	if w.IsZero() {
		return other
	}
	return w.Moment
}

func present() breach.Moment { return breach.At(time.Now()) }
