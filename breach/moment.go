package breach

import (
	"errors"
	"fmt"
	"time"
)

// Moment is a point in time in whole seconds, absolute inside. As text it is
// RFC 3339 at +07:00, which has no daylight saving (assurance §3.8). The zero
// Moment is "not set".
type Moment struct{ unix int64 }

// bangkok is +07:00 without the system's zone files, which Windows lacks.
var bangkok = time.FixedZone("+07", 7*60*60)

// Bangkok is the zone in which moments are written and read by people.
func Bangkok() *time.Location { return bangkok }

// At is the second in which t lies. Clocks of the law run in whole seconds, so
// that exactly 72 hours is in time and one second more is late.
func At(t time.Time) Moment {
	if t.IsZero() {
		return Moment{}
	}
	return Moment{t.Unix()}
}

// IsZero says that the moment is not set.
func (m Moment) IsZero() bool { return m.unix == 0 }

// Time is the moment in the zone of Thailand.
func (m Moment) Time() time.Time {
	if m.IsZero() {
		return time.Time{}
	}
	return time.Unix(m.unix, 0).In(bangkok)
}

// Add is the moment that much later, in whole seconds. What isn't set stays so.
func (m Moment) Add(d time.Duration) Moment {
	if m.IsZero() {
		return m
	}
	return Moment{m.unix + int64(d/time.Second)}
}

// After says that m is later than o.
func (m Moment) After(o Moment) bool { return m.unix > o.unix }

// Sub is how much later than o the moment is.
func (m Moment) Sub(o Moment) time.Duration { return time.Duration(m.unix-o.unix) * time.Second }

// String is the moment as RFC 3339 at +07:00, empty when not set.
func (m Moment) String() string {
	if m.IsZero() {
		return ""
	}
	return m.Time().Format(time.RFC3339)
}

// MarshalText is the moment as RFC 3339 at +07:00.
func (m Moment) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// errMoment is why a text is no moment, without the text.
var errMoment = errors.New("no RFC 3339 time in whole seconds between 2000 and 2199")

// UnmarshalText reads RFC 3339 in whole seconds, with any offset; an empty text
// is a moment that isn't set, for the event's own rules to judge.
func (m *Moment) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = Moment{}
		return nil
	}
	read, err := ParseMoment(string(text))
	if err != nil {
		return err
	}
	*m = read
	return nil
}

// ParseMoment reads RFC 3339 in whole seconds, with any offset, between the
// years 2000 and 2199; a year of the Buddhist era is therefore refused and not
// taken for one far ahead. Error: [ErrEventInvalid].
func ParseMoment(text string) (Moment, error) {
	t, err := time.Parse(time.RFC3339, text)
	whole := len(text) == len("2026-01-02T15:04:05Z") || len(text) == len("2026-01-02T15:04:05+07:00")
	if err != nil || !whole || t.Nanosecond() != 0 || !At(t).sensible() {
		return Moment{}, fmt.Errorf("read time: %w: %w", ErrEventInvalid, errMoment)
	}
	return At(t), nil
}

// sensible keeps arithmetic and RFC 3339 in their ranges.
func (m Moment) sensible() bool {
	year := m.Time().Year()
	return !m.IsZero() && year >= 2000 && year < 2200
}

// latest is the last of several moments.
func latest(moments ...Moment) Moment {
	var last Moment
	for _, m := range moments {
		if m.After(last) {
			last = m
		}
	}
	return last
}
