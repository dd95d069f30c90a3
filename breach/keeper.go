package breach

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// Reader says which classes of personal data a text holds: the scanner, as a
// notice needs it. An empty answer means none was found.
type Reader interface {
	PersonalData(text string) (classes []string, err error)
}

// Keeper adds events to cases. The zero Keeper has no targets and no reader, and
// so takes no public notice.
type Keeper struct {
	Settings Settings
	Reader   Reader
	Own      []string // texts of the office that a public notice may hold, see [CheckPublic]
}

// Open begins an incident. by is an internal id, now the present.
// Errors: [ErrEventInvalid], [ErrInFuture].
func (k Keeper) Open(id string, report Reported, by string, now time.Time) (Case, Event, error) {
	return k.Record(Case{ID: id}, report, by, now)
}

// Record adds an event to a case and returns the case with it, and the event for
// the store; c itself is unchanged. Errors: [ErrEventInvalid], [ErrInFuture],
// [ErrRefused], [ErrContentMissing], [ErrDutyOpen], [ErrTextExposes],
// [ErrNoticeExposes], [ErrNoReader].
func (k Keeper) Record(c Case, body Body, by string, now time.Time) (Case, Event, error) {
	if body == nil {
		return c, Event{}, fmt.Errorf("record event: %w: no body", ErrEventInvalid)
	}
	text, err := json.Marshal(body, json.Deterministic(true))
	if err != nil || string(text) == "null" { // the cause may quote the body
		return c, Event{}, fmt.Errorf("record event: %w", ErrEventInvalid)
	}
	e := Event{Incident: c.ID, Number: len(c.Events) + 1, At: At(now), By: by, Rules: RuleSet, Body: body}
	if err := c.admit(e); err != nil {
		return c, Event{}, fmt.Errorf("record event: %w", err)
	}
	// What counts is the body as it will be read back. One that doesn't come back
	// whole is refused before anyone relies on it: a type that only embeds a body.
	if e.Body, err = ParseBody(body.Kind(), text); err != nil {
		return c, Event{}, fmt.Errorf("record event: %w", err)
	}
	if public, ok := e.Body.(Published); ok {
		own := k.Own
		if c.Contact != nil {
			own = append(slices.Clip(own), c.Contact.Parts()...)
		}
		if err := CheckPublic(k.Reader, own, public.Text+"\n"+public.Where); err != nil {
			return c, Event{}, fmt.Errorf("record event: %w", err)
		}
	}
	texts, err := textsOf(text)
	if err != nil {
		return c, Event{}, fmt.Errorf("record event: %w", err)
	}
	if err := k.checkTexts(texts...); err != nil {
		return c, Event{}, fmt.Errorf("record event: %w", err)
	}
	// A new case from the whole history shares nothing with the old one.
	next, err := Replay(append(slices.Clip(c.Events), e), k.Settings)
	if err != nil {
		return c, Event{}, fmt.Errorf("record event: %w", err)
	}
	return next, e, nil
}

// officeContact are the classes that an office's own contact may fall in.
var officeContact = []string{"email", "th_phone", "th_name", "th_address"}

// CheckPublic says whether a text may be shown to everyone: not while it holds
// personal data (B23), and not while nobody could look. own are texts of the
// office itself that a notice must name, as its contact and who signs: they are
// taken out before the text is read, and read by themselves, so that a citizen
// number can't hide in them. Errors: [ErrNoReader], [ErrNoticeExposes].
func CheckPublic(r Reader, own []string, text string) error {
	if r == nil {
		return fmt.Errorf("check public notice: %w", ErrNoReader)
	}
	text = unveiled(text)
	// A number must not hide because a part of it is the office's own.
	whole, err := r.PersonalData(text)
	if err != nil {
		return fmt.Errorf("check public notice: %w: %w", ErrNoReader, err)
	}
	together, err := r.PersonalData(joined(text))
	if err != nil {
		return fmt.Errorf("check public notice: %w: %w", ErrNoReader, err)
	}
	whole = append(whole, together...)
	parts := slices.Clone(own)
	slices.SortStableFunc(parts, func(a, b string) int { return len(b) - len(a) }) // a short one may stand inside a long one
	for _, part := range parts {
		if namesMore(part) {
			text = strings.ReplaceAll(text, unveiled(part), "\n")
		}
	}
	office, err := r.PersonalData(unveiled(strings.Join(own, "\n")))
	if err != nil {
		return fmt.Errorf("check public notice: %w: %w", ErrNoReader, err)
	}
	found, err := r.PersonalData(text)
	if err != nil {
		return fmt.Errorf("check public notice: %w: %w", ErrNoReader, err)
	}
	found = slices.Concat(found,
		slices.DeleteFunc(whole, func(class string) bool { return !among(class, never) }),
		slices.DeleteFunc(slices.Clone(office), func(class string) bool { return among(class, officeContact) }))
	if len(found) == 0 {
		return nil
	}
	slices.Sort(found)
	return &ExposesError{slices.Compact(found)}
}
