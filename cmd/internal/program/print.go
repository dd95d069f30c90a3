package program

import (
	"encoding/json"
	"io"
	"strings"
	"unicode"
)

// PrintJSON writes one document on one line, so that a program can read many.
func PrintJSON[T any](w io.Writer, document T) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(document)
}

// Shown makes a name that a device gave itself fit for a terminal.
func Shown(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name)
}
