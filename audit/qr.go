package audit

import (
	"bytes"
	"fmt"
	"image/png"
	"strings"

	"github.com/boombuler/barcode"
	"github.com/boombuler/barcode/qr"
)

// PNG draws the QR code as a square picture of so many pixels, without the
// white margin that a code needs around it. Error: [ErrInvalid] for fewer than
// the code has modules (about 60).
func (s Sheet) PNG(pixels int) ([]byte, error) {
	code, err := s.code()
	if err != nil {
		return nil, err
	}
	if code, err = barcode.Scale(code, pixels, pixels); err != nil {
		return nil, fmt.Errorf("draw sheet: %w: %w", ErrInvalid, err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, code); err != nil {
		return nil, fmt.Errorf("draw sheet: %w", err)
	}
	return out.Bytes(), nil
}

func (s Sheet) code() (barcode.Barcode, error) {
	code, err := qr.Encode(s.QR, qr.M, qr.AlphaNumeric)
	if err != nil {
		return nil, fmt.Errorf("draw sheet: %w: %w", ErrInvalid, err)
	}
	return code, nil
}

// quietZone is how many light modules a code needs around it (ISO/IEC 18004).
const quietZone = 4

// blocks draws the code for a terminal, two modules above each other in one
// character, light ones as blocks: so it is right on a dark ground, and scanners
// take the inverse as well.
func (s Sheet) blocks() (string, error) {
	code, err := s.code()
	if err != nil {
		return "", err
	}
	size := code.Bounds().Dx()
	light := func(x, y int) bool {
		if x < 0 || y < 0 || x >= size || y >= size {
			return true
		}
		red, _, _, _ := code.At(x, y).RGBA()
		return red > 0
	}
	var b strings.Builder
	for y := -quietZone; y < size+quietZone; y += 2 {
		for x := -quietZone; x < size+quietZone; x++ {
			switch upper, lower := light(x, y), light(x, y+1); {
			case upper && lower:
				b.WriteRune('█')
			case upper:
				b.WriteRune('▀')
			case lower:
				b.WriteRune('▄')
			default:
				b.WriteRune(' ')
			}
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}
