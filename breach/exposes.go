package breach

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// ErrTextExposes is for a text of an event that holds what no row may hold. See
// [TextError].
var ErrTextExposes = errors.New("text holds a citizen number or laser code")

// TextError names the classes of personal data that a text holds; never the
// data. It is an [ErrTextExposes].
type TextError struct{ Classes []string }

func (e *TextError) Error() string { return "text holds " + strings.Join(e.Classes, ", ") }

// Unwrap is [ErrTextExposes].
func (e *TextError) Unwrap() error { return ErrTextExposes }

// never are the classes that no row of ours holds (assurance A14, §4.7): what an
// officer writes about a leak must not become a second one. Names may be needed
// to tell what happened.
var never = []string{"th_citizen_id", "th_laser_code"}

// checkTexts has texts read before they are kept. Without a reader nobody looks;
// a store has one.
func (k Keeper) checkTexts(texts ...string) error {
	if k.Reader == nil {
		return nil
	}
	// Each by itself: a number must not come about by two fields meeting.
	var found []string
	for _, text := range texts {
		if strings.TrimSpace(text) == "" {
			continue
		}
		classes, err := k.Reader.PersonalData(unveiled(text))
		if err != nil {
			return fmt.Errorf("read text: %w: %w", ErrNoReader, err)
		}
		for _, c := range classes {
			if among(c, never) {
				found = append(found, c)
			}
		}
	}
	if len(found) == 0 {
		return nil
	}
	slices.Sort(found)
	return &TextError{slices.Compact(found)}
}

// textsOf are the texts of a body's JSON, without digests and times, in which a
// run of digits means nothing.
func textsOf(body []byte) ([]string, error) {
	var texts []string
	d := jsontext.NewDecoder(bytes.NewReader(body))
	for d.PeekKind() != 0 { // 0 at the end, and where it is no JSON
		t, err := d.ReadToken()
		if err != nil {
			return nil, ErrEventInvalid
		}
		if t.Kind() != '"' {
			continue
		}
		s := t.String()
		if _, err := ParseMoment(s); err == nil || isDigest(s) {
			continue
		}
		texts = append(texts, s)
	}
	return texts, nil
}
