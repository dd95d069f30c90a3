package thaiid

import (
	"bytes"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

var (
	errNoCharacter = errors.New("byte that is no character")
	errControl     = errors.New("control character in the text")
)

// padding is what fills the rest of a part behind its text.
const padding = " \x00"

// decodeText turns a part's bytes into text (thai-id-card §6): TIS-620, decoded
// as its superset Windows-874, without the padding. Bytes without a character,
// and characters that are not there to be seen (controls, bidirectional and
// other formatting), are errors: a card's text is shown to people who decide.
func decodeText(raw []byte) (string, error) {
	raw = bytes.TrimRight(raw, padding)
	var out strings.Builder
	for _, b := range raw {
		r := charmap.Windows874.DecodeByte(b)
		if r == utf8.RuneError {
			return "", errNoCharacter
		}
		if !unicode.IsGraphic(r) {
			return "", errControl
		}
		out.WriteRune(r)
	}
	return strings.Trim(out.String(), " "), nil
}

// decodeParts is text that '#' splits. The padding goes before the split and
// spaces round each part after it; the empty parts stay, they have a meaning.
func decodeParts(raw []byte) ([]string, error) {
	text, err := decodeText(raw)
	if err != nil {
		return nil, err
	}
	parts := strings.Split(text, "#")
	for i, part := range parts {
		parts[i] = strings.Trim(part, " ")
	}
	return parts, nil
}

// joinText puts the parts that are not empty behind each other.
func joinText(parts []string) string {
	var out []string
	for _, part := range parts {
		if part != "" {
			out = append(out, part)
		}
	}
	return strings.Join(out, " ")
}
