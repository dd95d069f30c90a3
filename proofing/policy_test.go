package proofing_test

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
	"chipproof/proofing/thaiid"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shippedFile is the policy that ships, as a file.
func shippedFile() string { return string(proofing.DefaultPolicy().Content()) }

func TestTheShippedPolicyIsTheGoldenOne(t *testing.T) {
	p, err := proofing.ParsePolicy([]byte(shippedFile()))
	require.NoError(t, err, "it stands its own test")
	assert.Equal(t, proofing.DefaultPolicy(), p)

	got, err := json.Marshal(p, jsontext.WithIndent("  "))
	require.NoError(t, err)
	golden := filepath.Join("testdata", "policy.golden.json")
	if *update {
		require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got)+"\n", "a policy that asks for something else is a new version")
}

// An agent refuses a second content under one version, also one that an update of the
// program brought: so not even a comment of the file changes without a new version.
func TestTheShippedPolicysVersionIsTheNameOfItsBytes(t *testing.T) {
	p := proofing.DefaultPolicy()
	assert.Equal(t, "1", p.Version)
	assert.Equal(t, "2c5ee39789503660b0c1a676ba12985aee2dca7fba818d291301f446c6804c0c", p.Digest(), "give the file a new version, then write both here")
}

func TestAPolicyIsKnownByTheBytesOfItsFile(t *testing.T) {
	file := []byte(shippedFile() + "# our own\n")
	p, err := proofing.ParsePolicy(file)
	require.NoError(t, err)
	sum := sha256.Sum256(file)
	assert.Equal(t, hex.EncodeToString(sum[:]), p.Digest())
	assert.Equal(t, file, p.Content())

	p.Content()[0] = '#'
	file[1] = '#'
	assert.Equal(t, shippedFile()+"# our own\n", string(p.Content()), "nobody changes it from outside")
}

func TestAPurposeThatIsInNoPolicyIsNone(t *testing.T) {
	p := proofing.DefaultPolicy()
	for _, name := range []string{"", "Form_Fill", "form_fill ", "welfare"} {
		_, known := p.Purpose(name)
		assert.False(t, known, "%q", name)
	}
	_, known := proofing.Policy{}.Purpose(proofing.FormFill)
	assert.False(t, known)
}

// own is a purpose of an agency's own, with one line changed or added.
func own(line string) string {
	lines := map[string]string{
		"name": "welfare", "title": "{th: สวัสดิการ, en: Welfare}", "use": "proof", "fields": "[citizen_id, name]", "needs": "[chip_read]",
	}
	if name, value, found := strings.Cut(line, ": "); found {
		lines[name] = value
	}
	var entry strings.Builder
	entry.WriteString("\n  - name: " + lines["name"] + "\n")
	delete(lines, "name")
	for name, value := range lines {
		if value != "-" {
			entry.WriteString("    " + name + ": " + value + "\n")
		}
	}
	return shippedFile() + entry.String()
}

func TestAnAgencyAddsPurposesOfItsOwn(t *testing.T) {
	p, err := proofing.ParsePolicy([]byte(own("origins: [\"https://app.example.go.th\", \"http://intranet.example.go.th:8080\"]")))
	require.NoError(t, err)
	welfare, known := p.Purpose("welfare")
	require.True(t, known)
	assert.Equal(t, proofing.Purpose{
		Name: "welfare", Title: proofing.Text{TH: "สวัสดิการ", EN: "Welfare"}, Use: proofing.UseProof,
		Fields: []thaiid.Field{thaiid.FieldCitizenID, thaiid.FieldName}, Needs: []proofing.Kind{proofing.ChipRead},
		Origins: []string{"https://app.example.go.th", "http://intranet.example.go.th:8080"}, Printed: proofing.PrintedMasked,
	}, welfare)
	assert.True(t, welfare.Allows(thaiid.FieldName))
	assert.False(t, welfare.Allows(thaiid.FieldPhoto))
	assert.True(t, welfare.OpenTo("https://app.example.go.th"))
	assert.True(t, welfare.OpenTo(""), "our own console")
	assert.False(t, welfare.OpenTo("https://other.example.go.th"))
	assert.True(t, shipped(t, proofing.FormFill).OpenTo("https://other.example.go.th"), "as far as the policy goes")

	p, err = proofing.ParsePolicy([]byte(own("two_persons: true")))
	require.NoError(t, err)
	welfare, _ = p.Purpose("welfare")
	assert.True(t, welfare.TwoPersons)

	assert.False(t, welfare.AskIssuerByLaserCode)

	p, err = proofing.ParsePolicy([]byte(own("ask_issuer_by_laser_code: true")))
	require.NoError(t, err)
	welfare, _ = p.Purpose("welfare")
	assert.True(t, welfare.AskIssuerByLaserCode)

	p, err = proofing.ParsePolicy([]byte(own("level: {scheme: th-etda, candidate_level: IAL2.2}")))
	require.NoError(t, err)
	welfare, _ = p.Purpose("welfare")
	assert.Equal(t, &proofing.LevelNeed{Scheme: "th-etda", CandidateLevel: "IAL2.2"}, welfare.Level)
}

func TestPolicyErrorsNamePurposeAndMember(t *testing.T) {
	for _, row := range []struct{ name, file, says string }{
		{"a member that is none", own("needz: [chip_read]"), `line \d+: purpose welfare: .*member "needz"`},
		{"a kind that is none", own("needs: [chip_reed]"), `purpose welfare: member needs: .*chip_reed`},
		{"a kind twice", own("needs: [chip_read, chip_read]"), `purpose welfare: member needs: .*twice`},
		{"nothing needed", own("needs: []"), `purpose welfare: member needs: .*facts or a level`},
		{"a read that needs facts", own("use: read"), `purpose welfare: member needs: use read judges nothing`},
		{"a field that is none", own("fields: [name, phone]"), `purpose welfare: member fields: .*phone`},
		{"no fields", own("fields: []"), `purpose welfare: member fields`},
		{"a use that is none", own("use: sign"), `purpose welfare: member use: "sign"`},
		{"no use", own("use: -"), `purpose welfare: member use`},
		{"no title", own("title: -"), `purpose welfare: member title: missing`},
		{"a title in one language", own("title: {th: ก}"), `purpose welfare: member title: en`},
		{"a title with what can't be seen", own(`title: {th: "ก\u200b", en: a}`), `purpose welfare: member title: th`},
		{"an origin with a path", own("origins: [\"https://app.example.go.th/\"]"), `purpose welfare: member origins: .*app\.example`},
		{"an origin in capitals", own("origins: [\"https://App.example.go.th\"]"), `purpose welfare: member origins`},
		{"an origin of another kind", own("origins: [\"file:///etc\"]"), `purpose welfare: member origins`},
		{"an empty list of origins", own("origins: []"), `purpose welfare: member origins: .*leave it out`},
		{"another way to print", own("printed: bold"), `purpose welfare: member printed: "bold"`},
		{"asking by laser code, perhaps", own("ask_issuer_by_laser_code: perhaps"), `purpose welfare: member ask_issuer_by_laser_code`},
		{"two persons, perhaps", own("two_persons: perhaps"), `purpose welfare: member two_persons`},
		{"a scheme that is none", own("level: {scheme: eu, candidate_level: high}"), `purpose welfare: member level: .*"eu"`},
		{"a level that is none", own("level: {scheme: th-etda, candidate_level: IAL9}"), `purpose welfare: member level: .*"IAL9"`},
		{"a level that nobody can reach", own("level: {scheme: nist-800-63a-4, candidate_level: IAL3}"), `purpose welfare: member level`},
		{"a level under both names", own("level: {scheme: th-etda, level: IAL1, candidate_level: IAL1}"), `purpose welfare: member level: .*one of them`},
		{"a level without a name", own("level: {scheme: th-etda}"), `purpose welfare: member level: .*one of them`},
		{"a name with a dash", own("name: wel-fare"), `purpose 4: member name: "wel-fare"`},
		{"a name twice", own("name: form_fill"), `purpose form_fill: member name: stands twice`},
		{"no version", strings.Replace(shippedFile(), `version: "1"`, "", 1), `member version`},
		{"no purposes", "version: \"1\"\n", `member purposes: missing`},
		{"an unknown member of the file", shippedFile() + "owner: x\n", `member "owner"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := proofing.ParsePolicy([]byte(row.file))
			require.ErrorIs(t, err, proofing.ErrPolicyInvalid)
			assert.Regexp(t, row.says, strings.ReplaceAll(err.Error(), "\n", " "))
		})
	}
}

func TestWhatJudgesNothingNeedsNothing(t *testing.T) {
	for _, use := range []string{"read", "compat"} {
		for _, line := range []string{"needs: [chip_read]", "level: {scheme: th-etda, candidate_level: IAL1}", "two_persons: true", "ask_issuer_by_laser_code: true"} {
			entry := "\n  - {name: welfare, title: {th: ก, en: a}, use: " + use + ", fields: [name], " + line + "}\n"
			_, err := proofing.ParsePolicy([]byte(shippedFile() + entry))
			member, _, _ := strings.Cut(line, ":")
			assert.ErrorContains(t, err, "purpose welfare: member "+member+": use "+use+" judges nothing")
		}
		entry := "\n  - {name: welfare, title: {th: ก, en: a}, use: " + use + ", fields: [name]}\n"
		_, err := proofing.ParsePolicy([]byte(shippedFile() + entry))
		assert.NoError(t, err)
	}
}

func TestAValueOfAnotherShapeIsRefusedInEveryMember(t *testing.T) {
	shapes := []string{"{}", "[]", "null", "", "true", "{a: b}", "[[]]", "[null]", "[{}]", "!!str x", "&a x", "*a"}
	for _, member := range []string{"name", "title", "use", "fields", "needs", "level", "origins", "printed", "two_persons", "ask_issuer_by_laser_code"} {
		for _, shape := range shapes {
			if shape == "true" && (member == "two_persons" || member == "ask_issuer_by_laser_code") {
				continue
			}
			_, err := proofing.ParsePolicy([]byte(own(member + ": " + shape)))
			assert.ErrorIs(t, err, proofing.ErrPolicyInvalid, "%s: %s", member, shape)
		}
	}
	for _, file := range []string{"version: [1]\npurposes: []\n", "version: 1\npurposes: {}\n", "version: 1\npurposes: [x]\n", "version: 1\npurposes: [{}]\n", "[]", "x"} {
		_, err := proofing.ParsePolicy([]byte(file))
		assert.ErrorIs(t, err, proofing.ErrPolicyInvalid, "%q", file)
	}
}

func TestAllWrongPurposesAreNamedAtOnce(t *testing.T) {
	_, err := proofing.ParsePolicy([]byte(strings.Replace(own("needs: [chip_reed]"), "use: compat", "use: sign", 1)))
	assert.ErrorContains(t, err, "purpose welfare: member needs")
	assert.ErrorContains(t, err, "purpose compat: member use")
}

// The names that ship mean the same at every agency, or more, never less.
func TestAnAgencyKeepsTheShippedPurposesAndMayNarrowThem(t *testing.T) {
	change := func(old, replacement string) string { return strings.Replace(shippedFile(), old, replacement, 1) }
	for _, row := range []struct{ name, file, says string }{
		{"form_fill left out", change("name: form_fill", "name: forms"), "purpose form_fill: missing"},
		{"compat left out", change("name: compat", "name: older"), "purpose compat: missing"},
		{"a fact taken away", change("face_visual, ", ""), "purpose identity_proofing: member needs: face_visual must stay"},
		{"form_fill as a proof", change("use: read", "use: proof\n    needs: [chip_read]"), "purpose form_fill: member use: stays read"},
		{"the issuer asked by laser code", change("use: proof", "use: proof\n    ask_issuer_by_laser_code: true"), "purpose identity_proofing: member ask_issuer_by_laser_code: stays false"},
		{"the whole number on the slip", change("use: proof", "use: proof\n    printed: whole"), "purpose identity_proofing: member printed: stays masked"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := proofing.ParsePolicy([]byte(row.file))
			require.ErrorIs(t, err, proofing.ErrPolicyInvalid)
			assert.ErrorContains(t, err, row.says)
		})
	}
	for _, row := range []struct{ name, file string }{
		{"a fact more", change("needs: [chip_read,", "needs: [issuer_status, chip_read,")},
		{"a field less", change(", laser_code, nhso]", "]")},
		{"two persons", change("use: proof", "use: proof\n    two_persons: true")},
		{"a level besides", change("use: proof", "use: proof\n    level: {scheme: th-etda, candidate_level: IAL2.1}")},
		{"for some origins only", change("use: proof", "use: proof\n    origins: [\"https://app.example.go.th\"]")},
		{"with another title", change("Fill in a form", "Fill out a form")},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := proofing.ParsePolicy([]byte(row.file))
			assert.NoError(t, err)
		})
	}
}

// What ships may ask for more one day; what was decided before stays readable.
func TestAPolicyOfOldDaysIsReadThoughItWouldNotBeTakenToday(t *testing.T) {
	old := []byte(strings.Replace(shippedFile(), "face_visual, ", "", 1))
	_, err := proofing.ParsePolicy(old)
	require.ErrorIs(t, err, proofing.ErrPolicyInvalid)

	p, err := proofing.ParseStoredPolicy(old)
	require.NoError(t, err)
	purpose, known := p.Purpose(proofing.IdentityProofing)
	require.True(t, known)
	c := exampleCase(t)
	c.Purpose = purpose
	c.Facts.Set(proofing.Fact{Kind: proofing.FaceVisual, Outcome: proofing.NotDone})
	r := recorded(t, c, p, proofing.CurrentSchemes())
	got, err := proofing.Recompute(r, old)
	require.NoError(t, err)
	assert.Contains(t, string(got), `"decision":"accepted"`)

	_, err = proofing.ParseStoredPolicy([]byte("version: 1\npurposes: none\n"))
	assert.ErrorIs(t, err, proofing.ErrPolicyInvalid)
}

// The manuals' example is one that works, in both languages the same.
func TestThePolicyInTheManualsIsOneThatIsTaken(t *testing.T) {
	block := regexp.MustCompile("(?s)```yaml\n(version:.*?)```")
	var files []string
	for _, language := range []string{"th", "en"} {
		page, err := os.ReadFile(filepath.Join("..", "docs", language, "purposes.md"))
		require.NoError(t, err)
		found := block.FindAllSubmatch(page, -1)
		require.Len(t, found, 1, language)
		p, err := proofing.ParsePolicy(found[0][1])
		require.NoError(t, err, language)
		assert.Greater(t, len(p.Purposes), 3, "it shows purposes of an agency's own")
		for _, purpose := range proofing.DefaultPolicy().Purposes {
			assert.Contains(t, string(page), "`"+purpose.Name+"`", language)
		}
		for _, k := range proofing.Kinds() {
			assert.Contains(t, string(page), "`"+string(k)+"`", "%s: every fact is explained", language)
		}
		files = append(files, regexp.MustCompile(`(?m)\s*#.*$`).ReplaceAllString(string(found[0][1]), ""))
	}
	assert.Equal(t, files[0], files[1])
}
