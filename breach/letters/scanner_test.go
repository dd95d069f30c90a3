package letters_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/breach/letters"
	"chipproof/exposure/detect"
)

// scanner is the product's own detector behind the interface that breach asks for.
type scanner struct{}

type classes struct{ found []string }

func (c *classes) Hit(h detect.Hit) {
	if h.Score >= detect.Threshold {
		c.found = append(c.found, string(h.Class))
	}
}

func (*classes) Miss(detect.Miss) {}

func (scanner) PersonalData(text string) ([]string, error) {
	var found classes
	detect.New().Find(&detect.Text{Bytes: []byte(text)}, &found)
	return found.found, nil
}

func TestB23OurOwnScannerReadsThePublicNotice(t *testing.T) {
	m, c := maker(t), whole(t)
	for _, digits := range []letters.Digits{letters.ArabicDigits, letters.ThaiDigits} {
		_, err := m.PublicNotice(c, draft(digits), scanner{})
		require.NoError(t, err, "the shipped wording holds nobody")
		for _, exposed := range []string{
			"ผู้ได้รับผลกระทบ เลขประจำตัวประชาชน 1101700230708",
			"1-1017-00230-70-8",
			"๑๑๐๑๗๐๐๒๓๐๗๐๘",
			"เช่น นางสาวสมมติ ทดลอง เลขบัตรประชาชน 8123456789011",
		} {
			told := *c.Prepared
			told.Effects = exposed
			public := c
			public.Prepared = &told
			_, err = m.PublicNotice(public, draft(digits), scanner{})
			require.ErrorIs(t, err, breach.ErrNoticeExposes, "%s is refused", exposed)
			var exposes *breach.ExposesError
			require.ErrorAs(t, err, &exposes)
			assert.Contains(t, exposes.Classes, string(detect.CitizenID))
		}
	}
}
