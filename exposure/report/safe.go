package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// ErrUnsafe: a report would hold 13 digits in a row, which no report may
// (assurance §4.7).
var ErrUnsafe = errors.New("report unsafe")

const longestRun = 12

// give writes a report that was built, after a last look at it.
func give(w io.Writer, what string, content []byte) error {
	if hasRun(content) {
		return fmt.Errorf("write %s: %w", what, ErrUnsafe)
	}
	if _, err := io.Copy(w, bytes.NewReader(content)); err != nil {
		return fmt.Errorf("write %s: %w", what, err)
	}
	return nil
}

// hasRun says that there are 13 digits in a row, Arabic or Thai.
func hasRun(b []byte) bool {
	run := 0
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r >= '0' && r <= '9' || r >= '๐' && r <= '๙' {
			if run++; run > longestRun {
				return true
			}
		} else {
			run = 0
		}
		b = b[size:]
	}
	return false
}

// Text gives out a report that is text already, as a terminal's table, after the
// same last look. Error: [ErrUnsafe].
func Text(w io.Writer, text string) error { return give(w, "text", []byte(text)) }
