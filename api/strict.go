package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxDepth is how deep a JSON body may nest. Ours need two.
const maxDepth = 16

// readStrict reads exactly one JSON value. Refused: repeated members, members in
// another case or unknown, bytes after the value, wrong types, invalid UTF-8,
// and nesting beyond maxDepth (agent-security §5, S5). Errors may quote the
// body: they are for a caller to turn into a refusal, never for a log.
func readStrict(body []byte, v any) error {
	if err := checkDepth(body); err != nil {
		return err
	}
	return json.Unmarshal(body, v,
		json.RejectUnknownMembers(true),
		json.MatchCaseInsensitiveNames(false),
		jsontext.AllowDuplicateNames(false),
		jsontext.AllowInvalidUTF8(false))
}

// checkDepth walks the tokens once and keeps none, so that depth costs the
// sender and not us.
func checkDepth(body []byte) error {
	d := jsontext.NewDecoder(bytes.NewReader(body))
	for {
		if _, err := d.ReadToken(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read json: %w", err)
		}
		if d.StackDepth() > maxDepth {
			return fmt.Errorf("read json: nested deeper than %d", maxDepth)
		}
	}
}
