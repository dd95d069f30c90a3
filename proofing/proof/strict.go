package proof

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// unknownMembers says what becomes of a member that a type doesn't have.
type unknownMembers bool

const (
	refuseUnknown unknownMembers = true
	ignoreUnknown unknownMembers = false
)

// decode reads one JSON object. The decoder is case-sensitive and refuses
// repeated names, invalid UTF-8, trailing data, and fractions for integers; what
// it would let pass is null, which leaves a field untouched. Its own errors can
// hold what stands in the object, so they are put into words that don't.
func decode[T any](object []byte, unknown unknownMembers) (T, error) {
	var v, none T
	if jsontext.Value(object).Kind() != '{' {
		return none, errNoObject
	}
	if err := json.Unmarshal(object, &v, json.RejectUnknownMembers(bool(unknown))); err != nil {
		return none, inWords(err)
	}
	if err := refuseNull(object); err != nil {
		return none, err
	}
	return v, nil
}

var errNoObject = errors.New("not one JSON object in UTF-8")

// refuseNull looks for null anywhere in a valid object, as a value and not as
// text.
func refuseNull(object []byte) error {
	if !bytes.Contains(object, []byte("null")) {
		return nil
	}
	tokens := jsontext.NewDecoder(bytes.NewReader(object))
	for {
		token, err := tokens.ReadToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errNoObject
		}
		if token.Kind() == 'n' {
			return errors.New("null stands in it")
		}
	}
}

// inWords says what the decoder found wrong, and where if that is a name of ours:
// anything else in the object may be personal.
func inWords(err error) error {
	if errors.Is(err, jsontext.ErrDuplicateName) {
		return errors.New("a member stands in it twice")
	}
	semantic, ok := errors.AsType[*json.SemanticError](err)
	if !ok {
		return errNoObject
	}
	if errors.Is(err, json.ErrUnknownName) {
		return errors.New("it has a member that is not known")
	}
	for name := range semantic.JSONPointer.Tokens() {
		return fmt.Errorf("its member %s is of another type", name)
	}
	return errNoObject
}
