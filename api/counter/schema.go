package counter

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"chipproof/cardreader"
	"chipproof/proofing/thaiid"
)

// Words that stand for a fixed set. Their schemas are made from the constants
// themselves, so the document can't name one that the code doesn't know.

// field is a name of [thaiid.AllFields].
type field string

// Schema lists the fields.
func (field) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, f := range thaiid.AllFields() {
		s.Enum = append(s.Enum, string(f))
	}
	return s
}

// presence is a word of [cardreader.Presence].
type presence string

// Schema lists the words.
func (presence) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, p := range []cardreader.Presence{cardreader.Absent, cardreader.Present, cardreader.Mute} {
		s.Enum = append(s.Enum, p.String())
	}
	return s
}

// fieldNames lists the fields for a person.
func fieldNames() string {
	names := make([]string, 0, len(thaiid.AllFields()))
	for _, f := range thaiid.AllFields() {
		names = append(names, string(f))
	}
	return strings.Join(names, " ")
}
