package apdu

import (
	"errors"
	"fmt"
)

// What a caller can act on, whatever the exact status word was. A [Status]
// unwraps to one of these where ISO/IEC 7816-4 §5.6 gives the word a meaning.
var (
	ErrNotFound       = errors.New("file or application not found")
	ErrNotAllowed     = errors.New("command not allowed now")
	ErrSecurity       = errors.New("security status not satisfied")
	ErrWrongLength    = errors.New("wrong length")
	ErrWrongParameter = errors.New("wrong parameter")
	ErrNotSupported   = errors.New("instruction or class not supported")
	ErrCardFailure    = errors.New("card failed inside")
)

// Status is SW1-SW2 (ISO/IEC 7816-4 §5.6). As an error it is a card's refusal;
// [StatusOK] is success and is never returned as an error.
type Status uint16

// StatusOK is the only status word that means: done, nothing held back.
// Warnings (62xx, 63xx) are refusals here: no command that a reader of this
// card sends is good enough with a warning.
const StatusOK Status = 0x9000

// SW1 values that ask the terminal for one more step.
const (
	sw1MoreData    = 0x61 // 61xx: xx bytes wait for GET RESPONSE
	sw1WrongLength = 0x6C // 6Cxx: send the same command again with Le = xx
)

// SW1 is the upper byte.
func (s Status) SW1() byte { return byte(s >> 8) }

// SW2 is the lower byte.
func (s Status) SW2() byte { return byte(s) }

// MoreData says whether s is 61xx, and how many bytes wait (1 to 256).
func (s Status) MoreData() (n int, ok bool) {
	return shortNe(s.SW2()), s.SW1() == sw1MoreData
}

// CorrectLength says whether s is 6Cxx, and which Ne the card wants (1 to 256).
func (s Status) CorrectLength() (ne int, ok bool) {
	return shortNe(s.SW2()), s.SW1() == sw1WrongLength
}

// Error is the word in hex and what the standard says of it.
func (s Status) Error() string {
	if cause := s.Unwrap(); cause != nil {
		return fmt.Sprintf("status %04X: %v", uint16(s), cause)
	}
	return fmt.Sprintf("status %04X", uint16(s))
}

// Unwrap gives the cause that [errors.Is] can find, nil where the standard
// leaves the word open. It knows the words of ISO/IEC 7816-4 tables 6 and 7
// that a reader of this card can meet.
func (s Status) Unwrap() error {
	switch s {
	case 0x6A82, 0x6A83, 0x6A88:
		return ErrNotFound
	case 0x6985, 0x6986:
		return ErrNotAllowed
	case 0x6982, 0x6983:
		return ErrSecurity
	case 0x6700, 0x6A87:
		return ErrWrongLength
	case 0x6A80, 0x6A86, 0x6B00:
		return ErrWrongParameter
	case 0x6881, 0x6882, 0x6A81, 0x6D00, 0x6E00:
		return ErrNotSupported
	case 0x6400, 0x6581, 0x6F00:
		return ErrCardFailure
	}
	if s.SW1() == sw1WrongLength {
		return ErrWrongLength
	}
	return nil
}
