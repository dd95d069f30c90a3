package breach_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

func TestA14NoEventHoldsACitizenNumberOrALaserCode(t *testing.T) {
	d := open(t)
	d.keeper.Reader = finds{"1101700230708": "th_citizen_id", "JT1234567890": "th_laser_code", "สมชาย": "th_name"}
	fact := breach.Fact{SeenAt: at(d.now), Source: "งานทะเบียน"}
	for text, class := range map[string]string{"พบ 1101700230708 ในไฟล์": "th_citizen_id", "รหัส JT1234567890": "th_laser_code"} {
		fact.Text = text
		err := d.refuses(fact)
		require.ErrorIs(t, err, breach.ErrTextExposes)
		var held *breach.TextError
		require.ErrorAs(t, err, &held)
		assert.Equal(t, []string{class}, held.Classes)
		assert.NotContains(t, err.Error(), text)
	}
	fact.Text = "นายสมชายโทรมาแจ้ง"
	d.record(fact) // a name may be needed to tell what happened
	// In a list within a body, too.
	list := checklist(breach.Physical)
	list.Items[1].Evidence = "1101700230708"
	require.ErrorIs(t, d.refuses(list), breach.ErrTextExposes)
}

// everything finds something in every text.
type everything struct{ seen []string }

func (e *everything) PersonalData(text string) ([]string, error) {
	e.seen = append(e.seen, text)
	return nil, nil
}

func TestDigestsAndTimesAreNotReadForNumbers(t *testing.T) {
	d := open(t)
	reader := &everything{}
	d.keeper.Reader = reader
	d.record(aware(d.now), breach.Linked{To: breach.LinkFinding, Ref: "site.v1", Digest: digest})
	assert.NotContains(t, reader.seen, digest)
	assert.NotContains(t, reader.seen, at(d.now).String())
	assert.Contains(t, reader.seen, "site.v1")
	assert.Contains(t, reader.seen, aware(d.now).Basis)
}

type blind struct{}

func (blind) PersonalData(string) ([]string, error) { return nil, errors.New("no light") }

func TestATextThatNobodyCouldReadIsNotKept(t *testing.T) {
	d := open(t)
	d.keeper.Reader = blind{}
	require.ErrorIs(t, d.refuses(credible()), breach.ErrNoReader)
}

func TestAHistoryIsReadBackWhateverAReaderWouldSayOfIt(t *testing.T) {
	d := open(t)
	d.keeper.Reader = nil
	d.record(breach.Fact{SeenAt: at(d.now), Source: "ก", Text: "1101700230708"})
	_, err := breach.Replay(d.c.Events, breach.Shipped())
	assert.NoError(t, err, "a scanner that learned more must not break what was recorded")
}
