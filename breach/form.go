package breach

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is how long one text of an event may be, in characters: ten pages.
const maxText = 20_000

// form collects what is wrong with the fields of an event, so that a person
// hears all of it at once.
type form struct {
	kind   Kind
	now    Moment
	bad    []string
	future []string
}

func (f *form) require(field string, ok bool) {
	if !ok && !slices.Contains(f.bad, field) {
		f.bad = append(f.bad, field)
	}
}

// text demands a text that says something.
func (f *form) text(field, s string) { f.require(field, strings.TrimSpace(s) != "" && plain(s)) }

// optional takes an empty text too.
func (f *form) optional(field, s string) { f.require(field, plain(s)) }

// past demands a moment that isn't later than now.
func (f *form) past(field string, m Moment) {
	f.require(field, m.sensible())
	if m.After(f.now) {
		f.future = append(f.future, field)
	}
}

// pastOptional takes a moment that isn't set too.
func (f *form) pastOptional(field string, m Moment) {
	if !m.IsZero() {
		f.past(field, m)
	}
}

// digest demands a SHA-256 in lower-case hex.
func (f *form) digest(field, s string) { f.require(field, isDigest(s)) }

func (f *form) digestOptional(field, s string) { f.require(field, s == "" || isDigest(s)) }

func (f *form) err() error {
	var errs []error
	if len(f.bad) > 0 {
		errs = append(errs, &FieldsError{Kind: f.kind, Fields: f.bad})
	}
	if len(f.future) > 0 {
		errs = append(errs, fmt.Errorf("%s: %s: %w", f.kind, strings.Join(f.future, ", "), ErrInFuture))
	}
	return errors.Join(errs...)
}

var digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func isDigest(s string) bool { return digestForm.MatchString(s) }

// plain says that a text can be shown and printed: no control characters but
// line breaks and tabs, no overlong text.
func plain(s string) bool {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxText {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' })
}

// among says that a word is of a closed list.
func among[T comparable](word T, list []T) bool { return slices.Contains(list, word) }

// distinct says that every word is of a closed list, that none stands twice, and
// that there is at least one.
func distinct[T comparable](words, list []T) bool {
	for i, w := range words {
		if !among(w, list) || slices.Contains(words[:i], w) {
			return false
		}
	}
	return len(words) > 0
}
