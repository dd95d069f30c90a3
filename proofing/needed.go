package proofing

import "slices"

// Needed are all facts without which a proofing for this purpose isn't
// accepted: its own, those of the request, what these rest on, and what the
// level that it needs asks of a desk that can do everything.
func (p Purpose) Needed(needs []Kind) []Kind {
	return p.neededWith(needs, NewFacts())
}

// Wants are the facts that the clerk still has to state for this purpose and
// request, in the order of [Kinds]: those of [StatedByClerk] that are needed and
// that nobody tried, and card_inspected with the printed date where the chip
// can't say whether the card has expired.
func (p Purpose) Wants(needs []Kind, f Facts) []Kind {
	needed := p.neededWith(needs, f)
	wanted := []Kind{}
	for _, k := range StatedByClerk() {
		g := f.Of(k)
		untried := g.Outcome == NotDone
		dateNeeded := k == CardInspected && slices.Contains(needed, CardNotExpired) &&
			f.Of(CardNotExpired).Outcome == Indeterminate
		dateUnread := g.Outcome == Passed && g.PrintedExpiry == ""
		if untried && slices.Contains(needed, k) || dateNeeded && (untried || dateUnread) {
			wanted = append(wanted, k)
		}
	}
	return wanted
}

func (p Purpose) neededWith(needs []Kind, f Facts) []Kind {
	needed := slices.Concat(p.Needs, needs)
	if p.Level != nil {
		for _, s := range CurrentSchemes() {
			if i := s.index(p.Level.name()); s.Name == p.Level.Scheme && i >= 0 {
				lacks, _ := s.levels[i].lacks(f, Desk{Attended: true, Issuer: true})
				needed = append(needed, lacks...)
			}
		}
	}
	return bringAlong(needed)
}

// bringAlong adds what facts rest on, and puts all in order, each once: the face
// is compared with the chip's photo, so the photo is read for the clerk's eyes,
// also when the asker doesn't get it.
func bringAlong(kinds []Kind) []Kind {
	all := slices.Clone(kinds)
	for i := 0; i < len(all); i++ {
		if base, rests := restsOn(all[i]); rests {
			all = append(all, base)
		}
	}
	return slices.Compact(inOrder(all))
}
