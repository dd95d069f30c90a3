package proofing

import (
	"slices"
	"time"
)

// Reasons that aren't a fact's, besides [FaceAndLaserOnly]. They stand after
// those of facts, in this order.
const (
	// LevelNotReached: the purpose needs a level and the facts don't reach it.
	LevelNotReached = "level_not_reached"
	// LevelUnconfirmed: the purpose needs a level by confirmed rules, and those
	// in force give candidate levels only.
	LevelUnconfirmed = "level_unconfirmed"
	// SecondPerson: the purpose needs two persons and nobody approved, or
	// somebody who stated a fact.
	SecondPerson = "second_person_not_done"
)

// Case is what is decided on.
type Case struct {
	Purpose Purpose
	// Needs are those of the request: they add to the purpose's.
	Needs []Kind
	Facts Facts
	Desk  Desk
	// At is when: facts that are stale by then don't count.
	At time.Time
	// Approver is the user id of the second person, where the purpose wants one.
	Approver string
}

// Decide applies the rules of assurance §2.5. It is rejected where a needed fact
// or one of those that veto has failed, and where only card face and laser code
// speak; else inconclusive while something needed is missing; else accepted. The
// reasons are those of the decision: what failed, or else what is missing.
func Decide(c Case, schemes []Scheme) Verdict {
	v := Verdict{Facts: NewFacts(c.Facts...), Assurance: []Assurance{}}
	for _, s := range schemes {
		v.Assurance = append(v.Assurance, s.Assess(v.Facts, c.Desk, c.At))
	}
	now := standing(v.Facts, c.At)
	needed := bringAlong(slices.Concat(c.Purpose.Needs, c.Needs))
	lacking, short := c.level(schemes, v.Assurance)

	if against := c.against(now, slices.Concat(needed, lacking)); len(against) > 0 {
		v.Decision, v.Reasons = Rejected, against
		return v
	}
	missing := append(c.missing(now, needed, lacking), short...)
	if c.Purpose.TwoPersons && !c.approved() {
		missing = append(missing, SecondPerson)
	}
	if len(missing) > 0 {
		v.Decision, v.Reasons = Inconclusive, missing
		return v
	}
	v.Decision, v.Reasons = Accepted, []string{}
	return v
}

// vetoes are the facts whose failure counts against any proofing, needed or not.
func vetoes() []Kind { return []Kind{TypedMatchesChip, CardNotExpired, IssuerStatus, CardInspected} }

// against is why it must be rejected.
func (c Case) against(now Facts, needed []Kind) []string {
	var reasons []string
	for _, f := range now {
		if f.Outcome == Failed && (slices.Contains(needed, f.Kind) || slices.Contains(vetoes(), f.Kind)) {
			reasons = append(reasons, reason(f))
		}
	}
	if faceAndLaserOnly(now) {
		reasons = append(reasons, FaceAndLaserOnly)
	}
	return reasons
}

// missing are the needed facts that nobody established.
func (c Case) missing(now Facts, needed, lacking []Kind) []string {
	var reasons []string
	for _, f := range now {
		open := f.Outcome == NotDone || f.Outcome == Indeterminate
		if slices.Contains(needed, f.Kind) && open && !c.printedDateStandsIn(now, f) ||
			slices.Contains(lacking, f.Kind) && open {
			reasons = append(reasons, reason(f))
		}
	}
	return reasons
}

// printedDateStandsIn: where the chip holds no full expiry date, as with many
// elderly, the date that a clerk read on the card stands in for it. It mends no
// other outcome (assurance §2.2, property 2).
func (c Case) printedDateStandsIn(now Facts, f Fact) bool {
	inspected := now.Of(CardInspected)
	return f.Kind == CardNotExpired && f.Outcome == Indeterminate && c.Desk.Attended && inspected.Outcome == Passed &&
		(inspected.PrintedExpiry == PrintedInForce || inspected.PrintedExpiry == PrintedLifelong)
}

// level says what the facts lack of the level that the purpose needs, and in
// which way it falls short.
func (c Case) level(schemes []Scheme, rows []Assurance) (lacking []Kind, short []string) {
	need := c.Purpose.Level
	if need == nil {
		return nil, nil
	}
	i := slices.IndexFunc(schemes, func(s Scheme) bool { return s.Name == need.Scheme })
	if i < 0 {
		return nil, []string{LevelNotReached}
	}
	if lacking, ok := schemes[i].lacking(rows[i], need.name()); !ok {
		return lacking, []string{LevelNotReached}
	}
	if need.Level != "" && schemes[i].Unconfirmed {
		return nil, []string{LevelUnconfirmed}
	}
	return nil, nil
}

func (n LevelNeed) name() string {
	if n.Level != "" {
		return n.Level
	}
	return n.CandidateLevel
}

// lacking says whether a row of an answer is at least at a level, and if not,
// what it lacks.
func (s Scheme) lacking(row Assurance, wanted string) ([]Kind, bool) {
	name := row.Level
	if s.Unconfirmed {
		name = row.CandidateLevel
	}
	least := s.index(wanted)
	if reached := s.index(*name); least >= 0 && reached >= least {
		return nil, true
	}
	for _, u := range row.Unmet {
		if u.Level == wanted {
			return u.Needs, false
		}
	}
	return nil, false
}

// approved says whether a second person approved: one who stated none of the
// facts, whatever became of them.
func (c Case) approved() bool {
	return c.Approver != "" && c.Approver != ByAgent && c.Approver != ByDOPA &&
		!slices.ContainsFunc(c.Facts, func(f Fact) bool { return f.By == c.Approver })
}

func reason(f Fact) string { return string(f.Kind) + "_" + string(f.Outcome) }
