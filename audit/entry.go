package audit

import (
	"fmt"
	"maps"
	"slices"
	"time"
	"unicode"
	"unicode/utf8"
)

// Limits of an entry. Real ones are about 250 bytes.
const (
	MaxPayload    = 64 << 10 // bytes of a whole entry
	MaxText       = 32 << 10 // bytes of one text in it
	MaxAttributes = 32
	maxName       = 64 // bytes of a kind, a class, the name of an attribute
)

// Entry is an event in its place in the log.
type Entry struct {
	Number     int64         // from 0, without gaps: the index of its leaf
	At         time.Time     // wall clock, UTC, to the microsecond
	Monotonic  time.Duration // since Run began, to the microsecond; tells steps of the wall clock
	Run        string        // the process that wrote it: 16 hex digits, random
	Kind       Kind
	Class      Class
	Actor      string
	Subject    string
	Session    string
	Attributes map[string]string
}

// Clock is when and by which process an entry is written.
type Clock struct {
	Now       time.Time
	Monotonic time.Duration
	Run       string
}

// NewEntry gives an event its number and times. Text from outside is cut and
// escaped, numbers that could be a citizen's are masked. Error: [ErrInvalid],
// also for a kind that the table doesn't have.
func NewEntry(number int64, c Clock, e Event) (Entry, error) {
	class, ok := e.Kind.Class()
	if !ok {
		return Entry{}, fmt.Errorf("make entry: %w: kind %q", ErrInvalid, e.Kind)
	}
	longest := longestText
	if class == ClassLog {
		longest = MaxText
	}
	if e.At.IsZero() {
		e.At = c.Now
	}
	entry := Entry{
		Number: number, At: e.At.UTC().Truncate(time.Microsecond), Monotonic: c.Monotonic.Truncate(time.Microsecond), Run: c.Run,
		Kind: e.Kind, Class: class,
		Actor: clean(e.Actor, longestText), Subject: clean(e.Subject, longestText), Session: clean(e.Session, longestText),
	}
	if len(e.Attributes) > 0 {
		entry.Attributes = make(map[string]string, len(e.Attributes))
	}
	for name, value := range e.Attributes {
		entry.Attributes[name] = clean(value, longest)
	}
	if err := entry.check(); err != nil {
		return Entry{}, fmt.Errorf("make entry: %w", err)
	}
	return entry, nil
}

// The years that RFC 3339 can say.
var (
	earliest = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	latest   = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).UnixMicro()
)

// check holds what both the encoder and the parser demand, so that each accepts
// exactly what the other makes.
func (e Entry) check() error {
	at := e.At.UnixMicro()
	switch {
	case e.Number < 0:
		return fmt.Errorf("%w: number %d", ErrInvalid, e.Number)
	case at < earliest || at > latest || !e.At.Equal(time.UnixMicro(at)):
		return fmt.Errorf("%w: time", ErrInvalid)
	case e.Monotonic < 0 || e.Monotonic%time.Microsecond != 0:
		return fmt.Errorf("%w: monotonic reading", ErrInvalid)
	case len(e.Run) != 16 || !hexDigits(e.Run):
		return fmt.Errorf("%w: run", ErrInvalid)
	case !validName(string(e.Kind)) || !validName(string(e.Class)):
		return fmt.Errorf("%w: kind or class", ErrInvalid)
	case !validText(e.Actor) || !validText(e.Subject) || !validText(e.Session):
		return fmt.Errorf("%w: actor, subject or session", ErrInvalid)
	case len(e.Attributes) > MaxAttributes:
		return fmt.Errorf("%w: %d attributes", ErrInvalid, len(e.Attributes))
	}
	for _, name := range slices.Sorted(maps.Keys(e.Attributes)) {
		if !validName(name) || !validText(e.Attributes[name]) {
			return fmt.Errorf("%w: attribute", ErrInvalid)
		}
	}
	return nil
}

type text interface{ ~string | ~[]byte }

func validName[T text](s T) bool {
	if len(s) == 0 || len(s) > maxName || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

func hexDigits[T text](s T) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

func validText[T text](s T) bool {
	if len(s) > MaxText {
		return false
	}
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if c < ' ' || c == 0x7f {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune([]byte(s[i:min(i+utf8.UTFMax, len(s))]))
		if r == utf8.RuneError && size == 1 || unicode.IsControl(r) {
			return false
		}
		i += size
	}
	return true
}
