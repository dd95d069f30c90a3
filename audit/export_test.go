package audit_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
)

func exported(t testing.TB, l *ledger) string {
	t.Helper()
	var b bytes.Buffer
	n, err := audit.WriteExport(t.Context(), &b, l)
	require.NoError(t, err)
	require.EqualValues(t, len(l.records), n)
	return b.String()
}

func imported(t testing.TB, text string) audit.Log {
	t.Helper()
	log, err := audit.ReadExport(strings.NewReader(text))
	require.NoError(t, err)
	return log
}

func TestAnExportVerifiesLikeTheLog(t *testing.T) {
	l := filled(t, 40)
	l.erase(t, 3, 4)
	elsewhere := l.checkpoint(t)
	text := exported(t, l)
	want := l.verify(t, elsewhere)
	assert.Equal(t, want, verify(t, imported(t, text), l.key, elsewhere))

	lines := strings.Split(strings.TrimSpace(text), "\n")
	require.Len(t, lines, 1+2+41)
	var entry struct {
		Number     int64             `json:"number"`
		Kind       string            `json:"kind"`
		At         string            `json:"at"`
		Attributes map[string]string `json:"attributes"`
	}
	require.NoError(t, json.Unmarshal([]byte(lines[3+7]), &entry), "a line is plain JSON for other systems")
	assert.EqualValues(t, 7, entry.Number)
	assert.Equal(t, "read", entry.Kind)
	assert.Equal(t, "2026-11-25T12:07:00Z", entry.At)
	assert.Equal(t, "form_fill", entry.Attributes["purpose"])
}

func TestTamperingWithAnExportIsFound(t *testing.T) {
	l := filled(t, 20)
	text := exported(t, l)
	lines := strings.SplitAfter(text, "\n")
	without := func(n int) string { return strings.Join(lines[:n], "") + strings.Join(lines[n+1:], "") }
	for name, c := range map[string]struct {
		text string
		code audit.ProblemCode
	}{
		"edited":               {strings.Replace(text, `"actor":"clerk"`, `"actor":"crook"`, 1), audit.ProblemEntryChanged},
		"line removed":         {without(2 + 5), audit.ProblemEntryMissing},
		"last lines removed":   {strings.Join(lines[:2+15], ""), audit.ProblemTruncated},
		"checkpoint removed":   {without(1), audit.ProblemUnsigned},
		"cut in a line":        {text[:len(text)-20], audit.ProblemUnreadable},
		"unknown member":       {strings.Replace(text, `"actor":"clerk"`, `"Actor":"crook"`, 1), audit.ProblemUnreadable},
		"repeated member":      {strings.Replace(text, `"actor":"clerk"`, `"actor":"clerk","actor":"crook"`, 1), audit.ProblemUnreadable},
		"checkpoint too late":  {strings.Join(lines[:1], "") + strings.Join(lines[2:], "") + lines[1], audit.ProblemUnreadable},
		"erased without entry": {strings.Join(lines[:7], "") + `{"erased":5}` + "\n" + strings.Join(lines[8:], ""), audit.ProblemErasedUnlogged},
		"marked as gone":       {strings.Join(lines[:7], "") + `{"gone":5}` + "\n" + strings.Join(lines[8:], ""), audit.ProblemEntryMissing},
	} {
		r := verify(t, imported(t, c.text), l.key)
		assert.False(t, r.OK, name)
		assert.Contains(t, codes(r), c.code, "%s: %v", name, r.Problems)
	}
	for name, bad := range map[string]string{"nothing": "", "no header": lines[1], "other version": `{"log":"chipproof audit log","version":2}`, "binary": "\x00"} {
		_, err := audit.ReadExport(strings.NewReader(bad))
		assert.ErrorIs(t, err, audit.ErrInvalid, name)
	}
}

func TestWhatIsWrongWithALogIsWrongWithItsExport(t *testing.T) {
	l := filled(t, 20)
	l.records[5].Payload = []byte("nonsense")
	l.records[7] = audit.Record{Number: 7, Hashes: l.records[7].Hashes, Gone: true}
	l.records[9].Hashes = nil
	got := codes(verify(t, imported(t, exported(t, l)), l.key))
	assert.Equal(t, map[audit.ProblemCode]string{
		audit.ProblemEntryChanged: "5", audit.ProblemEntryMalformed: "5", audit.ProblemEntryMissing: "7",
	}, got)
}

// full is a disk that has room for so many bytes.
type full struct{ left int }

var errFull = errors.New("no space left on device")

func (f *full) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestAnExportThatDoesNotFitIsAnError(t *testing.T) {
	l := filled(t, 2000)
	for _, room := range []int{0, 1 << 17} {
		_, err := audit.WriteExport(t.Context(), &full{room}, l)
		assert.ErrorIs(t, err, errFull)
	}
	_, err := audit.WriteExport(t.Context(), io.Discard, failing{l, 7})
	assert.ErrorIs(t, err, errDisk)
}
