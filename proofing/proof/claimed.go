package proof

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"unicode/utf8"
)

// mask is all that a hidden value shows.
const mask = "[hidden]"

// Claimed is what a citizen gave at the asking site, by name: any of
// [ClaimedNames]. It hides itself; Reveal shows one value. The zero value holds
// nothing.
type Claimed struct {
	_ [0]func() // no ==, which would compare the pointers
	// Package fmt calls no methods on what lies in unexported fields of other
	// structs; behind two pointers it prints an address.
	v **map[string]string
}

// ClaimedNames are the names, in their order (proof §11).
func ClaimedNames() []string {
	return []string{"citizen_id", "title", "first_name", "middle_name", "last_name", "birth_date", "laser_code", "address"}
}

// NewClaimed keeps a copy of values. [SignRequest] and [VerifyRequest] say whether
// names and lengths are right.
func NewClaimed(values map[string]string) Claimed {
	if values == nil {
		return Claimed{}
	}
	kept := maps.Clone(values)
	p := &kept
	return Claimed{v: &p}
}

// Reveal is the clear value of one name, empty if it was not given.
func (c Claimed) Reveal(name string) string { return c.values()[name] }

// Names are those that were given, in the order of [ClaimedNames].
func (c Claimed) Names() []string {
	var names []string
	for _, name := range ClaimedNames() {
		if _, given := c.values()[name]; given {
			names = append(names, name)
		}
	}
	return names
}

// IsZero says that nothing was claimed.
func (c Claimed) IsZero() bool { return len(c.values()) == 0 }

func (c Claimed) values() map[string]string {
	if c.v == nil {
		return nil
	}
	return **c.v
}

// longestClaimed is how long a claimed value may be, in characters.
const longestClaimed = 200

// checkClaimed is for values that are there. An error names names of ours only.
func checkClaimed(values map[string]string) error {
	if len(values) == 0 {
		return errors.New("claimed is empty")
	}
	known := 0
	for _, name := range ClaimedNames() {
		value, given := values[name]
		if !given {
			continue
		}
		known++
		if n := utf8.RuneCountInString(value); n < 1 || n > longestClaimed {
			return fmt.Errorf("claimed %s is not 1 to %d characters", name, longestClaimed)
		}
	}
	if known != len(values) {
		return errors.New("claimed has a member that is not known")
	}
	return nil
}

// Format hides the values, whatever the verb.
func (c Claimed) Format(f fmt.State, _ rune) { io.WriteString(f, mask) }

// String hides the values.
func (c Claimed) String() string { return mask }

// LogValue hides the values.
func (c Claimed) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText hides the values.
func (c Claimed) MarshalText() ([]byte, error) { return []byte(mask), nil }
