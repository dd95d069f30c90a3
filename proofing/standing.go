package proofing

import (
	"slices"
	"time"
)

// standing is what the facts are worth at a moment: what is stale is as good as
// not done (assurance §2.2, property 5). The rules look at nothing else.
func standing(f Facts, at time.Time) Facts {
	now := NewFacts(f...)
	for i, g := range now {
		switch {
		case g.Outcome != Passed && g.Outcome != Failed && g.Outcome != Indeterminate, stale(g, at):
			now[i] = Fact{Kind: g.Kind, Outcome: NotDone}
		case g.Outcome == Passed && contradicts(g):
			now[i].Outcome = Failed
		}
	}
	return now
}

// stale compares whole seconds, as facts are kept: the last one still counts.
func stale(f Fact, at time.Time) bool {
	return !f.ValidUntil.IsZero() && StampOf(at).Time().After(f.ValidUntil.Time())
}

// contradicts says that a fact is called passed and its own details say no.
func contradicts(f Fact) bool {
	switch f.Kind {
	case CardInspected:
		return f.PrintedExpiry == PrintedExpired
	case TypedMatchesChip:
		return len(f.Fields) > 0
	default:
		return false
	}
}

// restsOn is the fact without which another is worth nothing (assurance §2.1).
func restsOn(k Kind) (Kind, bool) {
	switch k {
	case FaceVisual: // compared with the chip's photo
		return ChipPhoto, true
	case ChipPhoto:
		return ChipRead, true
	default:
		return "", false
	}
}

// missingBases are all facts that those kinds rest on, and that haven't passed.
func missingBases(now Facts, kinds ...Kind) []Kind {
	var missing []Kind
	for _, k := range kinds {
		for base, rests := restsOn(k); rests; base, rests = restsOn(base) {
			if now.Of(base).Outcome != Passed && !slices.Contains(missing, base) {
				missing = append(missing, base)
			}
		}
	}
	return missing
}

// faceAndLaserOnly says that nothing speaks for the person but what stands on
// the card's two sides (assurance A13; §2.2, property 3). The issuer's word
// counts among that unless it was asked with the chip's data.
func faceAndLaserOnly(now Facts) bool {
	return !slices.ContainsFunc(now, func(f Fact) bool {
		return f.Outcome == Passed && !printedOnCard(f) && len(missingBases(now, f.Kind)) == 0
	})
}

func printedOnCard(f Fact) bool {
	switch f.Kind {
	case CardFaceTyped, IDChecksum, LaserTyped:
		return true
	case IssuerStatus:
		return f.How != ByChipData
	default:
		return false
	}
}
