package audit

import (
	"fmt"
	"strconv"
	"strings"
)

// FormatNumbers writes ascending numbers of entries as ranges: "3,7-9". It stops
// before the text would be longer than longest bytes, and says how many it took.
func FormatNumbers(numbers []int64, longest int) (text string, taken int) {
	var b []byte
	for taken < len(numbers) {
		end := taken + 1
		for end < len(numbers) && numbers[end] == numbers[end-1]+1 {
			end++
		}
		next := appendRange(b, numbers[taken], numbers[end-1])
		if len(next) > longest {
			break
		}
		b, taken = next, end
	}
	return string(b), taken
}

func appendRange(b []byte, from, to int64) []byte {
	if len(b) > 0 {
		b = append(b, ',')
	}
	b = strconv.AppendInt(b, from, 10)
	if to > from {
		b = strconv.AppendInt(append(b, '-'), to, 10)
	}
	return b
}

// span is a range of entries, both ends included.
type span struct{ from, to int64 }

// parseNumbers reads what [FormatNumbers] wrote, and nothing else.
func parseNumbers(text string) ([]span, error) {
	var (
		spans []span
		again []byte
	)
	for part := range strings.SplitSeq(text, ",") {
		low, high, isRange := strings.Cut(part, "-")
		from, err := strconv.ParseInt(low, 10, 64)
		to := from
		if isRange && err == nil {
			to, err = strconv.ParseInt(high, 10, 64)
		}
		apart := len(spans) == 0 || from > spans[len(spans)-1].to+1
		if err != nil || from < 0 || to < from || !apart {
			return nil, fmt.Errorf("parse numbers: %w", ErrInvalid)
		}
		spans = append(spans, span{from, to})
		again = appendRange(again, from, to)
	}
	if string(again) != text {
		return nil, fmt.Errorf("parse numbers: %w", ErrInvalid)
	}
	return spans, nil
}

func (s span) String() string { return string(appendRange(nil, s.from, s.to)) }
