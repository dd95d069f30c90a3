package thaiid

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The test values of thai-id-card §10.1; all are synthetic.
func TestGoodNumbersAreGood(t *testing.T) {
	for number, category := range map[string]Category{
		"1101700230708": CategoryBornInTime,
		"1234567890121": CategoryBornInTime,     // the sum leaves 0
		"1000000000190": CategoryBornInTime,     // the sum leaves 1
		"0123456789016": CategoryNoStatus,       // pink card
		"6123456789015": CategoryTemporary,      // §14.17: any first digit is accepted
		"8123456789011": CategoryAlienOrNatural, // and reported, never judged
	} {
		t.Run(number, func(t *testing.T) {
			id, err := ParseCitizenID(number)
			require.NoError(t, err)
			assert.True(t, id.Checksum())
			assert.True(t, ValidCitizenID(number))
			assert.Equal(t, number, id.Reveal())
			assert.Equal(t, category, id.Category())
		})
	}
}

func TestWhatIsNotThirteenDigitsIsNoNumber(t *testing.T) {
	for _, text := range []string{
		"", "110170023070", "11017002307080", "1-1017-00230-70-8", "1101700 30708", "110170023070A",
		"๑๑๐๑๗๐๐๒๓๐๗๐๘", " 1101700230708", "1101700230708\n", "+101700230708", "             ",
	} {
		t.Run(fmt.Sprintf("%q", text), func(t *testing.T) {
			id, err := ParseCitizenID(text)
			require.EqualError(t, err, "not 13 digits", "without the value")
			assert.Zero(t, id.Reveal())
			assert.False(t, ValidCitizenID(text))
		})
	}
	assert.False(t, CitizenID{}.Checksum())
	assert.Empty(t, CitizenID{}.Category())
}

// slowCheckDigit follows the formula of thai-id-card §10.1 to the letter.
func slowCheckDigit(twelve string) string {
	sum := 0
	for i := 0; i <= 11; i++ {
		d, _ := strconv.Atoi(twelve[i : i+1])
		sum += d * (13 - i)
	}
	return strconv.Itoa((11 - sum%11) % 10)
}

// JOMDIESEL/Golang-thaiID forgets the last mod 10 and refuses good numbers. So
// every remainder is drawn, and every check digit tried.
func TestExactlyOneCheckDigitFitsWhateverTheRemainder(t *testing.T) {
	for remainder := range 11 {
		t.Run(fmt.Sprintf("remainder %d", remainder), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				digits := []byte(rapid.StringMatching(`[0-9]{12}`).Draw(t, "digits"))
				sum := 0
				for i, d := range digits {
					sum += int(d-'0') * (13 - i)
				}
				// The weights of the last two digits, 3 and 2, reach every remainder.
				for a := range 100 {
					digits[10], digits[11] = byte('0'+a/10), byte('0'+a%10)
					sum = 0
					for i, d := range digits {
						sum += int(d-'0') * (13 - i)
					}
					if sum%11 == remainder {
						break
					}
				}
				require.Equal(t, remainder, sum%11)

				good := string(digits) + slowCheckDigit(string(digits))
				for d := range 10 {
					number := string(digits) + strconv.Itoa(d)
					assert.Equal(t, number == good, ValidCitizenID(number))
				}
			})
		})
	}
}

// The weights differ by one and are below 11, so a changed digit always shows
// unless the two check digits that mod 10 folds together stand in for each other.
func TestOneWrongDigitIsNoticed(t *testing.T) {
	good := "1101700230708"
	for i := range good {
		for d := byte('0'); d <= '9'; d++ {
			number := good[:i] + string(d) + good[i+1:]
			assert.Equal(t, number == good || slowCheckDigit(number[:12]) == number[12:], ValidCitizenID(number))
		}
	}
}

func TestEveryFirstDigitHasACategory(t *testing.T) {
	seen := map[Category]bool{}
	for d := range 10 {
		twelve := strconv.Itoa(d) + "00000000000"
		id, err := ParseCitizenID(twelve + slowCheckDigit(twelve))
		require.NoError(t, err)
		assert.NotEmpty(t, id.Category())
		seen[id.Category()] = true
	}
	assert.Len(t, seen, 10)
}

// Issue 2: a wrong check digit is a finding about the card, and the number is
// shown.
func TestAWrongCheckDigitOnAChipIsAFinding(t *testing.T) {
	card := newCard()
	put(card.moi[0], 0x0004, 13, []byte("1101700230709"))
	id := mustRead(t, card, FieldCitizenID)
	assert.Equal(t, "1101700230709", id.CitizenID.Reveal())
	assert.Equal(t, []Finding{{PartCitizenID, FindingChecksumFailed}}, id.Findings)
	assert.Empty(t, mustRead(t, card, FieldSex).Findings, "nothing is said of a number that nobody asked for")
}

func TestANumberOnAChipThatIsNoneIsAnError(t *testing.T) {
	for _, text := range []string{"", "110170023070", "110170023070X", "1-1017-00230-"} {
		t.Run(fmt.Sprintf("%q", text), func(t *testing.T) {
			for _, field := range AllFields() {
				card := newCard()
				put(card.moi[0], 0x0004, 13, []byte(text))
				err := readFails(t, card, field)
				assertPart(t, err, PartCitizenID)
			}
		})
	}
}
