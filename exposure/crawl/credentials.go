package crawl

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// ErrCredentialsInvalid: what should be the headers that the owner supplies for
// an API is none. The error has the line's number, never its text.
var ErrCredentialsInvalid = errors.New("credentials invalid")

const maxCredentials = 16 << 10

// ParseCredentials reads headers for [APIOptions], one "Name: value" a line; '#'
// begins a comment. Error: [ErrCredentialsInvalid].
func ParseCredentials(file []byte) (http.Header, error) {
	if len(file) > maxCredentials {
		return nil, fmt.Errorf("parse credentials: %w: too long", ErrCredentialsInvalid)
	}
	header := http.Header{}
	lines := bufio.NewScanner(bytes.NewReader(file))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		if !ok || value == "" || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value) {
			return nil, fmt.Errorf("parse credentials: %w: line %d", ErrCredentialsInvalid, n)
		}
		header.Add(name, value)
	}
	if lines.Err() != nil || len(header) == 0 {
		return nil, fmt.Errorf("parse credentials: %w: no header", ErrCredentialsInvalid)
	}
	return header, nil
}
