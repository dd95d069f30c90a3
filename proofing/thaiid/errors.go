package thaiid

import (
	"errors"
	"fmt"

	"chipproof/apdu"
)

var (
	// ErrUnsupported: the card has no MOI applet that opens, or a version of it
	// that is not known.
	ErrUnsupported = errors.New("not a Thai ID card of a known version")
	// ErrChanged: the citizen number at the end of the read is not the one of
	// its beginning, so the bytes are of two cards.
	ErrChanged = errors.New("card changed during the read")
	// ErrAnswer is what every [ReadError] is, for [errors.Is].
	ErrAnswer = errors.New("card answered wrongly")
)

// ReadError says which part of the card was answered wrongly: refused, cut
// short, or with content that can't be what it should be. It never holds the
// content. What went wrong between program and card is no ReadError.
type ReadError struct {
	// Field is the part, as a path in the identity document. It is empty when
	// the card failed before any part was asked for.
	Field Part
	Err   error
}

// Error names the part and the cause.
func (e *ReadError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("read card: %v", e.Err)
	}
	return fmt.Sprintf("read %s: %v", e.Field, e.Err)
}

// Unwrap gives the cause, an [apdu.Status] for example.
func (e *ReadError) Unwrap() error { return e.Err }

// Is makes every ReadError an [ErrAnswer].
func (e *ReadError) Is(target error) bool { return target == ErrAnswer }

// lengthError is an answer of another length than was asked for, short or long
// (thai-id-card §2: never an empty field).
type lengthError struct{ got, want int }

func (e lengthError) Error() string {
	return fmt.Sprintf("answer of %d bytes where %d were asked for", e.got, e.want)
}

// refused says whether err is the card's no to one command: another command may
// still be answered.
func refused(err error) bool {
	_, status := errors.AsType[apdu.Status](err)
	_, length := errors.AsType[lengthError](err)
	return status || length
}

// blame makes err a [ReadError] when the card is at fault, and hands on with
// the part's name what the transmitter or the context said.
func blame(part Part, err error) error {
	if refused(err) || errors.Is(err, apdu.ErrLimit) || errors.Is(err, apdu.ErrResponseInvalid) {
		return &ReadError{Field: part, Err: err}
	}
	if part == "" {
		return fmt.Errorf("read card: %w", err)
	}
	return fmt.Errorf("read %s: %w", part, err)
}
