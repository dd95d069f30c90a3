package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"

	"chipproof/exposure"
)

var csvHeader = []string{
	"change", "severity", "class", "target", "line", "offset", "cell", "path", "masked", "fingerprint", "score", "reachability", "record", "rule", "seen", "rules",
}

// CSV writes one row a finding, in UTF-8 with the mark that spreadsheets of
// Windows need to see that. Without a baseline the first column is empty.
// Values that a spreadsheet would take for a formula begin with an apostrophe.
// Error: [ErrUnsafe].
func CSV(w io.Writer, findings []exposure.Compared) error {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	rows := csv.NewWriter(&out)
	rows.UseCRLF = true
	records := [][]string{csvHeader}
	for _, f := range findings {
		offset := ""
		if f.Locator.Offset != nil {
			offset = strconv.FormatInt(*f.Locator.Offset, 10)
		}
		line := ""
		if f.Locator.Line > 0 {
			line = strconv.FormatInt(f.Locator.Line, 10)
		}
		records = append(records, []string{
			string(f.Change), string(f.Severity), string(f.Class), inert(f.Target), line, offset, inert(f.Locator.Cell), inert(f.Locator.Path),
			inert(f.Masked), inert(f.Fingerprint), strconv.Itoa(f.Score), string(f.Reachability), strconv.Itoa(f.Record), inert(f.Rule), f.Seen.Format(time.RFC3339), inert(f.Rules),
		})
	}
	if err := rows.WriteAll(records); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return give(w, "CSV", out.Bytes())
}

// Uncompared gives findings that no baseline was held against.
func Uncompared(findings []exposure.Finding) []exposure.Compared {
	out := make([]exposure.Compared, 0, len(findings))
	for _, f := range findings {
		out = append(out, exposure.Compared{Finding: f})
	}
	return out
}

// inert is a text that neither a spreadsheet nor a terminal takes for an order: it
// may be a stranger's file name.
func inert(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}
