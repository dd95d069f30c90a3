package proofing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api/apitest"
	"chipproof/proofing"
	"chipproof/simulator"
)

// card_not_expired goes by the calendar day in Thailand, and a date that means
// several days counts only where they agree (assurance §2.1).
func TestWhenACardHasExpired(t *testing.T) {
	day := func(year int, month time.Month, day, hour, minute int) time.Time {
		return time.Date(year, month, day, hour, minute, 59, 0, proofing.Thailand())
	}
	office := apitest.New(t)
	for _, row := range []struct {
		onChip string // Buddhist era
		now    time.Time
		want   proofing.Outcome
	}{
		{"25691123", day(2026, 11, 22, 8, 0), proofing.Passed},
		{"25691123", day(2026, 11, 23, 0, 0), proofing.Passed}, // that day itself still counts
		{"25691123", day(2026, 11, 23, 23, 59), proofing.Passed},
		{"25691123", day(2026, 11, 24, 0, 0), proofing.Failed},
		{"25691123", time.Date(2026, 11, 23, 16, 59, 59, 0, time.UTC), proofing.Passed}, // one minute to midnight in Bangkok
		{"25691123", time.Date(2026, 11, 23, 17, 0, 0, 0, time.UTC), proofing.Failed},
		{"25710229", day(2028, 2, 29, 12, 0), proofing.Passed},
		{"25710229", day(2028, 3, 1, 12, 0), proofing.Failed},
		{"99999999", day(2999, 1, 1, 0, 0), proofing.Passed},
		{"", day(2026, 11, 23, 8, 0), proofing.Indeterminate},         // blank
		{"00000000", day(2026, 11, 23, 8, 0), proofing.Indeterminate}, // nothing known
		{"25691100", day(2026, 10, 31, 12, 0), proofing.Passed},       // a month, before it
		{"25691100", day(2026, 11, 1, 0, 0), proofing.Passed},         // its first day: every day it can mean is still good
		{"25691100", day(2026, 11, 2, 0, 0), proofing.Indeterminate},
		{"25691100", day(2026, 11, 30, 23, 0), proofing.Indeterminate},
		{"25691100", day(2026, 12, 1, 0, 0), proofing.Failed},
		{"25690000", day(2025, 12, 31, 23, 0), proofing.Passed}, // a year
		{"25690000", day(2026, 1, 1, 0, 0), proofing.Passed},
		{"25690000", day(2026, 1, 2, 0, 0), proofing.Indeterminate},
		{"25690000", day(2026, 12, 31, 23, 0), proofing.Indeterminate},
		{"25690000", day(2027, 1, 1, 0, 0), proofing.Failed},
		{"25691399", day(2026, 6, 1, 0, 0), proofing.Indeterminate}, // an impossible month leaves the year
		{"25691131", day(2026, 11, 15, 0, 0), proofing.Indeterminate},
	} {
		t.Run(row.onChip+" at "+row.now.Format(time.RFC3339), func(t *testing.T) {
			d := newDeskIn(t, office, "default")
			d.changes(func(holder *simulator.Person) { holder.Card.ExpiryDate = row.onChip })
			d.prover.Now = func() time.Time { return row.now }
			result, err := d.prover.Prove(t.Context(), d.consoleAsks(proofing.IdentityProofing), nil, nil)
			require.NoError(t, err)
			got := result.Verdict.Facts.Of(proofing.CardNotExpired)
			assert.Equal(t, row.want, got.Outcome)
			assert.True(t, got.ValidUntil.IsZero(), "it would tell the date to who didn't ask for it")
		})
	}
}
