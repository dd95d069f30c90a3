package corpus

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
)

// encode writes text in an encoding. TIS-620 has no zero-width space and no
// dash of typographers.
func encode(text, encoding string) ([]byte, error) {
	switch encoding {
	case "utf-16le":
		out := []byte{0xFF, 0xFE}
		for _, u := range utf16.Encode([]rune(text)) {
			out = binary.LittleEndian.AppendUint16(out, u)
		}
		return out, nil
	case "tis-620":
		out, err := charmap.Windows874.NewEncoder().String(strings.ReplaceAll(text, "\u200b", ""))
		if err != nil {
			return nil, fmt.Errorf("encode document: %w", err)
		}
		return []byte(out), nil
	}
	return []byte(text), nil
}
