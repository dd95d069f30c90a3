package proofing

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing/thaiid"
)

// correctedRules are the files that ship and a version 1 of one scheme that
// somebody compared with the standard: a file more, and one line of the index.
func correctedRules(t *testing.T) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	names, err := fs.Glob(ruleFiles, "rules/*.yaml")
	require.NoError(t, err)
	for _, name := range names {
		content, err := fs.ReadFile(ruleFiles, name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: content}
	}
	files["rules/th-etda-1.yaml"] = &fstest.MapFile{Data: []byte(`
scheme: th-etda
version: "1"
levels:
  - {level: IAL1, clause: "4.1", all: [chip_read]}
  - {level: IAL2.1, clause: "4.2", attended: true, all: [chip_read, issuer_status]}
`)}
	index := strings.Replace(string(files[indexFile].Data), `th-etda, version: "0"`, `th-etda, version: "1"`, 1)
	files[indexFile] = &fstest.MapFile{Data: []byte(index)}
	return files
}

func TestProperty7WhatAnOldVersionDecidedRecomputesUnderANewOne(t *testing.T) {
	before, err := openRulebook(ruleFiles)
	require.NoError(t, err)
	after, err := openRulebook(correctedRules(t))
	require.NoError(t, err)

	policy := DefaultPolicy()
	purpose, _ := policy.Purpose(IdentityProofing)
	facts := NewFacts()
	for _, k := range []Kind{IDChecksum, ChipRead, ChipPhoto, CardNotExpired, FaceVisual} {
		facts.Set(Fact{Kind: k, Outcome: Passed, By: ByAgent})
	}
	c := Case{Purpose: purpose, Facts: facts, Desk: Desk{Attended: true}, At: time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)}
	old := Decide(c, before.current)
	r := Record{
		Purpose: IdentityProofing, PolicyDigest: policy.Digest(), At: c.At, Desk: c.Desk,
		SchemeVersions: VersionsOf(before.current), Verdict: old,
	}
	want, err := EncodeVerdict(old)
	require.NoError(t, err)

	got, err := after.recompute(r, policy.Content())
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
	assert.Contains(t, string(got), `"candidate_level":"IAL2.1"`)

	current := Decide(c, after.current)
	require.NotNil(t, current.Assurance[0].Level, "and what is decided from now on has a level")
	assert.Equal(t, "IAL1", *current.Assurance[0].Level)
	r.SchemeVersions, r.Verdict = VersionsOf(after.current), current
	want, err = EncodeVerdict(current)
	require.NoError(t, err)
	got, err = after.recompute(r, policy.Content())
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}

// What CurrentSchemes and DefaultPolicy take for granted.
func TestTheShippedFilesAreRead(t *testing.T) {
	book, err := openRulebook(ruleFiles)
	require.NoError(t, err)
	assert.NotEmpty(t, book.current)
	_, err = readPolicy(defaultPolicy)
	require.NoError(t, err)
}

func TestARulebookThatContradictsItselfIsRefused(t *testing.T) {
	for _, row := range []struct {
		name   string
		change func(fstest.MapFS)
		says   string
	}{
		{"no index", func(f fstest.MapFS) { delete(f, indexFile) }, indexFile},
		{"an index without schemes", func(f fstest.MapFS) { f[indexFile] = &fstest.MapFile{Data: []byte("{}")} }, "schemes"},
		{"an index of a scheme that isn't there", func(f fstest.MapFS) { delete(f, "rules/nist-800-63a-4-0.yaml") }, "scheme unknown"},
		{"an index that names a scheme twice", func(f fstest.MapFS) {
			f[indexFile].Data = append(f[indexFile].Data, "  - {scheme: th-etda, version: \"0\"}\n"...)
		}, "twice"},
		{"a file under another name", func(f fstest.MapFS) { f["rules/th-etda-2.yaml"] = f["rules/th-etda-1.yaml"] }, "th-etda-1.yaml"},
		{"a file that isn't rules", func(f fstest.MapFS) { f["rules/x-1.yaml"] = &fstest.MapFile{Data: []byte("x: 1")} }, "rules invalid"},
	} {
		t.Run(row.name, func(t *testing.T) {
			files := correctedRules(t)
			row.change(files)
			_, err := openRulebook(files)
			assert.ErrorContains(t, err, row.says)
		})
	}
}

// The purposes that ship have every field, so no file can show this.
func TestAShippedPurposeGetsNoFieldThatItDoesNotShipWith(t *testing.T) {
	ships := Purpose{Use: UseRead, Fields: thaiid.Fields{thaiid.FieldName}, Printed: PrintedMasked}
	own := ships
	require.NoError(t, checkNarrower(own, ships))
	own.Fields = thaiid.Fields{thaiid.FieldName, thaiid.FieldPhoto}
	assert.ErrorContains(t, checkNarrower(own, ships), "member fields: photo")
}
