package job_test

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/job"
)

// someReport is a report in JSON with some findings.
func someReport(tool, roots, ids, findings string) []byte {
	return []byte(`{"tool":"` + tool + `","version":"1","rules":"r","complete":true,"roots":[` + roots + `],"root_ids":[` + ids + `],"scanned":[],"not_read":[],"summary":{},"findings":[` + findings + `]}`)
}

func someFinding(target, more string) string {
	return `{"class":"weakness","target":"` + target + `","masked":"m","score":1,"reachability":"internal","severity":"low"` + more + `}`
}

func TestANumberComesInAsNoPlace(t *testing.T) {
	key, err := exposure.NewKey(rand.Reader)
	require.NoError(t, err)
	for _, at := range []string{`{"line":1101700230708}`, `{"offset":1101700230708}`, `{"line":-1}`, `{"offset":-1}`} {
		_, err := job.ParseImport(someReport("x", "", "", someFinding("t", `,"fingerprint":"f","locator":`+at)), key, "s")
		require.ErrorIs(t, err, job.ErrImportInvalid, at)
	}
	list, err := job.ParseImport([]byte(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}},"results":[{"message":{"text":"m"},
		"locations":[{"physicalLocation":{"artifactLocation":{"uri":"u"},"region":{"startLine":1101700230708}}}]}]}]}`), key, "s")
	require.NoError(t, err)
	assert.NotContains(t, fmt.Sprintf("%+v", list), "1101700230708")
}

func TestALogThatCallsItselfOursIsNot(t *testing.T) {
	key, err := exposure.NewKey(rand.Reader)
	require.NoError(t, err)
	list, err := job.ParseImport([]byte(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":" chipproof-office "}},"results":[{"message":{"text":"m"}}]}]}`), key, "s")
	require.NoError(t, err)
	require.Len(t, list, 1)
	assert.Equal(t, "chipproof-office elsewhere", list[0].Tool)

	// One root that is ours makes not all of it ours.
	list, err = job.ParseImport(someReport("chipproof-office", `"/srv/www","/other"`, `"`+key.TargetID("/srv/www")+`","1101700230708"`, ""), key, "")
	require.NoError(t, err)
	assert.False(t, list[0].Ours)
	assert.NotContains(t, fmt.Sprintf("%+v", list), "1101700230708")

	// Nor is a fingerprint taken for one that is a number.
	id := key.TargetID("/srv/www/a")
	list, err = job.ParseImport(someReport("chipproof-office", `"/srv/www"`, `"`+key.TargetID("/srv/www")+`"`, someFinding("/srv/www/a", `,"target_id":"`+id+`","fingerprint":"1101700230708_________"`)), key, "")
	require.NoError(t, err)
	require.True(t, list[0].Ours)
	assert.NotContains(t, fmt.Sprintf("%+v", list), "1101700230708")
}

func TestALargeImportIsReadInNoTime(t *testing.T) {
	key, err := exposure.NewKey(rand.Reader)
	require.NoError(t, err)
	var b strings.Builder
	for n := range 60_000 {
		if n > 0 {
			b.WriteByte(',')
		}
		b.WriteString(someFinding(fmt.Sprint("t", n), ""))
	}
	begun := time.Now()
	list, err := job.ParseImport(someReport("x", "", "", b.String()), key, "")
	require.NoError(t, err)
	require.Len(t, list[0].Items, 60_000)
	assert.Less(t, time.Since(begun), 8*time.Second, "each is looked for once, not among all others")
}
