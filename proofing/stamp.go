package proofing

import (
	"fmt"
	"time"
)

// Stamp is a moment as facts and proofs write it: RFC 3339 in whole seconds,
// with +07:00 (assurance §2.1). The zero stamp is no moment.
type Stamp struct{ unix int64 }

// StampOf cuts a moment to whole seconds.
func StampOf(t time.Time) Stamp { return Stamp{t.Unix()} }

// Time is the moment, in Thailand's time.
func (s Stamp) Time() time.Time { return time.Unix(s.unix, 0).In(Thailand()) }

// IsZero says that there is no moment.
func (s Stamp) IsZero() bool { return s == Stamp{} }

// String is the written form.
func (s Stamp) String() string { return s.Time().Format(time.RFC3339) }

// MarshalText is the written form.
func (s Stamp) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the written form and no other.
func (s *Stamp) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return fmt.Errorf("read stamp: %w", err)
	}
	if read := StampOf(t); read.String() == string(text) {
		*s = read
		return nil
	}
	return fmt.Errorf("read stamp: not in whole seconds with +07:00")
}

// Thailand is where an agency's day begins: UTC+7 all year round.
func Thailand() *time.Location { return time.FixedZone("ICT", 7*60*60) }
