package thaiid

import (
	"fmt"
	"io"
	"log/slog"
)

// mask is all that a hidden value shows, blank or not.
const mask = "[hidden]"

// hidden holds something personal that no printing, logging or marshalling
// shows. Package fmt calls no methods on what lies in unexported fields of other
// structs, so there the value itself must look like nothing: behind one pointer
// a wrong verb would still find it, behind two fmt prints an address.
type hidden[T any] struct {
	_ [0]func() // no ==, which would compare the pointers
	v **T
}

func hide[T any](v T) hidden[T] {
	p := &v
	return hidden[T]{v: &p}
}

// reveal gives the clear value, the zero one if none was ever put in.
func (h hidden[T]) reveal() T {
	if h.v == nil {
		var none T
		return none
	}
	return **h.v
}

// String hides the value.
func (h hidden[T]) String() string { return mask }

// GoString hides the value.
func (h hidden[T]) GoString() string { return mask }

// Format hides the value, whatever the verb.
func (h hidden[T]) Format(f fmt.State, _ rune) { io.WriteString(f, mask) }

// LogValue hides the value.
func (h hidden[T]) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText hides the value, so JSON, XML and others show the mask.
func (h hidden[T]) MarshalText() ([]byte, error) { return []byte(mask), nil }

// Text is a person's data as text. It hides itself; Reveal shows it.
type Text struct{ hidden[string] }

func newText(s string) Text { return Text{hide(s)} }

// Reveal is the clear text, as the card has it but for padding.
func (t Text) Reveal() string { return t.reveal() }
