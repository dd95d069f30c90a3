package proof

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnOldProofIsCheckedAsOfTheDayItCame(t *testing.T) {
	s := proofScene(t)
	archive := Archive{
		Retired: []RetiredIssuer{{Name: testIssuer, Keys: setFrom(t, s.retired, s.revoked)}}, Audience: site, Origin: site, Purpose: purpose,
		Mode: Test, ReceivedAt: at(proofMade + 60), Deny: []string{handKID(s.revoked)},
	}
	old := handToken(s.retired, handHeader(s.typ, handKID(s.retired)), s.payload.text())
	p, err := VerifyArchived(old, archive)
	require.NoError(t, err)
	assert.Equal(t, "pf-20261121-000417", p.Txn)
	require.Equal(t, 3, s.step(t, old), "no login verifier knows the retired key")

	for name, row := range map[string]struct {
		token  string
		change func(*Archive)
		step   error
	}{
		"received after its end":      {old, func(a *Archive) { a.ReceivedAt = at(proofMade + 300) }, ErrTime},
		"received before it was made": {old, func(a *Archive) { a.ReceivedAt = at(proofMade - 61) }, ErrTime},
		"no time of receipt":          {old, func(a *Archive) { a.ReceivedAt = time.Time{} }, ErrTime},
		"by a revoked key":            {handToken(s.revoked, handHeader(s.typ, handKID(s.revoked)), s.payload.text()), func(*Archive) {}, ErrKey},
		"by a key of nobody":          {handToken(s.stranger, handHeader(s.typ, handKID(s.stranger)), s.payload.text()), func(*Archive) {}, ErrKey},
		"of another organisation":     {old, func(a *Archive) { a.Retired[0].Name = "https://agency.example.go.th" }, ErrIssuer},
		"of another mode":             {old, func(a *Archive) { a.Mode = "" }, ErrMode},
		"for another":                 {old, func(a *Archive) { a.Audience = "https://other.example.go.th" }, ErrAudience},
		"changed":                     {old[:len(old)-40] + "AAAA" + old[len(old)-36:], func(*Archive) {}, ErrSignature},
	} {
		t.Run(name, func(t *testing.T) {
			changed := archive
			changed.Retired = append([]RetiredIssuer{}, archive.Retired...)
			row.change(&changed)
			p, err := VerifyArchived(row.token, changed)
			assert.ErrorIs(t, err, row.step)
			assert.Nil(t, p)
		})
	}
}

// What an archive's check gives can't be used up or held against a demand, and
// what a login uses knows no archive.
func TestTheArchiveIsNotReachableFromALogin(t *testing.T) {
	assert.Zero(t, reflect.TypeFor[*Archived]().NumMethod())
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasPrefix(name, "archived") {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		if !strings.HasSuffix(name, "_test.go") {
			assert.NotContains(t, string(text), "VerifyArchived", name)
			assert.NotContains(t, string(text), "RetiredIssuer", name)
		}
	}
}
