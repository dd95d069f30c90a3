package audit

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// Witness is what someone kept from an earlier state of the log: a checkpoint
// file, or what the day-end sheet's QR code or words say.
type Witness struct {
	Source string // where it came from, for the report
	Text   string
}

// WitnessKind is the form of a witness.
type WitnessKind string

// The forms.
const (
	WitnessCheckpoint WitnessKind = "checkpoint"
	WitnessQR         WitnessKind = "sheet_qr"
	WitnessWords      WitnessKind = "sheet_words"
)

// Sighting is what a witness says: at that time the log had that head.
type Sighting struct {
	Kind WitnessKind
	// Head was seen. Words hold only the first bits of its root; the rest is zero.
	Head
	At  time.Time // of a sheet: the earliest moment that its day has on earth
	Day string    // of a sheet
}

// Has says whether a head is the one that was seen.
func (s Sighting) Has(h Head) bool {
	known := tlog.HashSize
	if s.Kind == WitnessWords {
		known = rootBytes
	}
	return h.Size == s.Size && bytes.Equal(s.Root[:known], h.Root[:known])
}

func (s Sighting) when() string {
	if s.Day != "" {
		return s.Day
	}
	return s.At.Format(time.RFC3339)
}

// Read takes a witness of any form. Error: [ErrWitnessInvalid], in a way that
// doesn't tell a typing error from a forgery, because nobody can.
func (w Witness) Read(keys Keys) (Sighting, error) {
	text := strings.ReplaceAll(w.Text, "\r\n", "\n") // saved on Windows
	switch {
	case strings.Contains(text, "\n\n— "):
		c, err := OpenCheckpoint([]byte(text), keys)
		if err != nil {
			return Sighting{}, fmt.Errorf("read witness: %w: %w", ErrWitnessInvalid, err)
		}
		return Sighting{Kind: WitnessCheckpoint, Head: c.Head, At: c.At}, nil
	case strings.Contains(strings.ToUpper(text), qrPrefix):
		return readSheet(WitnessQR, text, keys, parseQR)
	}
	return readSheet(WitnessWords, text, keys, parseWords)
}

// readSheet tries each key of the log: the sheet names its key, or has it in its
// check value.
func readSheet(kind WitnessKind, text string, keys Keys, parse func(text string, key uint32) (Sighting, error)) (Sighting, error) {
	err := error(ErrKeyInvalid)
	for _, key := range keys.list {
		var s Sighting
		if s, err = parse(text, key.KeyHash()); err == nil {
			s.Kind = kind
			return s, nil
		}
	}
	return Sighting{}, fmt.Errorf("read witness: %w: %w", ErrWitnessInvalid, err)
}
