package program

import (
	"errors"

	"github.com/alecthomas/kong"
)

// UsageError is a command line or a setting that can't be meant.
type UsageError struct {
	Err  error
	Help string // the command that explains it
}

func (e *UsageError) Error() string { return e.Err.Error() }
func (e *UsageError) Unwrap() error { return e.Err }

// withoutWrapping takes kong's own type off an error, for its words are the cause's.
func withoutWrapping(err error) error {
	if parse, ok := errors.AsType[*kong.ParseError](err); ok {
		return parse.Unwrap()
	}
	return err
}

// helpFor is the command that explains what was wrong.
func helpFor(k Kind, err error) string {
	parse, ok := errors.AsType[*kong.ParseError](err)
	if !ok || parse.Context == nil || parse.Context.Selected() == nil {
		return k.Name + " --help"
	}
	return parse.Context.Selected().FullPath() + " --help"
}
