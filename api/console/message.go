package console

import (
	"errors"
	"fmt"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/message/catalog"

	"chipproof/api"
)

// Message is one text of the pages in both languages. Arguments are written as
// %s, which scripts fill in the same way.
type Message struct{ Key, TH, EN string }

// texts is the catalogue of everything that the pages say.
type texts struct {
	list     []Message
	printers map[api.Lang]*message.Printer
	keys     map[string]bool
}

// errMessages is for a catalogue with holes.
var errMessages = errors.New("messages are not complete")

// newTexts refuses what would show up as a hole on a page: a key twice, or a text
// that one of the languages lacks.
func newTexts(lists ...[]Message) (*texts, error) {
	t := &texts{printers: map[api.Lang]*message.Printer{}, keys: map[string]bool{}}
	book := catalog.NewBuilder(catalog.Fallback(language.Thai))
	for _, list := range lists {
		for _, m := range list {
			if t.keys[m.Key] || m.Key == "" || m.TH == "" || m.EN == "" || strings.Count(m.TH, "%s") != strings.Count(m.EN, "%s") {
				return nil, fmt.Errorf("make catalogue: %w: %q", errMessages, m.Key)
			}
			t.keys[m.Key] = true
			err := errors.Join(book.SetString(language.Thai, m.Key, m.TH), book.SetString(language.English, m.Key, m.EN))
			if err != nil {
				return nil, fmt.Errorf("make catalogue: %w", err)
			}
			t.list = append(t.list, m)
		}
	}
	t.printers[api.Thai] = message.NewPrinter(language.Thai, message.Catalog(book))
	t.printers[api.English] = message.NewPrinter(language.English, message.Catalog(book))
	return t, nil
}

// say is the text of a key. An unknown key is an error, so that no page is ever
// rendered with it.
func (t *texts) say(lang api.Lang, key string, args ...string) (string, error) {
	if !t.keys[key] {
		return "", fmt.Errorf("say %q: %w", key, errMessages)
	}
	values := make([]any, len(args))
	for i, a := range args {
		values[i] = a
	}
	return t.printers[lang].Sprintf(message.Key(key, ""), values...), nil
}

// module is the catalogue of one language as an ES module, for scripts.
func (t *texts) module(lang api.Lang) []byte {
	var b strings.Builder
	b.WriteString("export default {\n")
	for _, m := range t.list {
		fmt.Fprintf(&b, "%s: %s,\n", quoted(m.Key), quoted(api.Text{TH: m.TH, EN: m.EN}.In(lang)))
	}
	b.WriteString("};\n")
	return []byte(b.String())
}

// quoted is a string as JavaScript has it.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\u2028", `\u2028`, "\u2029", `\u2029`).Replace(s) + `"`
}
