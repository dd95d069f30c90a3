package proofing

import (
	"time"

	"chipproof/proofing/thaiid"
)

// notExpired is the fact card_not_expired, by the Thai calendar day of at: the
// day that is printed still counts (assurance §2.1, unconfirmed). A card for
// life passes. A date that is blank or unreadable says nothing; one of a month
// or a year says something only where all its days agree.
//
// It gets no valid_until, which would tell the date to who didn't ask for it.
func notExpired(expiry thaiid.Date, at time.Time) Fact {
	f := Fact{Kind: CardNotExpired, Outcome: Indeterminate, At: StampOf(at), By: ByAgent, How: ByExpiryOnChip}
	if expiry.Lifelong() {
		f.Outcome, f.How = Passed, ByLifelongOnChip
		return f
	}
	first, last, known := spanOf(expiry)
	if !known {
		return f
	}
	switch today := civil(at.In(Thailand()).Date()); {
	case !first.Before(today):
		f.Outcome = Passed
	case last.Before(today):
		f.Outcome = Failed
	}
	return f
}

// spanOf is the first and the last day that a date can mean.
func spanOf(d thaiid.Date) (first, last time.Time, known bool) {
	year, month, day := d.Parts()
	switch d.Precision() {
	case thaiid.PrecisionDay:
		return civil(year, month, day), civil(year, month, day), true
	case thaiid.PrecisionMonth:
		return civil(year, month, 1), civil(year, month+1, 0), true
	case thaiid.PrecisionYear:
		return civil(year, time.January, 1), civil(year, time.December, 31), true
	case thaiid.PrecisionNone:
	}
	return time.Time{}, time.Time{}, false
}

// civil is a calendar day, for comparing with others of its kind.
func civil(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
