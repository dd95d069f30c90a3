package proofing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/proofing"
)

// now is when the generated facts are judged.
func now() time.Time { return time.Date(2026, 11, 21, 9, 30, 0, 0, proofing.Thailand()) }

func anyKind() *rapid.Generator[proofing.Kind] { return rapid.SampledFrom(proofing.Kinds()) }

// anyKinds is a list of different kinds.
func anyKinds(least, most int) *rapid.Generator[[]proofing.Kind] {
	return rapid.SliceOfNDistinct(anyKind(), least, most, func(k proofing.Kind) proofing.Kind { return k })
}

// passedFact is a fact as somebody would establish it now.
func passedFact(k proofing.Kind) *rapid.Generator[proofing.Fact] {
	return rapid.Custom(func(t *rapid.T) proofing.Fact {
		f := proofing.Fact{
			Kind: k, Outcome: proofing.Passed, At: proofing.StampOf(now()),
			By:        rapid.SampledFrom([]string{proofing.ByAgent, proofing.ByDOPA, "u-1", "u-2", "u-3"}).Draw(t, "by"),
			Reference: rapid.SampledFrom([]string{"", "issuer_record", "phone_account"}).Draw(t, "reference"),
			ValidUntil: rapid.SampledFrom([]proofing.Stamp{
				{}, proofing.StampOf(now()), proofing.StampOf(now().Add(time.Hour)),
			}).Draw(t, "valid until"),
		}
		switch k {
		case proofing.IssuerStatus:
			f.How = rapid.SampledFrom([]proofing.How{proofing.ByChipData, proofing.ByTypedLaserCode}).Draw(t, "how")
		case proofing.CardInspected:
			f.PrintedExpiry = rapid.SampledFrom([]proofing.PrintedExpiry{
				"", proofing.PrintedInForce, proofing.PrintedLifelong,
			}).Draw(t, "printed expiry")
		}
		return f
	})
}

// anyFact is a fact of that kind with any outcome, stale ones included.
func anyFact(k proofing.Kind) *rapid.Generator[proofing.Fact] {
	return rapid.Custom(func(t *rapid.T) proofing.Fact {
		f := passedFact(k).Draw(t, "fact")
		f.Outcome = rapid.SampledFrom([]proofing.Outcome{
			proofing.Passed, proofing.Passed, proofing.Passed, proofing.NotDone, proofing.Failed, proofing.Indeterminate,
		}).Draw(t, "outcome")
		if rapid.IntRange(0, 9).Draw(t, "stale") == 0 {
			f.ValidUntil = proofing.StampOf(now().Add(-time.Second))
		}
		switch {
		case f.Outcome == proofing.NotDone:
			return proofing.Fact{Kind: k, Outcome: proofing.NotDone}
		case f.Outcome == proofing.Failed && k == proofing.TypedMatchesChip:
			f.Fields = []string{"last_name"}
		case f.Outcome == proofing.Failed && k == proofing.CardInspected:
			f.PrintedExpiry = proofing.PrintedExpired
		}
		return f
	})
}

func anyFacts() *rapid.Generator[proofing.Facts] {
	return rapid.Custom(func(t *rapid.T) proofing.Facts {
		facts := proofing.NewFacts()
		for _, k := range proofing.Kinds() {
			facts.Set(anyFact(k).Draw(t, string(k)))
		}
		return facts
	})
}

func anyDesk() *rapid.Generator[proofing.Desk] {
	return rapid.Custom(func(t *rapid.T) proofing.Desk {
		return proofing.Desk{Attended: rapid.Bool().Draw(t, "attended"), Issuer: rapid.Bool().Draw(t, "issuer")}
	})
}

// anyScheme is one that ships, or one from a rule file that nobody in his senses
// would write: the properties hold whatever the file says.
func anyScheme(tb testing.TB) *rapid.Generator[proofing.Scheme] {
	return rapid.Custom(func(t *rapid.T) proofing.Scheme {
		known := proofing.CurrentSchemes()
		if i := rapid.IntRange(0, 2*len(known)-1).Draw(t, "scheme"); i < len(known) {
			return known[i]
		}
		file := anyRuleFile().Draw(t, "rules")
		s, err := proofing.ParseScheme([]byte(file))
		require.NoError(tb, err, file)
		return s
	})
}

func anyRuleFile() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var file strings.Builder
		unconfirmed := rapid.Bool().Draw(t, "unconfirmed")
		fmt.Fprintf(&file, "scheme: hostile\nversion: \"9\"\nunconfirmed: %v\nstrengths: [FAIR, STRONG, SUPERIOR]\n", unconfirmed)
		file.WriteString("evidence:\n  laser: {strength: SUPERIOR, fact: laser_typed}\n  face: {strength: STRONG, fact: card_face_typed}\n")
		file.WriteString("  phone: {strength: FAIR, fact: second_evidence, reference: phone_account}\n")
		file.WriteString("pathways:\n  typed: {all: [laser_typed], any: [id_checksum, face_visual], remote_adds: [liveness_pad]}\nlevels:\n")
		for i := range rapid.IntRange(1, 5).Draw(t, "rows") {
			if unconfirmed {
				fmt.Fprintf(&file, "  - candidate_level: L%d\n", i)
			} else {
				fmt.Fprintf(&file, "  - level: L%d\n    clause: \"%d\"\n", i, i)
			}
			file.WriteString(anyRow().Draw(t, "row"))
		}
		return file.String()
	})
}

func anyRow() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		var row strings.Builder
		list := func(member string, least, most int) []proofing.Kind {
			kinds := anyKinds(least, most).Draw(t, member)
			words := strings.ReplaceAll(strings.Trim(fmt.Sprint(kinds), "[]"), " ", ", ")
			fmt.Fprintf(&row, "    %s: [%s]\n", member, words)
			return kinds
		}
		named := list("all", 0, 4)
		for _, member := range []string{"any", "verified_by", "validated_by", "remote_adds"} {
			if rapid.IntRange(0, 2).Draw(t, member) == 0 {
				list(member, 1, 3)
			}
		}
		for _, line := range []string{
			"attended: true", "onsite: true", "pathway_any: [typed]",
			"evidence_any: [[STRONG, FAIR], [SUPERIOR]]",
		} {
			if rapid.IntRange(0, 3).Draw(t, line) == 0 {
				row.WriteString("    " + line + "\n")
			}
		}
		if len(named) > 0 && rapid.IntRange(0, 3).Draw(t, "where") == 0 {
			fmt.Fprintf(&row, "    where: {%s.reference: issuer_record}\n", named[0])
		}
		return row.String()
	})
}

// anyPurpose is one for proofs.
func anyPurpose(schemes []proofing.Scheme) *rapid.Generator[proofing.Purpose] {
	return rapid.Custom(func(t *rapid.T) proofing.Purpose {
		p := proofing.Purpose{Name: "p", Use: proofing.UseProof, Needs: anyKinds(0, 5).Draw(t, "needs")}
		if rapid.IntRange(0, 2).Draw(t, "has level") == 0 {
			s := rapid.SampledFrom(schemes).Draw(t, "scheme")
			name := rapid.SampledFrom([]string{"IAL1", "IAL2", "IAL2.1", "IAL2.2", "L0", "L1", "L2"}).Draw(t, "level")
			p.Level = &proofing.LevelNeed{Scheme: s.Name, CandidateLevel: name}
			if rapid.Bool().Draw(t, "confirmed") {
				p.Level = &proofing.LevelNeed{Scheme: s.Name, Level: name}
			}
		}
		return p
	})
}

// anyCase is a case and the schemes it is judged by: those that ship and one
// more, which may be hostile.
func anyCase(tb testing.TB, t *rapid.T) (proofing.Case, []proofing.Scheme) {
	schemes := append(proofing.CurrentSchemes(), anyScheme(tb).Draw(t, "one more"))
	c := proofing.Case{
		Purpose: anyPurpose(schemes).Draw(t, "purpose"),
		Needs:   anyKinds(0, 2).Draw(t, "request needs"),
		Facts:   anyFacts().Draw(t, "facts"),
		Desk:    anyDesk().Draw(t, "desk"), At: now(),
	}
	// Most generated purposes ask for something that is missing; these don't.
	if rapid.Bool().Draw(t, "easy") {
		c.Purpose.Needs = slices.DeleteFunc(c.Purpose.Needs, func(k proofing.Kind) bool { return c.Facts.Of(k).Outcome != proofing.Passed })
		c.Purpose.Level, c.Needs = nil, nil
	}
	return c, schemes
}

// with is the facts with one put in place of another.
func with(facts proofing.Facts, changed ...proofing.Fact) proofing.Facts {
	return proofing.NewFacts(append(slices.Clone(facts), changed...)...)
}

// levelsAbove says how many levels are missed: the fewer, the higher.
func levelsAbove(s proofing.Scheme, f proofing.Facts, d proofing.Desk) int {
	return len(s.Assess(f, d, now()).Unmet)
}
