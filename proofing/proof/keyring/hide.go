package keyring

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// String names the keys and hides them.
func (r *Ring) String() string {
	kids := make([]string, len(r.keys))
	for i, k := range r.keys {
		kids[i] = k.kid
	}
	return "proof keys " + string(r.mode) + " " + strings.Join(kids, " ")
}

// GoString hides the keys from %#v.
func (r *Ring) GoString() string { return r.String() }

// Format hides the keys from every verb.
func (r *Ring) Format(s fmt.State, _ rune) { io.WriteString(s, r.String()) }

// LogValue hides the keys from structured logs.
func (r *Ring) LogValue() slog.Value { return slog.StringValue(r.String()) }
