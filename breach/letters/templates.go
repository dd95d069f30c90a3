package letters

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"maps"
	"strings"

	"chipproof/breach"
)

//go:embed templates/*.html
var shipped embed.FS

// Templates are the wordings of the documents. The zero Templates has none: take
// [Shipped] and replace what the agency words differently.
type Templates struct{ byKind map[Kind]*template.Template }

// maxTemplate is how large a template may be, in bytes.
const maxTemplate = 1 << 18

// Shipped are our wordings.
func Shipped() (Templates, error) {
	t := Templates{}
	for _, kind := range Kinds() {
		text, err := shipped.ReadFile("templates/" + string(kind) + ".html")
		if err != nil {
			return Templates{}, fmt.Errorf("read template: %w", err)
		}
		if t, err = t.With(kind, text); err != nil {
			return Templates{}, err
		}
	}
	return t, nil
}

// ShippedText is our wording of a document, for an agency to change.
func ShippedText(kind Kind) ([]byte, error) {
	text, err := shipped.ReadFile("templates/" + string(kind) + ".html")
	if err != nil {
		return nil, fmt.Errorf("read template: %w: unknown document", ErrTemplateInvalid)
	}
	return text, nil
}

// With is the same templates with another wording of one document: a
// html/template whose outcome is well-formed XHTML of few elements. Error:
// [ErrTemplateInvalid]; what can only be seen in a filled letter comes when one
// is made.
func (t Templates) With(kind Kind, text []byte) (Templates, error) {
	if _, err := ShippedText(kind); err != nil {
		return Templates{}, err
	}
	if len(text) > maxTemplate {
		return Templates{}, fmt.Errorf("read template %s: %w: larger than %d bytes", kind, ErrTemplateInvalid, maxTemplate)
	}
	parsed, err := template.New(string(kind)).Funcs(template.FuncMap{"lines": lines}).Option("missingkey=error").Parse(string(text))
	if err != nil {
		return Templates{}, fmt.Errorf("read template %s: %w: %w", kind, ErrTemplateInvalid, err)
	}
	next := Templates{maps.Clone(t.byKind)}
	if next.byKind == nil {
		next.byKind = map[Kind]*template.Template{}
	}
	next.byKind[kind] = parsed
	return next, nil
}

// fill executes a template and demands that every required content is seen in
// the outcome, so that no wording can leave it out.
func (t Templates) fill(kind Kind, v view, must []required) (*node, error) {
	parsed := t.byKind[kind]
	if parsed == nil {
		return nil, fmt.Errorf("%w: no template", ErrTemplateInvalid)
	}
	var out bytes.Buffer
	if parsed.Execute(&out, v) != nil {
		return nil, fmt.Errorf("%w: can't be filled", ErrTemplateInvalid) // the cause may quote the letter
	}
	n, err := parseNodes(out.String())
	if err != nil {
		return nil, err
	}
	seen := squeeze(n.plainText())
	var left []string
	for _, r := range must {
		if !strings.Contains(seen, squeeze(r.text)) {
			left = append(left, r.name)
		}
	}
	if len(left) > 0 {
		return nil, fmt.Errorf("%w: leaves out: %w", ErrTemplateInvalid, &breach.MissingError{What: left})
	}
	return n, nil
}
