package proofing_test

import (
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/proofing"
)

// The nine properties of assurance §2.2, over generated facts, for every scheme
// that ships and for generated rule files. Property 4 stands with the
// comparison, 7 with what is recomputed.

func TestProperty1AddingAPassedFactNeverLowersALevelOrUndoesAnAcceptance(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c, schemes := anyCase(t, rt)
		k := anyKind().Draw(rt, "added")
		if c.Facts.Of(k).Outcome == proofing.Passed {
			return // it is there; another one in its place would not be added
		}
		more := c
		more.Facts = with(c.Facts, passedFact(k).Draw(rt, "passed"))

		for _, s := range schemes {
			assert.LessOrEqual(rt, levelsAbove(s, more.Facts, c.Desk), levelsAbove(s, c.Facts, c.Desk), "%s", s.Name)
		}
		if proofing.Decide(c, schemes).Decision == proofing.Accepted {
			assert.Equal(rt, proofing.Accepted, proofing.Decide(more, schemes).Decision)
		}
	})
}

func TestProperty2FailedAndIndeterminateNeverCount(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c, schemes := anyCase(t, rt)
		k := anyKind().Draw(rt, "worsened")
		worse := c.Facts.Of(k)
		if worse.Outcome != proofing.Passed {
			return
		}
		worse.Outcome = rapid.SampledFrom([]proofing.Outcome{proofing.Failed, proofing.Indeterminate}).Draw(rt, "outcome")
		less := c
		less.Facts = with(c.Facts, worse)

		for _, s := range schemes {
			assert.GreaterOrEqual(rt, levelsAbove(s, less.Facts, c.Desk), levelsAbove(s, c.Facts, c.Desk), "%s", s.Name)
		}
		if proofing.Decide(c, schemes).Decision != proofing.Accepted {
			assert.NotEqual(rt, proofing.Accepted, proofing.Decide(less, schemes).Decision)
		}
	})
}

// The one stand-in of property 2.
func TestThePrintedDateStandsInForAnIndeterminateExpiryAtAnAttendedDeskOnly(t *testing.T) {
	outcomes := []proofing.Outcome{proofing.NotDone, proofing.Failed, proofing.Indeterminate, proofing.Passed}
	printed := []proofing.PrintedExpiry{"", proofing.PrintedInForce, proofing.PrintedLifelong, proofing.PrintedExpired}
	for _, chip := range outcomes {
		for _, inspected := range outcomes {
			for _, date := range printed {
				for _, desk := range []proofing.Desk{{}, {Attended: true}, {Issuer: true}, fullDesk} {
					facts := with(readExample(t).Facts,
						proofing.Fact{Kind: proofing.CardNotExpired, Outcome: chip},
						proofing.Fact{Kind: proofing.CardInspected, Outcome: inspected, PrintedExpiry: date})
					v := proofing.Decide(proofing.Case{
						Purpose: shipped(t, proofing.IdentityProofing), Facts: facts, Desk: desk, At: exampleAt(),
					}, proofing.CurrentSchemes())

					inForce := date == proofing.PrintedInForce || date == proofing.PrintedLifelong
					standsIn := chip == proofing.Indeterminate && inspected == proofing.Passed && inForce && desk.Attended
					expired := inspected == proofing.Passed && date == proofing.PrintedExpired
					want := proofing.Inconclusive
					switch {
					case chip == proofing.Failed, inspected == proofing.Failed, expired:
						want = proofing.Rejected
					case chip == proofing.Passed, standsIn:
						want = proofing.Accepted
					}
					assert.Equal(t, want, v.Decision, "chip %s, inspected %s, printed %q, %+v: %v", chip, inspected, date, desk, v.Reasons)
				}
			}
		}
	}
}

func TestProperty5AStaleFactIsAsGoodAsNotDone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c, schemes := anyCase(t, rt)
		gone := c
		gone.Facts = slices.Clone(c.Facts)
		for _, f := range c.Facts {
			if !f.ValidUntil.IsZero() && f.ValidUntil.Time().Before(now()) {
				gone.Facts.Set(proofing.Fact{Kind: f.Kind, Outcome: proofing.NotDone})
			}
		}
		stale, never := proofing.Decide(c, schemes), proofing.Decide(gone, schemes)
		assert.Equal(rt, never.Decision, stale.Decision)
		assert.Equal(rt, never.Reasons, stale.Reasons)
		assert.Equal(rt, never.Assurance, stale.Assurance)
	})
}

func TestAFactCountsUntilTheLastSecondOfItsTime(t *testing.T) {
	facts := readExample(t).Facts
	chip := facts.Of(proofing.ChipRead)
	chip.ValidUntil = proofing.StampOf(exampleAt())
	facts.Set(chip)
	for _, row := range []struct {
		after time.Duration
		want  proofing.Decision
	}{
		{0, proofing.Accepted},
		{999 * time.Millisecond, proofing.Accepted}, // facts are kept in whole seconds
		{time.Second, proofing.Inconclusive},
	} {
		v := proofing.Decide(proofing.Case{
			Purpose: shipped(t, proofing.IdentityProofing), Facts: facts, Desk: fullDesk, At: exampleAt().Add(row.after),
		}, proofing.CurrentSchemes())
		assert.Equal(t, row.want, v.Decision, "%s after", row.after)
	}
}

func TestProperty6WhoStatedAFactCantApprove(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c, schemes := anyCase(t, rt)
		alone := proofing.Decide(c, schemes)
		c.Purpose.TwoPersons = true
		c.Approver = rapid.SampledFrom([]string{"", "u-1", "u-2", "u-3", "u-4", proofing.ByAgent, proofing.ByDOPA}).Draw(rt, "approver")
		v := proofing.Decide(c, schemes)

		person := c.Approver != "" && c.Approver != proofing.ByAgent && c.Approver != proofing.ByDOPA
		second := person && !slices.ContainsFunc(c.Facts, func(f proofing.Fact) bool { return f.By == c.Approver })
		switch {
		case second:
			assert.Equal(rt, alone, v, "a second person changes nothing else")
		case alone.Decision == proofing.Accepted:
			assert.Equal(rt, proofing.Inconclusive, v.Decision)
			assert.Equal(rt, []string{proofing.SecondPerson}, v.Reasons)
		case alone.Decision == proofing.Inconclusive:
			assert.Contains(rt, v.Reasons, proofing.SecondPerson)
			assert.Equal(rt, proofing.Inconclusive, v.Decision)
		default:
			assert.Equal(rt, alone, v, "a rejection stays one")
		}
	})
}

// made is what a desk makes of a step.
func made(k proofing.Kind) proofing.Fact {
	f := proofing.Fact{Kind: k, Outcome: proofing.Passed, At: proofing.StampOf(now()), By: proofing.ByAgent}
	if k == proofing.IssuerStatus {
		f.By, f.How = proofing.ByDOPA, proofing.ByChipData
	}
	return f
}

// doable are the kinds that a desk can establish, whether or not it tried.
func doable(d proofing.Desk) []proofing.Kind {
	kinds := []proofing.Kind{proofing.ChipRead, proofing.ChipPhoto}
	if d.Attended {
		kinds = append(kinds, proofing.CardInspected, proofing.FaceVisual)
	}
	if d.Issuer {
		kinds = append(kinds, proofing.IssuerStatus)
	}
	return kinds
}

func inForce(f proofing.Fact) bool {
	return f.Outcome == proofing.Passed && (f.ValidUntil.IsZero() || !f.ValidUntil.Time().Before(now()))
}

func TestProperty8TheNextStepIsOneThatThisDeskCanDoAndReachesWhatItPromises(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anyScheme(t).Draw(rt, "scheme")
		facts, desk := anyFacts().Draw(rt, "facts"), anyDesk().Draw(rt, "desk")
		if facts.Of(proofing.ChipRead).Outcome == proofing.Failed {
			return // a chip that can't be read is an error, and no case for the rules
		}
		a := s.Assess(facts, desk, now())

		// Every set of what can be done, tried out.
		can := slices.DeleteFunc(doable(desk), func(k proofing.Kind) bool {
			f := facts.Of(k)
			return f.Outcome == proofing.Failed && (f.ValidUntil.IsZero() || !f.ValidUntil.Time().Before(now()))
		})
		reaches := func(kinds []proofing.Kind) int {
			done := slices.Clone(facts)
			for _, k := range kinds {
				done.Set(made(k))
			}
			return levelsAbove(s, done, desk)
		}
		something := false
		for set := range 1 << len(can) {
			var kinds []proofing.Kind
			for i, k := range can {
				if set&(1<<i) != 0 {
					kinds = append(kinds, k)
				}
			}
			if slices.Contains(kinds, proofing.IssuerStatus) && !slices.Contains(kinds, proofing.ChipRead) && !inForce(facts.Of(proofing.ChipRead)) {
				continue // the issuer is asked with what the chip said
			}
			higher := reaches(kinds) < len(a.Unmet)
			something = something || higher
			if higher && len(kinds) < len(a.NextStep) {
				within := !slices.ContainsFunc(kinds, func(k proofing.Kind) bool { return !slices.Contains(a.NextStep, k) })
				assert.False(rt, within, "%v would do, %v is asked for", kinds, a.NextStep)
			}
		}
		if len(a.NextStep) == 0 {
			assert.False(rt, something, "something can be done, and nothing is offered")
			return
		}
		promised := slices.IndexFunc(a.Unmet, func(u proofing.Unmet) bool { return slices.Equal(u.Needs, a.NextStep) })
		require.GreaterOrEqual(rt, promised, 0, "it is what one of the levels above needs")
		for _, k := range a.NextStep {
			assert.Contains(rt, can, k)
		}
		assert.LessOrEqual(rt, reaches(a.NextStep), len(a.Unmet)-promised-1, "%v is to reach %s", a.NextStep, a.Unmet[promised].Level)
	})
}

// Where no condition is on the details of facts, doing all that is named
// reaches the level, whoever does it.
func TestProperty8WhatIsUnmetNamesEverythingThatIsMissing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := rapid.SampledFrom(proofing.CurrentSchemes()).Draw(rt, "scheme")
		facts := anyFacts().Draw(rt, "facts")
		desk := proofing.Desk{Attended: true, Issuer: rapid.Bool().Draw(rt, "issuer")}
		a := s.Assess(facts, desk, now())
		for i, u := range a.Unmet {
			done := slices.Clone(facts)
			for _, k := range u.Needs {
				f := made(k)
				switch k { // what the tables that ship ask of these two
				case proofing.FaceBiometric:
					f.Reference = "issuer_record"
				case proofing.SecondEvidence:
					f.Reference = "phone_account"
				}
				done.Set(f)
			}
			assert.NotEmpty(rt, u.Needs)
			assert.LessOrEqual(rt, levelsAbove(s, done, desk), len(a.Unmet)-i-1, "%s by %v", u.Level, u.Needs)
		}
	})
}

func TestTheIssuerIsANextStepOnlyWhereItCanBeAsked(t *testing.T) {
	facts := readExample(t).Facts
	facts.Set(proofing.Fact{Kind: proofing.IssuerStatus, Outcome: proofing.NotDone})
	s := proofing.CurrentSchemes()[0]

	a := s.Assess(facts, fullDesk, exampleAt())
	assert.Equal(t, "IAL2.1", *a.CandidateLevel)
	assert.Equal(t, proofing.Unmet{Level: "IAL2.2", Needs: []proofing.Kind{proofing.IssuerStatus}}, a.Unmet[0])
	assert.Equal(t, []proofing.Kind{proofing.IssuerStatus}, a.NextStep)

	a = s.Assess(facts, proofing.Desk{Attended: true}, exampleAt())
	assert.Equal(t, proofing.Unmet{Level: "IAL2.2", Needs: []proofing.Kind{proofing.IssuerStatus}}, a.Unmet[0], "it is missing all the same")
	assert.Empty(t, a.NextStep)
}

func TestTheIssuerIsAskedWithWhatTheChipSaid(t *testing.T) {
	s, err := proofing.ParseScheme([]byte(ruleFile("all: [face_biometric, issuer_status]")))
	require.NoError(t, err)
	a := s.Assess(proofing.NewFacts(made(proofing.FaceBiometric)), fullDesk, now())
	assert.Equal(t, []proofing.Kind{proofing.ChipRead, proofing.IssuerStatus}, a.NextStep)
}

func TestTheNextStepIsTheCheapestAndNotTheLowest(t *testing.T) {
	s, err := proofing.ParseScheme([]byte(ruleFile("all: [chip_read, face_visual]") +
		"  - {candidate_level: L2, all: [chip_read], any: [thaid_login, card_inspected, issuer_status]}\n"))
	require.NoError(t, err)
	for desk, want := range map[proofing.Desk][]proofing.Kind{
		fullDesk:         {proofing.ChipRead, proofing.IssuerStatus},
		{Attended: true}: {proofing.ChipRead, proofing.CardInspected},
		{Issuer: true}:   {proofing.ChipRead, proofing.IssuerStatus},
		{}:               {},
	} {
		assert.Equal(t, want, s.Assess(proofing.NewFacts(), desk, now()).NextStep, "%+v", desk)
	}
}

func TestWhatFailedIsNotOfferedAgain(t *testing.T) {
	facts := readExample(t).Facts
	facts.Set(proofing.Fact{Kind: proofing.FaceVisual, Outcome: proofing.Failed, By: "u-0042"})
	a := proofing.CurrentSchemes()[0].Assess(facts, fullDesk, exampleAt())
	assert.Equal(t, "IAL1", *a.CandidateLevel)
	assert.Empty(t, a.NextStep, "a clerk who saw another face is not asked to look until it fits")
}

func TestProperty9UnconfirmedTravels(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anyScheme(t).Draw(rt, "scheme")
		a := s.Assess(anyFacts().Draw(rt, "facts"), anyDesk().Draw(rt, "desk"), now())
		content, err := json.Marshal(a)
		require.NoError(rt, err)
		var members map[string]jsontext.Value
		require.NoError(rt, json.Unmarshal(content, &members))

		candidate, isCandidate := members["candidate_level"]
		_, isLevel := members["level"]
		assert.Equal(rt, s.Unconfirmed, a.Unconfirmed)
		assert.Equal(rt, s.Unconfirmed, isCandidate, "the member stays, also where no row is met")
		assert.Equal(rt, !s.Unconfirmed, isLevel)
		if isCandidate {
			assert.Equal(rt, jsontext.Kind('"'), candidate.Kind())
		}
	})
}

func TestALevelThatNobodyReachesIsAnEmptyName(t *testing.T) {
	a := proofing.CurrentSchemes()[1].Assess(proofing.NewFacts(), fullDesk, now())
	content, err := json.Marshal(a)
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"scheme": "nist-800-63a-4", "rules_version": "0", "candidate_level": "", "unconfirmed": true, "met": [],
		"unmet": [{"level": "IAL1", "needs": ["chip_read", "chip_photo", "issuer_status", "face_visual"]},
		          {"level": "IAL2", "needs": ["chip_read", "chip_photo", "issuer_status", "face_visual", "second_evidence"]}],
		"next_step": ["chip_read", "chip_photo", "issuer_status", "face_visual"]}`, string(content),
		"face_visual brings chip_photo along, though no row of this scheme names it")
}
