package proofing

import (
	"bytes"
	stdjson "encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnAttemptShowsNobody(t *testing.T) {
	a := attempt{number: "1101700230708", approver: "u-0042"}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("attempt", "value", a, "pointer", &a)
	fmt.Fprintf(&log, "%v %+v %#v %s %d %v %+v %#v %+v", a, a, a, a, a, &a, &a, &a, struct{ A *attempt }{&a})
	assert.NotContains(t, log.String(), "1101700230708")
}

func TestAResultIsMarshalledAsAPrintShowsIt(t *testing.T) {
	r := Result{ID: "5f0c1e7a", Proof: "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"}
	for _, v := range []any{r, &r, []Result{r}, map[string]*Result{"a": &r}, struct{ R Result }{r}} {
		ours, err := json.Marshal(v)
		require.NoError(t, err)
		theirs, err := stdjson.Marshal(v)
		require.NoError(t, err)
		for _, text := range []string{string(ours), string(theirs)} {
			assert.Contains(t, text, "[hidden]")
			assert.NotContains(t, text, r.Proof)
		}
	}
}
