package reading

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"chipproof/exposure"
)

// errUnread is for a text that the scanner couldn't look through to its end.
var errUnread = errors.New("text not read to its end")

// longest is how long one text may take. A text of ten pages takes milliseconds.
const longest = 30 * time.Second

// Scanner is a scanner as a reader of texts. It is safe for concurrent use.
type Scanner struct{ scanner *exposure.Scanner }

// New makes a reader of a scanner, which stays its owner's to close. The
// scanner's list of work contacts counts: what the agency publishes on purpose
// is not taken for somebody's data.
func New(s *exposure.Scanner) *Scanner { return &Scanner{s} }

// PersonalData says which classes of personal data a text holds, sorted. An error
// means that nobody has looked to the end, so that the text is not to be released.
func (s *Scanner) PersonalData(text string) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), longest)
	defer cancel()
	// The line break keeps a text that begins as a picture or an archive does
	// from being taken for one.
	out, err := s.scanner.Scan(ctx, exposure.Item{
		Target: "text.txt", MediaType: "text/plain; charset=utf-8",
		Source: exposure.BodySource("\n" + text), Reachability: exposure.Anonymous,
	})
	if err != nil {
		return nil, fmt.Errorf("read text: %w", err)
	}
	if len(out.NotRead) > 0 {
		return nil, fmt.Errorf("read text: %w: %s", errUnread, out.NotRead[0].Reason)
	}
	var classes []string
	for _, c := range slices.Sorted(maps.Keys(out.Counts)) {
		if out.Counts[c] > 0 {
			classes = append(classes, string(c))
		}
	}
	return classes, nil
}
