package letters

import (
	"fmt"
	"io"
	"log/slog"
)

// mask is all that a hidden value shows.
const mask = "[hidden]"

// hidden holds what is about a person and shows it to no printing, logging or
// marshalling. Behind one pointer a wrong verb would still find the value, behind
// two fmt prints an address.
type hidden[T any] struct {
	_ [0]func() // no ==
	v **T
}

func hide[T any](v T) hidden[T] {
	p := &v
	return hidden[T]{v: &p}
}

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

// MarshalText hides the value.
func (h hidden[T]) MarshalText() ([]byte, error) { return []byte(mask), nil }
