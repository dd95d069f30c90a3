package api

import (
	"errors"
	"slices"
	"time"
)

// Row is what the outside is told about one cause: everything that a program
// acts on (Status, Code) and everything that a person reads (Title, Remedy).
// Codes never change; texts may.
type Row struct {
	// Cause is compared with errors.Is.
	Cause error
	// Match stands in for Cause when the cause is a type and not a value.
	Match func(error) bool
	// Status is the HTTP status; 0 for a cause that only a command line meets.
	Status int
	// Code is the stable name, on every channel: HTTP, command line, log, counter.
	Code string
	// Title says what happened, Remedy what to do next.
	Title, Remedy Text
	// Field names the field of a request or of a card that err is about; nil
	// when the cause is never about one.
	Field func(err error) string
	// Detail names the step that err is about, in fixed words; nil where there are
	// no steps. Seconds is by how much a time is off; nil where it is no clock's
	// matter.
	Detail  func(err error) string
	Seconds func(err error) int64
	// RetryAfter is how long to wait before another try; nil where waiting is
	// no remedy, or where the header is set already.
	RetryAfter func(err error) time.Duration
}

func (r Row) matches(err error) bool {
	return r.Cause != nil && errors.Is(err, r.Cause) || r.Match != nil && r.Match(err)
}

// Table holds the rows of a program, the more particular causes first.
type Table []Row

// Find is the first row that fits err, or the one of internal_error.
func (t Table) Find(err error) Row {
	for _, row := range t {
		if row.matches(err) {
			return row
		}
	}
	return internalError()
}

// Codes are the codes that go out over HTTP, in the order of the table, each
// once, and internal_error.
func (t Table) Codes() []string {
	var codes []string
	for _, row := range append(t[:len(t):len(t)], internalError()) {
		if row.Status != 0 && !slices.Contains(codes, row.Code) {
			codes = append(codes, row.Code)
		}
	}
	return codes
}
