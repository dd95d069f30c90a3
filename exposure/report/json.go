package report

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"chipproof/exposure"
)

// ErrInvalid: a file is no report, or no SARIF.
var ErrInvalid = errors.New("report invalid")

// JSON writes a report in the shape of assurance §4.8. Error: [ErrUnsafe].
func JSON(w io.Writer, r exposure.Report) error {
	var out bytes.Buffer
	if err := json.MarshalWrite(&out, r, jsontext.WithIndent("  "), json.Deterministic(true)); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	out.WriteByte('\n')
	return give(w, "JSON", out.Bytes())
}

// ParseJSON reads a report, for a baseline. Error: [ErrInvalid].
func ParseJSON(file []byte) (exposure.Report, error) {
	var r exposure.Report
	if err := json.Unmarshal(file, &r, json.RejectUnknownMembers(true)); err != nil || r.Rules == "" {
		return exposure.Report{}, fmt.Errorf("parse report: %w", ErrInvalid)
	}
	return r, nil
}
