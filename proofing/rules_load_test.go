package proofing_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

func TestTheSchemesInForceAreThoseOfTheIndexInItsOrder(t *testing.T) {
	schemes := proofing.CurrentSchemes()
	require.Len(t, schemes, 2)
	for i, name := range []string{"th-etda", "nist-800-63a-4"} {
		assert.Equal(t, name, schemes[i].Name)
		assert.Equal(t, "0", schemes[i].Version)
		assert.True(t, schemes[i].Unconfirmed, "nobody has compared %s with the standard", name)
	}
	assert.Equal(t, map[string]string{"th-etda": "0", "nist-800-63a-4": "0"}, proofing.VersionsOf(schemes))
}

func TestAVersionThatIsNotHereIsUnknown(t *testing.T) {
	s, err := proofing.SchemeOf("th-etda", "0")
	require.NoError(t, err)
	assert.Equal(t, "th-etda", s.Name)
	for _, row := range [][2]string{{"th-etda", "1"}, {"th-etda", ""}, {"", "0"}, {"nist", "0"}} {
		_, err := proofing.SchemeOf(row[0], row[1])
		assert.ErrorIs(t, err, proofing.ErrSchemeUnknown, "%v", row)
	}
}

// ruleFile is a whole file with one row.
func ruleFile(row string) string {
	return "scheme: s\nversion: \"1\"\nunconfirmed: true\nlevels:\n  - {candidate_level: L1, " + row + "}\n"
}

// confirmedFile is one that somebody has compared.
func confirmedFile(row string) string {
	return strings.Replace("scheme: s\nversion: \"1\"\nlevels:\n  - {ROW}\n", "ROW", row, 1)
}

func TestRuleFilesAreReadStrictly(t *testing.T) {
	for _, row := range []struct{ name, file, says string }{
		{"a level without a clause", confirmedFile("level: L1, all: []"), "without the clause"},
		{"a level with an empty clause", confirmedFile(`level: L1, clause: "", all: []`), "without the clause"},
		{"a level with a blank clause", confirmedFile(`level: L1, clause: "  ", all: []`), "without the clause"},
		{"a level with a source in place of a clause", confirmedFile("level: L1, source: 4_ial.md, all: []"), "without the clause"},
		{"a level under unconfirmed", "scheme: s\nversion: \"1\"\nunconfirmed: true\nlevels:\n  - {level: L1, clause: \"4.2\", all: []}\n", "candidate levels only"},
		{"a candidate level in a confirmed file", confirmedFile(`candidate_level: L1, clause: "4.2", all: []`), "unconfirmed: true"},
		{"both names", confirmedFile(`level: L1, candidate_level: L1, clause: "4.2", all: []`), "one of them"},
		{"no name", confirmedFile(`clause: "4.2", all: []`), "candidate_level"},
		{"a kind that is none", ruleFile("all: [chip_reed]"), "chip_reed"},
		{"a kind that is none, in any", ruleFile("any: [face]"), "face"},
		{"a kind that is none, in remote_adds", ruleFile("all: [], remote_adds: [pad]"), "pad"},
		{"a kind in other case", ruleFile("all: [Chip_Read]"), "Chip_Read"},
		{"a kind twice", ruleFile("all: [chip_read, chip_read]"), "twice"},
		{"an unknown member of a row", ruleFile("all: [], alll: [chip_read]"), "alll"},
		{"an unknown member of the file", "schemes: s\n" + ruleFile("all: []"), "schemes"},
		{"a member twice", ruleFile("all: [], all: [chip_read]"), "twice"},
		{"a level twice", ruleFile("all: []") + "  - {candidate_level: L1, all: [chip_read]}\n", "twice"},
		{"a row about no facts", ruleFile("attended: true"), "all: []"},
		{"an any of nothing", ruleFile("any: []"), "empty"},
		{"a pathway_any of nothing", ruleFile("pathway_any: []"), "empty"},
		{"a pathway that is none", ruleFile("pathway_any: [walk]"), "walk"},
		{"a strength that is none", ruleFile("evidence: [WEAK]"), "WEAK"},
		{"evidence that nobody has", "strengths: [FAIR]\n" + ruleFile("evidence: [FAIR]"), "asserted: never"},
		{"evidence in both forms", "strengths: [FAIR]\n" + ruleFile("evidence: [FAIR], evidence_any: [[FAIR]]"), "one of them"},
		{"asserted with another word", ruleFile("all: [], asserted: sometimes"), "never"},
		{"attended with another word", ruleFile("all: [], attended: maybe"), "true or false"},
		{"a condition on a fact that the row never names", ruleFile("all: [chip_read], where: {face_biometric.reference: x}"), "no such fact"},
		{"a condition on what facts don't have", ruleFile("all: [chip_read], where: {chip_read.score: x}"), "score"},
		{"a condition without a value", ruleFile(`all: [chip_read], where: {chip_read.how: ""}`), "value"},
		{"a list that is a text", ruleFile("all: chip_read"), "not a list"},
		{"nothing where something belongs", ruleFile("all: "), "not a list"},
		{"an anchor", ruleFile("all: &a [chip_read]"), "anchors"},
		{"an alias", ruleFile("all: &a [], any: *a"), "anchors"},
		{"a tag", ruleFile("all: !!set [chip_read]"), "tags"},
		{"a merge of mappings", ruleFile("all: [], <<: {any: [chip_read]}"), "<<"},
		{"no scheme", "version: \"1\"\nunconfirmed: true\nlevels: [{candidate_level: L1, all: []}]\n", "scheme"},
		{"no version", "scheme: s\nunconfirmed: true\nlevels: [{candidate_level: L1, all: []}]\n", "version"},
		{"a scheme that is a path", strings.Replace(ruleFile("all: []"), "scheme: s", "scheme: ../s", 1), "scheme"},
		{"no levels", "scheme: s\nversion: \"1\"\n", "levels"},
		{"an empty list of levels", "scheme: s\nversion: \"1\"\nlevels: []\n", "levels"},
		{"two documents", ruleFile("all: []") + "---\nscheme: t\n", "more than one"},
		{"an empty file", "", "empty"},
		{"no YAML", "levels: [", "not YAML"},
		{"a list", "- scheme: s\n", "name: value"},
		{"more combinations than anybody can check", manyWays(), "more combinations"},
		{"a file that nobody wrote by hand", ruleFile("all: []") + strings.Repeat("# \n", 100_000), "bytes"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := proofing.ParseScheme([]byte(row.file))
			require.ErrorIs(t, err, proofing.ErrRulesInvalid)
			assert.ErrorContains(t, err, row.says)
		})
	}
}

func TestAValueOfAnotherShapeIsRefusedInEveryMemberOfARuleFile(t *testing.T) {
	shapes := []string{"{}", "null", "", "{a: b}", "[[]]", "[null]", "[{}]", "!!str x", "&a x", "*a", "[{a: b}]", "x"}
	for _, member := range []string{
		"all", "any", "remote_adds", "evidence", "evidence_any", "verified_by", "validated_by", "pathway_any", "where",
		"attended", "onsite", "asserted", "clause", "source",
	} {
		for _, shape := range shapes {
			text := member == "clause" || member == "source"
			if text && shape == "x" || member == "where" && shape == "{}" {
				continue // which is what belongs there
			}
			row := "all: [chip_read], "
			if member == "all" {
				row = ""
			}
			_, err := proofing.ParseScheme([]byte(ruleFile(row + member + ": " + shape)))
			assert.ErrorIs(t, err, proofing.ErrRulesInvalid, "%s: %s", member, shape)
		}
	}
	for _, head := range []string{
		"strengths: x", "strengths: [FAIR, FAIR]", "evidence: []", "evidence: {e: {strength: FAIR, fact: chip_read}}",
		"strengths: [FAIR]\nevidence: {e: {strength: FAIR, fact: chip}}", "strengths: [FAIR]\nevidence: {e: {strength: FAIR, fact: chip_read, of: x}}",
		"strengths: [FAIR]\nevidence: {e: {strength: FAIR, fact: chip_read, reference: []}}", "strengths: [FAIR]\nevidence: {e: x}",
		"pathways: []", "pathways: {p: x}", "pathways: {p: {}}", "pathways: {p: {all: []}}", "pathways: {p: {all: [chip]}}", "pathways: {p: {evidence: [FAIR]}}",
		"unconfirmed: [true]", "levels: x",
	} {
		file := head + "\n" + ruleFile("all: []")
		switch {
		case strings.HasPrefix(head, "unconfirmed"):
			file = strings.Replace(ruleFile("all: []"), "unconfirmed: true", head, 1)
		case strings.HasPrefix(head, "levels"):
			file = "scheme: s\nversion: \"1\"\nunconfirmed: true\n" + head + "\n"
		}
		_, err := proofing.ParseScheme([]byte(file))
		assert.ErrorIs(t, err, proofing.ErrRulesInvalid, "%s", head)
	}
}

// manyWays asks for one of nine, four times.
func manyWays() string {
	nine := "[card_face_typed, id_checksum, laser_typed, typed_matches_chip, chip_read, chip_photo, card_not_expired, issuer_status, issuer_attributes]"
	return "pathways: {p: {any: " + nine + "}}\n" +
		ruleFile("any: "+nine+", verified_by: "+nine+", validated_by: "+nine+", pathway_any: [p]")
}

func TestARuleFileThatSomebodyComparedGivesALevel(t *testing.T) {
	s, err := proofing.ParseScheme([]byte(confirmedFile(`level: L1, clause: "4.2", all: [chip_read]`)))
	require.NoError(t, err)
	a := s.Assess(proofing.NewFacts(made(proofing.ChipRead)), proofing.Desk{}, now())
	require.NotNil(t, a.Level)
	assert.Equal(t, "L1", *a.Level)
	assert.Nil(t, a.CandidateLevel)
	assert.False(t, a.Unconfirmed)
}

func TestWithoutAClerkARowAsksForMore(t *testing.T) {
	s, err := proofing.ParseScheme([]byte(ruleFile("all: [chip_read, face_biometric], remote_adds: [liveness_pad]")))
	require.NoError(t, err)
	facts := proofing.NewFacts(made(proofing.ChipRead), made(proofing.FaceBiometric))

	assert.Equal(t, "L1", *s.Assess(facts, proofing.Desk{Attended: true}, now()).CandidateLevel)
	remote := s.Assess(facts, proofing.Desk{}, now())
	assert.Empty(t, *remote.CandidateLevel)
	assert.Equal(t, []proofing.Kind{proofing.LivenessPAD}, remote.Unmet[0].Needs)
}

func TestARowForAttendedDesksStaysUnmetAtOthersAndIsNoNextStep(t *testing.T) {
	for _, member := range []string{"attended: true", "onsite: true"} {
		s, err := proofing.ParseScheme([]byte(ruleFile("all: [chip_read], " + member)))
		require.NoError(t, err)
		for _, facts := range []proofing.Facts{proofing.NewFacts(), proofing.NewFacts(made(proofing.ChipRead))} {
			a := s.Assess(facts, proofing.Desk{Issuer: true}, now())
			assert.Empty(t, *a.CandidateLevel)
			assert.Len(t, a.Unmet, 1)
			assert.Empty(t, a.NextStep)
		}
		assert.Equal(t, "L1", *s.Assess(proofing.NewFacts(made(proofing.ChipRead)), fullDesk, now()).CandidateLevel)
	}
}

func TestALevelThatIsNeverAssertedIsNeitherReachedNorMissed(t *testing.T) {
	s, err := proofing.ParseScheme([]byte(ruleFile("all: []") + "  - {candidate_level: L2, all: [], asserted: never}\n"))
	require.NoError(t, err)
	a := s.Assess(proofing.NewFacts(made(proofing.ChipRead)), fullDesk, now())
	assert.Equal(t, "L1", *a.CandidateLevel)
	assert.Empty(t, a.Unmet)
}

func TestAConditionIsOnTheFactThatTheRowNames(t *testing.T) {
	s, err := proofing.ParseScheme([]byte(ruleFile("all: [chip_read, face_biometric], where: {face_biometric.reference: issuer_record}")))
	require.NoError(t, err)
	face := made(proofing.FaceBiometric)
	for reference, want := range map[string]string{"": "", "chip_photo": "", "issuer_record": "L1"} {
		face.Reference = reference
		a := s.Assess(proofing.NewFacts(made(proofing.ChipRead), face), fullDesk, now())
		assert.Equal(t, want, *a.CandidateLevel, "%q", reference)
	}
}

// NIST's evidence: one piece is one piece, however strong.
func TestEachPieceOfEvidenceCountsOnce(t *testing.T) {
	s := proofing.CurrentSchemes()[1]
	facts := readExample(t).Facts
	assert.Equal(t, "IAL1", *s.Assess(facts, fullDesk, exampleAt()).CandidateLevel, "the card is strong, and fair it isn't besides")
	second := made(proofing.SecondEvidence)
	for reference, want := range map[string]string{"": "IAL1", "library_card": "IAL1", "phone_account": "IAL2", "bank_account": "IAL2"} {
		second.Reference = reference
		assert.Equal(t, want, *s.Assess(with(facts, second), fullDesk, exampleAt()).CandidateLevel, "%q", reference)
	}
}
