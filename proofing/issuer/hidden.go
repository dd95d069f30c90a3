package issuer

import (
	"fmt"
	"io"
	"log/slog"
)

const mask = "[hidden]"

// Hidden is something personal that somebody typed. However it is printed,
// logged or marshalled, it says [hidden]. The value is behind a pointer because
// package fmt calls no method of an unexported field: there it prints an address.
type Hidden struct{ value *string }

// Hide wraps a clear value.
func Hide(value string) Hidden { return Hidden{&value} }

func (h Hidden) reveal() string {
	if h.value == nil {
		return ""
	}
	return *h.value
}

// String hides the value.
func (h Hidden) String() string { return mask }

// GoString hides the value.
func (h Hidden) GoString() string { return mask }

// Format hides the value, whatever the verb.
func (h Hidden) Format(f fmt.State, _ rune) { io.WriteString(f, mask) }

// LogValue hides the value.
func (h Hidden) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText hides the value.
func (h Hidden) MarshalText() ([]byte, error) { return []byte(mask), nil }
