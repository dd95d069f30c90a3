package letters

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ErrTemplateInvalid is for a template or a DOCX shell that can't be used: not
// well formed, an element that no letter needs, no place for the letter.
var ErrTemplateInvalid = errors.New("template invalid")

// node is a part of a letter: an element with its children, or a text.
type node struct {
	tag      string // empty for a text
	class    string
	text     string
	children []*node
}

// inside says which elements may stand in which, the letter itself being "". It
// is all that a template may use. Neither scripts nor pictures nor links: a
// letter is text, and a preview of it must not reach out. And no text where a
// word processor's file has no place for it, so that both forms say the same.
var inside = map[string][]string{
	"":      {"p", "h1", "h2", "ol", "ul", "table"},
	"ol":    {"li"},
	"ul":    {"li"},
	"table": {"tr"},
	"tr":    {"th", "td"},
	"p":     inline, "h1": inline, "h2": inline, "li": inline, "th": inline, "td": inline, "strong": inline, "span": inline,
}

var inline = []string{"strong", "span", "br"}

// holdsText says that a text may stand in an element: where inline elements may.
func holdsText(tag string) bool { return slices.Contains(inside[tag], "span") }

// classes are the looks a template can ask for; "plain" keeps Arabic digits, as
// an address on the web needs.
var classes = []string{"", "center", "right", "sign", "indent", "plain", "break", "grid"}

// maxDepth is how deep a template's elements may nest.
const maxDepth = 16

// parseNodes reads well-formed XHTML.
func parseNodes(text string) (*node, error) {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Entity = xml.HTMLEntity
	root := &node{}
	stack := []*node{root}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && len(stack) == 1 {
			return root, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: not well formed", ErrTemplateInvalid) // the cause may quote the letter
		}
		top := stack[len(stack)-1]
		switch t := token.(type) {
		case xml.StartElement:
			n := &node{tag: t.Name.Local}
			for _, a := range t.Attr {
				if a.Name.Local != "class" {
					return nil, fmt.Errorf("%w: attribute of <%s>", ErrTemplateInvalid, n.tag)
				}
				n.class = a.Value
			}
			if t.Name.Space != "" || !slices.Contains(inside[top.tag], n.tag) || !slices.Contains(classes, n.class) || len(stack) > maxDepth {
				return nil, fmt.Errorf("%w: element or class that a letter has no place for", ErrTemplateInvalid)
			}
			top.children = append(top.children, n)
			stack = append(stack, n)
		case xml.EndElement:
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if !holdsText(top.tag) && strings.TrimSpace(string(t)) != "" {
				return nil, fmt.Errorf("%w: text outside of a paragraph", ErrTemplateInvalid)
			}
			top.children = append(top.children, &node{text: string(t)})
		case xml.Comment:
		default:
			return nil, fmt.Errorf("%w: neither element nor text", ErrTemplateInvalid)
		}
	}
}

// block says that a node stands on lines of its own.
func (n *node) block() bool {
	return slices.Contains([]string{"p", "h1", "h2", "li", "tr", "th", "td"}, n.tag)
}

// plainText is the text as it is read, one line a block.
func (n *node) plainText() string {
	var b strings.Builder
	n.walk(func(n *node) {
		switch {
		case n.block() || n.tag == "br":
			b.WriteString("\n")
		case n.tag == "":
			b.WriteString(collapse(n.text))
		}
	})
	var out []string
	for line := range strings.Lines(b.String()) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}

func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, child := range n.children {
		child.walk(visit)
	}
}

// toThaiDigits changes the digits of all texts, but of those marked plain.
func (n *node) toThaiDigits() {
	if n.class == "plain" {
		return
	}
	n.text = thaiDigits(n.text)
	for _, child := range n.children {
		child.toThaiDigits()
	}
}

// collapse makes one space of white space, as HTML does.
func collapse(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' {
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}
