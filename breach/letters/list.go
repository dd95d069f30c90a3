package letters

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// ErrListInvalid is for a list of those affected that can't be read; the error
// names a row or a column and nothing that stands in it.
var ErrListInvalid = errors.New("list of recipients invalid")

// RowError is an [ErrListInvalid] that one row is to blame for.
type RowError struct {
	// Row counts from 1, without the heading.
	Row int
}

// Error names the row.
func (e *RowError) Error() string { return fmt.Sprintf("%s: row %d", ErrListInvalid, e.Row) }

// Unwrap is [ErrListInvalid].
func (e *RowError) Unwrap() error { return ErrListInvalid }

// List is the agency's list of those affected, in memory for the time of a
// merge. It hides itself. Rows are numbered from 1, without the heading.
type List struct{ people hidden[[]Person] }

const (
	maxListBytes = 256 << 20
	maxField     = 2000 // characters
)

// headings are the columns by what agencies call them, in lower case.
var headings = map[string]string{
	"name": "name", "ชื่อ": "name", "ชื่อ-สกุล": "name", "ชื่อ-นามสกุล": "name", "ชื่อสกุล": "name", "ชื่อ สกุล": "name",
	"address": "address", "ที่อยู่": "address",
	"email": "email", "e-mail": "email", "อีเมล": "email", "อีเมล์": "email",
}

// ReadList reads CSV in UTF-8 or Windows-874, with a heading that names the
// columns: name (ชื่อ-สกุล), address (ที่อยู่), email (อีเมล); other columns are
// passed over. Error: [ErrListInvalid]; a [RowError] where a row is to blame.
func ReadList(text []byte) (*List, error) {
	if len(text) > maxListBytes {
		return nil, fmt.Errorf("read list: %w: larger than %d bytes", ErrListInvalid, maxListBytes)
	}
	text, err := decode(text)
	if err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	r := csv.NewReader(bytes.NewReader(text))
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("read list: %w: no heading", ErrListInvalid)
	}
	columns, err := columnsOf(head)
	if err != nil {
		return nil, fmt.Errorf("read list: %w", err)
	}
	var people []Person
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		// The cause of the csv package tells lines, and a record may have several.
		if err != nil {
			return nil, fmt.Errorf("read list: %w", &RowError{len(people) + 1})
		}
		p, ok := person(row, columns)
		if !ok {
			return nil, fmt.Errorf("read list: %w", &RowError{len(people) + 1})
		}
		people = append(people, p)
	}
	if len(people) == 0 {
		return nil, fmt.Errorf("read list: %w: no row", ErrListInvalid)
	}
	return &List{hide(people)}, nil
}

// decode gives UTF-8. What is neither that nor Windows-874 is refused: a letter
// with a mangled name is worse than none.
func decode(text []byte) ([]byte, error) {
	if bom := []byte("\ufeff"); bytes.HasPrefix(text, bom) {
		text = text[len(bom):]
	}
	if !utf8.Valid(text) {
		thai, err := charmap.Windows874.NewDecoder().Bytes(text)
		if err != nil {
			return nil, fmt.Errorf("%w: neither UTF-8 nor Windows-874", ErrListInvalid)
		}
		text = thai
	}
	if bytes.ContainsRune(text, 0) || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, fmt.Errorf("%w: neither UTF-8 nor Windows-874", ErrListInvalid)
	}
	return text, nil
}

// columnsOf says which column is what; each at most once, a name at least.
func columnsOf(head []string) (map[string]int, error) {
	columns := map[string]int{}
	for i, h := range head {
		what, known := headings[strings.ToLower(strings.TrimSpace(h))]
		if !known {
			continue
		}
		if _, twice := columns[what]; twice {
			return nil, fmt.Errorf("%w: column %s stands twice", ErrListInvalid, what)
		}
		columns[what] = i
	}
	if _, named := columns["name"]; !named {
		return nil, fmt.Errorf("%w: no column for the name", ErrListInvalid)
	}
	return columns, nil
}

func person(row []string, columns map[string]int) (Person, bool) {
	ok := true
	field := func(what string) string {
		i, has := columns[what]
		if !has || i >= len(row) {
			return ""
		}
		s := strings.TrimSpace(row[i])
		control := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
		ok = ok && utf8.RuneCountInString(s) <= maxField && !strings.ContainsFunc(s, control)
		return s
	}
	return Person{Name: field("name"), Address: field("address"), Email: field("email")}, ok
}

// Rows is how many rows the list has.
func (l *List) Rows() int { return len(l.people.reveal()) }

// Recipient is the row's person; the zero Recipient for a row that isn't there.
func (l *List) Recipient(row int) Recipient {
	people := l.people.reveal()
	if row < 1 || row > len(people) {
		return Recipient{}
	}
	return NewRecipient(people[row-1])
}

// String hides the list.
func (l *List) String() string { return mask }
