package thaiid

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
)

// LaserCode is the code on the back of the card, two letters and ten digits. It
// is treated as a secret: it hides itself, and with the card's face alone it
// proves nothing (thai-id-card §10.2).
type LaserCode struct{ Text }

// IssuerCode is 13 characters that may be the number of the issuing officer, so
// it hides itself (thai-id-card §4, §14.7).
type IssuerCode struct{ Text }

// ChipNumber is the part of the chip's CPLC that the issuer asks for, 16
// lower-case hex digits, empty when the card doesn't give it. It hides itself.
type ChipNumber struct{ Text }

// RequestNumber is the text of the card's request number. It hides itself.
type RequestNumber struct{ Text }

// BP1NO is the part that goes to the issuer, in clear: what stands before '/'.
// Sources disagree about its length (thai-id-card §14.3).
func (n RequestNumber) BP1NO() string {
	before, _, _ := strings.Cut(n.Reveal(), "/")
	return strings.TrimSpace(before)
}

var errNotCPLC = errors.New("not a CPLC")

// decodeChipNumber takes the answer to GET DATA 9F7F: tag, length 2A, then 42
// bytes, of which fabrication date, serial and batch are the number (§8).
func decodeChipNumber(cplc []byte) (ChipNumber, error) {
	if len(cplc) != cplcLength {
		return ChipNumber{}, lengthError{len(cplc), cplcLength}
	}
	if !bytes.HasPrefix(cplc, []byte{0x9F, 0x7F, 0x2A}) {
		return ChipNumber{}, errNotCPLC
	}
	return ChipNumber{newText(hex.EncodeToString(cplc[13:21]))}, nil
}

// decodeLaserCode takes the answer of the ADM applet: 23 bytes with the code at
// 7, or 16 with the code at 0; 12 characters and 4 of padding. ok is false for
// anything else, a blank one included.
func decodeLaserCode(answer []byte) (code LaserCode, ok bool) {
	switch len(answer) {
	case 23:
		answer = answer[7:]
	case 16:
	default:
		return LaserCode{}, false
	}
	text := bytes.TrimRight(answer, padding)
	if len(text) != 12 {
		return LaserCode{}, false
	}
	for i, c := range text {
		letter, digit := c >= 'A' && c <= 'Z', c >= '0' && c <= '9'
		if i < 2 && !letter || i >= 2 && !digit {
			return LaserCode{}, false
		}
	}
	return LaserCode{newText(string(text))}, true
}
