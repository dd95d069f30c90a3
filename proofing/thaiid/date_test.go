package thaiid

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The table of thai-id-card §6, and agent-security §11.21.
func TestDatesAreAsExactAsTheCard(t *testing.T) {
	for _, row := range []struct {
		raw       string
		precision Precision
		date      string
		odd       bool
	}{
		{"25251231", PrecisionDay, "1982-12-31", false},
		{"25250400", PrecisionMonth, "1982-04", false},
		{"25250000", PrecisionYear, "1982", false},
		{"        ", PrecisionNone, "", false},
		{"00000000", PrecisionNone, "", false},
		{"25250015", PrecisionYear, "1982", false}, // a day without a month counts for nothing

		{"25430229", PrecisionDay, "2000-02-29", false}, // legal in the common era
		{"25420229", PrecisionMonth, "1999-02", true},   // not in 1999
		{"24430229", PrecisionMonth, "1900-02", true},   // nor in 1900
		{"25440229", PrecisionMonth, "2001-02", true},   // 2544 divides by four, 2001 doesn't
		{"25251301", PrecisionYear, "1982", true},       // month 13
		{"25250431", PrecisionMonth, "1982-04", true},   // day 31 in April
		{"25250132", PrecisionMonth, "1982-01", true},   // day 32
		{"25259999", PrecisionYear, "1982", true},       // month 99
		{"00000401", PrecisionNone, "", true},           // a month without a year
		{"05430101", PrecisionNone, "", true},           // before the year 1
		{"05440101", PrecisionDay, "0001-01-01", false}, // the year 1
		{"99991231", PrecisionDay, "9456-12-31", false}, // what it says, it says
		{"99999999", PrecisionNone, "", true},           // lifelong is for expiries
		{"24990101", PrecisionDay, "1956-01-01", false}, // after 2483 the year begins in January
		{"24800215", PrecisionDay, "1937-02-15", false}, // before, chipproof subtracts 543 all the same
		{"25000000", PrecisionYear, "1957", false},      // round years are years
		{"25251200", PrecisionMonth, "1982-12", false},  // December
		{"25250100", PrecisionMonth, "1982-01", false},  // January
		{"26110101", PrecisionDay, "2068-01-01", false}, // to come
		{"25630229", PrecisionDay, "2020-02-29", false}, // leap day in both
		{"25250630", PrecisionDay, "1982-06-30", false}, // the last of a short month
		{"25250631", PrecisionMonth, "1982-06", true},   // one more
		{"25250001", PrecisionYear, "1982", false},      // again: no month, no day
		{"25250099", PrecisionYear, "1982", false},      // whatever the day
		{"00000001", PrecisionNone, "", true},           // a day alone
		{"00010101", PrecisionNone, "", true},           // the first year of the Buddhist era
		{"25240229", PrecisionMonth, "1981-02", true},   // not leap
		{"25230229", PrecisionDay, "1980-02-29", false}, // leap
		{"25251131", PrecisionMonth, "1982-11", true},   // November has 30
		{"25250732", PrecisionMonth, "1982-07", true},   // July has 31
		{"25250731", PrecisionDay, "1982-07-31", false}, // as said
		{"25252001", PrecisionYear, "1982", true},       // month 20
		{"25251299", PrecisionMonth, "1982-12", true},   // day 99
		{"25430230", PrecisionMonth, "2000-02", true},   // 30 February never
		{"25250228", PrecisionDay, "1982-02-28", false}, // 28 February always
		{"25250229", PrecisionMonth, "1982-02", true},   // 1982 is not leap
	} {
		t.Run(fmt.Sprintf("%q", row.raw), func(t *testing.T) {
			got, odd, err := decodeDate([]byte(row.raw))
			require.NoError(t, err)
			assert.Equal(t, row.precision, got.Precision())
			assert.Equal(t, row.date, got.Reveal())
			assert.Equal(t, row.raw, got.Buddhist(), "the eight characters stay")
			assert.Equal(t, row.odd, odd)
			assert.False(t, got.Lifelong())
		})
	}
}

func TestADateOfNULIsBlank(t *testing.T) {
	got, odd, err := decodeDate(make([]byte, 8))
	require.NoError(t, err)
	assert.False(t, odd)
	assert.Equal(t, PrecisionNone, got.Precision())
	assert.Equal(t, blankDate, got.Buddhist())
}

func TestLettersAndSignsAreNoDate(t *testing.T) {
	for _, raw := range []string{"", "2525123", "252512311", "2525-2-1", "2525123A", "25251 31", " 5251231", "2525123 ", "\xF2\xF5\xF2\xF5\xF1\xF2\xF3\xF1", "+5251231", "-5251231", "2525\x001231"} {
		t.Run(fmt.Sprintf("%q", raw), func(t *testing.T) {
			for _, decode := range []func([]byte) (Date, bool, error){decodeDate, decodeExpiry} {
				got, odd, err := decode([]byte(raw))
				assert.ErrorIs(t, err, errNotDate)
				assert.Zero(t, got.Buddhist())
				assert.False(t, odd)
			}
		})
	}
}

// thai-id-card §14.12: nines are lifelong; blank is not (warapetch: seen with
// holders over 75).
func TestOnlyNinesAreLifelong(t *testing.T) {
	for raw, lifelong := range map[string]bool{
		"99999999": true, "        ": false, "00000000": false, "99990000": false, "25711230": false,
	} {
		t.Run(raw, func(t *testing.T) {
			card := newCard()
			put(card.moi[0], 0x016F, 8, []byte(raw))
			id := mustRead(t, card, FieldCard)
			assert.Equal(t, lifelong, id.Card.ExpiryDate.Lifelong())
			assert.Equal(t, raw, id.Card.ExpiryDate.Buddhist())
			assert.Empty(t, id.Findings)
		})
	}
}

func TestOddDatesAreFindingsOfTheirPart(t *testing.T) {
	card := newCard()
	put(card.moi[0], 0x00D9, 8, []byte("25251301"))
	put(card.moi[0], 0x0167, 8, []byte("99999999"))
	put(card.moi[0], 0x016F, 8, []byte("25710431"))
	put(card.nhso[0], 0x0155, 8, []byte("25420229"))
	id := mustRead(t, card, AllFields()...)
	assert.Equal(t, []Finding{
		{PartBirthDate, FindingDateInvalid},
		{PartIssueDate, FindingDateInvalid},
		{PartExpiryDate, FindingDateInvalid},
		{PartNHSOUpdateDate, FindingDateInvalid},
	}, id.Findings)
	assert.Equal(t, "1982", id.BirthDate.Reveal())
	assert.Equal(t, "2028-04", id.Card.ExpiryDate.Reveal())
}

func TestLettersInADateNameItsPart(t *testing.T) {
	for part, offset := range map[Part]int{PartBirthDate: 0x00D9, PartIssueDate: 0x0167, PartExpiryDate: 0x016F} {
		t.Run(string(part), func(t *testing.T) {
			card := newCard()
			put(card.moi[0], offset, 8, []byte("2525XX31"))
			err := readFails(t, card, TextFields()...)
			assertPart(t, err, part)
			assert.NotContains(t, err.Error(), "XX", "names the part, not the value")
		})
	}
}

// A date of day precision is a day that exists, 543 years before what the card
// says; and every day that exists comes through.
func TestEveryDayComesThrough(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.IntRange(0, 400*366).Draw(t, "days")
		want := time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days)
		raw := fmt.Sprintf("%04d%02d%02d", want.Year()+543, want.Month(), want.Day())
		got, odd, err := decodeDate([]byte(raw))
		require.NoError(t, err)
		assert.False(t, odd)
		assert.Equal(t, want.Format(time.DateOnly), got.Reveal())
		year, month, day := got.Parts()
		assert.Equal(t, want, time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
	})
}

func TestPrecisionIsNeverInvented(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.StringMatching(`[0-9]{8}`).Draw(t, "raw")
		got, odd, err := decodeExpiry([]byte(raw))
		require.NoError(t, err)
		year, month, day := got.Parts()
		assert.True(t, day == 0 || fmt.Sprintf("%02d", day) == raw[6:])
		assert.True(t, month == 0 || fmt.Sprintf("%02d", month) == raw[4:6])
		assert.True(t, year == 0 || fmt.Sprintf("%04d", year+543) == raw[:4])
		assert.True(t, day == 0 || month != 0)
		assert.True(t, month == 0 || year != 0)
		if !odd && !got.Lifelong() && raw != zeroDate {
			assert.NotZero(t, year, "nothing is dropped without saying so")
			assert.True(t, month != 0 || raw[4:6] == "00")
			assert.True(t, day != 0 || raw[6:] == "00" || month == 0)
		}
	})
}
