package issuer

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// Bounds of an answer. A true one is below 1 KiB, 5 deep and has 30 tokens.
const (
	maxAnswer = 64 << 10 // bytes
	maxDepth  = 12
	maxTokens = 1000
)

// result is an answer as it was written.
type result struct {
	fault   bool   // a SOAP fault; then desc is its text, and nothing else is set
	isError string // true or false
	code    string // a whole number
	desc    string // not cleaned
}

var isCode = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,8})$`)

// parse reads the answer to an operation. It knows the elements by namespace and
// name, whatever their prefixes, and takes nothing that a true answer doesn't
// need: no DTD and so no entities of its own, no other encoding than UTF-8,
// nothing twice. Errors are [ErrAnswer] and never quote the answer, which may
// repeat what was asked.
func parse(answer []byte, operation string) (result, error) {
	r, err := parseEnvelope(&tokens{dec: xml.NewDecoder(bytes.NewReader(answer))}, operation)
	if err != nil {
		return result{}, fmt.Errorf("read answer: %w: %w", ErrAnswer, err)
	}
	return r, nil
}

// What is wrong with an answer.
var (
	errNotXML    = errors.New("not XML, or cut off")
	errDTD       = errors.New("a document type or processing instruction")
	errBounds    = errors.New("deeper or longer than any true answer")
	errEnvelope  = errors.New("no SOAP envelope")
	errOperation = errors.New("not the answer to this operation")
	errRepeated  = errors.New("an element twice")
	errMember    = errors.New("IsError or Code is missing or of another form")
)

func parseEnvelope(t *tokens, operation string) (result, error) {
	root, err := t.child()
	if err != nil {
		return result{}, err
	}
	space := root.Name.Space
	if root.Name.Local != "Envelope" || space != envelope11 && space != envelope12 {
		return result{}, errEnvelope
	}
	part, err := t.child()
	if err == nil && part.Name == (xml.Name{Space: space, Local: "Header"}) {
		if err = t.skip(); err == nil {
			part, err = t.child()
		}
	}
	if err != nil {
		return result{}, err
	}
	if part.Name != (xml.Name{Space: space, Local: "Body"}) {
		return result{}, errEnvelope
	}
	r, err := parseBody(t, space, operation)
	if err != nil {
		return result{}, err
	}
	// Nothing may follow: not in the body, not in the envelope, not behind it.
	for range 2 {
		if err := t.end(); err != nil {
			return result{}, err
		}
	}
	return r, t.nothing()
}

func parseBody(t *tokens, envelope, operation string) (result, error) {
	answer, err := t.child()
	if err != nil {
		return result{}, err
	}
	switch answer.Name {
	case xml.Name{Space: envelope, Local: "Fault"}:
		return parseFault(t, envelope)
	case xml.Name{Space: namespace, Local: operation + "Response"}:
	default:
		return result{}, errOperation
	}
	inner, err := t.child()
	if err != nil {
		return result{}, err
	}
	if inner.Name != (xml.Name{Space: namespace, Local: operation + "Result"}) {
		return result{}, errOperation
	}
	members, err := t.members(namespace, "IsError", "ErrorMessage", "Code", "Desc")
	if err != nil {
		return result{}, err
	}
	r := result{isError: members["IsError"], code: members["Code"], desc: members["Desc"]}
	if r.desc == "" {
		r.desc = members["ErrorMessage"]
	}
	if r.isError != "true" && r.isError != "false" || !isCode.MatchString(r.code) {
		return result{}, errMember
	}
	return r, t.end()
}

// parseFault takes the words of a fault: faultstring in SOAP 1.1, Reason/Text in
// 1.2. What else is in it is for the programmers of the service.
func parseFault(t *tokens, envelope string) (result, error) {
	r := result{fault: true}
	for {
		start, err := t.next()
		if err != nil || start == nil {
			return r, err
		}
		switch {
		case envelope == envelope11 && start.Name == xml.Name{Local: "faultstring"}:
			r.desc, err = t.text()
		case envelope == envelope12 && start.Name == xml.Name{Space: envelope, Local: "Reason"}:
			var words map[string]string
			words, err = t.members(envelope, "Text")
			r.desc = words["Text"]
		default:
			err = t.skip()
		}
		if err != nil {
			return result{}, err
		}
	}
}

// trim takes off what XML calls white space, and nothing else.
func trim(s string) string { return strings.Trim(s, " \t\r\n") }

// tokens walks through a document, within the bounds.
type tokens struct {
	dec         *xml.Decoder
	read, depth int
}

// token is the next one that matters: a start, an end or text.
func (t *tokens) token() (xml.Token, error) {
	for {
		token, err := t.dec.Token()
		if errors.Is(err, io.EOF) {
			return nil, io.EOF // nothing is open
		}
		if err != nil {
			return nil, errNotXML // its own words quote the document
		}
		if t.read++; t.read > maxTokens {
			return nil, errBounds
		}
		switch token := token.(type) {
		case xml.StartElement:
			if t.depth++; t.depth > maxDepth {
				return nil, errBounds
			}
			return token, nil
		case xml.EndElement:
			t.depth--
			return token, nil
		case xml.CharData:
			return token, nil
		case xml.Directive:
			return nil, errDTD
		case xml.ProcInst:
			if token.Target != "xml" || t.read != 1 {
				return nil, errDTD
			}
		}
	}
}

// inside is a token of an element that is open, where no document ends.
func (t *tokens) inside() (xml.Token, error) {
	token, err := t.token()
	if errors.Is(err, io.EOF) {
		return nil, errNotXML
	}
	return token, err
}

// next is the start of the next element in the one that is open, or nil at its
// end. Between elements there is white space only.
func (t *tokens) next() (*xml.StartElement, error) {
	for {
		token, err := t.inside()
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			return &token, nil
		case xml.EndElement:
			return nil, nil
		case xml.CharData:
			if trim(string(token)) != "" {
				return nil, errNotXML
			}
		}
	}
}

// child is an element that must be there.
func (t *tokens) child() (xml.StartElement, error) {
	start, err := t.next()
	if err != nil {
		return xml.StartElement{}, err
	}
	if start == nil {
		return xml.StartElement{}, errEnvelope
	}
	return *start, nil
}

// end is the end of the element that is open.
func (t *tokens) end() error {
	start, err := t.next()
	if err == nil && start != nil {
		return errOperation
	}
	return err
}

// nothing is the end of the document.
func (t *tokens) nothing() error {
	for {
		token, err := t.token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if text, ok := token.(xml.CharData); !ok || trim(string(text)) != "" {
			return errNotXML
		}
	}
}

// text is what the open element holds, without the white space round it; no
// element may be in it.
func (t *tokens) text() (string, error) {
	var text strings.Builder
	for {
		token, err := t.inside()
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.CharData:
			text.Write(token)
		case xml.EndElement:
			return trim(text.String()), nil
		case xml.StartElement:
			return "", errMember
		}
	}
}

// members are the texts of the named elements in the one that is open, each
// there once at most. Others are passed over: a service may learn to say more.
func (t *tokens) members(space string, names ...string) (map[string]string, error) {
	found := map[string]string{}
	for {
		start, err := t.next()
		if err != nil || start == nil {
			return found, err
		}
		known := false
		for _, name := range names {
			if start.Name != (xml.Name{Space: space, Local: name}) {
				continue
			}
			if _, twice := found[name]; twice {
				return nil, errRepeated
			}
			if found[name], err = t.text(); err != nil {
				return nil, err
			}
			known = true
		}
		if !known {
			if err := t.skip(); err != nil {
				return nil, err
			}
		}
	}
}

// skip passes over the open element, still within the bounds.
func (t *tokens) skip() error {
	for level := 1; level > 0; {
		token, err := t.inside()
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			level++
		case xml.EndElement:
			level--
		}
	}
	return nil
}
