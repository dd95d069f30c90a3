package proofing

import (
	"cmp"
	"slices"
	"time"
)

// Assess says which level the facts reach at that desk and moment, what carries
// it, what the levels above lack, and the cheapest next step. Card face and
// laser code reach the lowest level at most, whatever the table says. A level
// that needs an attended desk stays unmet at another one and is no next step
// there.
func (s Scheme) Assess(f Facts, d Desk, at time.Time) Assurance {
	now := standing(f, at)
	reached, met := s.reach(now, d)
	a := Assurance{
		Scheme: s.Name, RulesVersion: s.Version, Unconfirmed: s.Unconfirmed,
		Met: met, Unmet: []Unmet{}, NextStep: []Kind{},
	}
	name := ""
	if reached >= 0 {
		name = s.levels[reached].name
	}
	if s.Unconfirmed {
		a.CandidateLevel = &name
	} else {
		a.Level = &name
	}

	var best cost
	for _, l := range s.levels[reached+1:] {
		if l.never {
			continue
		}
		needs, price := l.lacks(now, d)
		a.Unmet = append(a.Unmet, Unmet{Level: l.name, Needs: needs})
		if price.cannot == 0 && (len(a.NextStep) == 0 || price.effort < best.effort) {
			best, a.NextStep = price, slices.Clone(needs)
		}
	}
	return a
}

// reach finds the highest level that is met, and what carries it; -1 for none.
func (s Scheme) reach(now Facts, d Desk) (int, []Kind) {
	rows := s.levels
	if faceAndLaserOnly(now) {
		rows = rows[:1]
	}
	for i, l := range slices.Backward(rows) {
		if l.never || l.present && !d.Attended {
			continue
		}
		for _, w := range l.waysAt(d) {
			if len(w.missing(now)) == 0 {
				return i, w.kinds()
			}
		}
	}
	return -1, []Kind{}
}

// cost is what it takes to make facts: first of all that they can be made.
type cost struct {
	cannot, effort int
}

func (c cost) compare(o cost) int {
	return cmp.Or(cmp.Compare(c.cannot, o.cannot), cmp.Compare(c.effort, o.effort))
}

// lacks is the cheapest set of facts that would reach a level, one that this
// desk can make if there is any.
func (l level) lacks(now Facts, d Desk) ([]Kind, cost) {
	var least way
	price := cost{cannot: -1}
	for _, w := range l.waysAt(d) {
		steps := complete(w.missing(now), now)
		if p := d.price(steps, now); price.cannot < 0 || p.compare(price) < 0 {
			least, price = steps, p
		}
	}
	if l.present && !d.Attended || price.cannot < 0 {
		price.cannot = len(Kinds()) // nothing that is done here reaches it
	}
	return inOrder(least.kinds()), price
}

// complete adds the chip where the steps can't do without: the issuer is asked
// with its data, and card face and laser code with all these steps would still
// be no more than that.
func complete(steps way, now Facts) way {
	beyond := slices.ContainsFunc(steps, func(d demand) bool { return !printedOnCard(Fact{Kind: d.kind}) })
	wanted := steps.has(IssuerStatus) || faceAndLaserOnly(now) && !beyond
	if wanted && now.Of(ChipRead).Outcome != Passed && !steps.has(ChipRead) {
		steps = append(steps, demand{kind: ChipRead})
	}
	return steps
}

// price counts the steps that this desk can't do and the effort of the others.
// What failed is an answer: to do it again until it passes is no step.
func (d Desk) price(steps way, now Facts) cost {
	var c cost
	for _, s := range steps {
		made, can := d.would(s.kind)
		if !can || !s.fits(made) || now.Of(s.kind).Outcome == Failed {
			c.cannot++
		}
		c.effort += effort(s.kind)
	}
	return c
}

// effort ranks facts: a machine does it in a second, a clerk looks, or somebody
// has to set up something that isn't there.
func effort(k Kind) int {
	switch k {
	case ChipRead, ChipPhoto, IssuerStatus:
		return 1
	case CardInspected, FaceVisual:
		return 2
	default:
		return 10
	}
}
