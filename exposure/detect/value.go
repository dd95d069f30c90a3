package detect

import (
	"fmt"
	"io"
	"log/slog"
)

const hidden = "[hidden]"

// Value is what was found, normalised so that two spellings of the same data
// are equal. It hides itself from printing, logging and marshalling: a finding
// never holds it (assurance §4.7). The value is behind two pointers because fmt
// calls no methods on what lies in unexported fields.
type Value struct{ v **string }

// NewValue hides a clear value.
func NewValue(clear string) Value {
	p := &clear
	return Value{&p}
}

// Reveal is the clear value, for a fingerprint or a mask.
func (v Value) Reveal() string {
	if v.v == nil {
		return ""
	}
	return **v.v
}

// String hides the value.
func (v Value) String() string { return hidden }

// GoString hides the value.
func (v Value) GoString() string { return hidden }

// Format hides the value, whatever the verb.
func (v Value) Format(f fmt.State, _ rune) { io.WriteString(f, hidden) }

// LogValue hides the value.
func (v Value) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText hides the value, so that no encoder shows it.
func (v Value) MarshalText() ([]byte, error) { return []byte(hidden), nil }
