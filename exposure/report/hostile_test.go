package report_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure/report"
)

func TestNoCellIsAnOrderToASpreadsheetOrATerminal(t *testing.T) {
	_, found := fixed()
	f := &found[0]
	f.Target, f.Locator.Cell, f.Locator.Path, f.Masked, f.Fingerprint = "\r=1+1", "=1", "+1", "@x", "-1"
	f.Rule, f.Rules = "=HYPERLINK(\"http://evil.example\")", "@SUM(1)"
	found[1].Target = "a\x1b[31m\u009b31mb"
	var out bytes.Buffer
	require.NoError(t, report.CSV(&out, found))
	rows, err := csv.NewReader(&out).ReadAll()
	require.NoError(t, err)
	for _, row := range rows[1:] {
		for n, cell := range row {
			assert.NotContains(t, "=+-@\t\r", first(cell), "column %d", n)
			assert.False(t, strings.ContainsAny(cell, "\x1b\u009b\r\n"), "column %d", n)
		}
	}
}

// first is a text's first letter; that of an empty one is none of those looked for.
func first(s string) string {
	if s == "" {
		return "empty"
	}
	return s[:1]
}
