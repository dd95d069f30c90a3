package thaiid

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/apdu"
)

var (
	_ apdu.Transmitter = (*testCard)(nil)
	// atr18 reads TH NID 18 (thai-id-card §3).
	atr18 = []byte{0x3B, 0x79, 0x96, 0x00, 0x00, 0x54, 0x48, 0x20, 0x4E, 0x49, 0x44, 0x20, 0x31, 0x38}
	// atr67 begins as the cards do that want P2 01; the rest is invented.
	atr67 = []byte{0x3B, 0x67, 0x00, 0x00, 0x54, 0x48, 0x20, 0x4E, 0x49, 0x44, 0x20}
)

func mustRead(t testing.TB, card *testCard, fields ...Field) *Identity {
	t.Helper()
	id, err := Read(t.Context(), card, atr18, Options{Fields: fields})
	require.NoError(t, err)
	require.NotNil(t, id)
	return id
}

// readFails reads and demands an error and nothing else.
func readFails(t testing.TB, card *testCard, fields ...Field) error {
	t.Helper()
	id, err := Read(t.Context(), card, atr18, Options{Fields: fields})
	require.Error(t, err)
	require.Nil(t, id, "nothing partial leaves the package")
	return err
}

// assertPart demands a ReadError about a part.
func assertPart(t testing.TB, err error, part Part) {
	t.Helper()
	assert.ErrorIs(t, err, ErrAnswer)
	read, ok := errors.AsType[*ReadError](err)
	if assert.True(t, ok, "%v", err) {
		assert.Equal(t, part, read.Field)
	}
}

// dotnetthailand #3 asks for laser code, chip number and request number together;
// no other reader has them all.
func TestEveryFieldComesAsTheChipHasIt(t *testing.T) {
	id := mustRead(t, newCard(), AllFields()...)

	assert.Equal(t, "1101700230708", id.CitizenID.Reveal())
	assert.True(t, id.CitizenID.Checksum())
	assert.Equal(t, "นาย สมชาย ใจดี", id.Name.TH.Reveal())
	assert.Equal(t, "Mr. Somchai Jaidee", id.Name.EN.Reveal())
	assert.Equal(t, "1982-12-31", id.BirthDate.Reveal())
	assert.Equal(t, SexMale, id.Sex.Reveal())
	assert.Equal(t, "ตำบลหนองกะปุ", id.Address.Subdistrict.Reveal())
	assert.Equal(t, Version0003, id.Card.Version)
	assert.Equal(t, "01", id.Card.Type.Reveal())
	assert.Equal(t, "อำเภอบ้านลาด/เพชรบุรี", id.Card.Issuer.Reveal())
	assert.Equal(t, "7699001000001", id.Card.IssuerCode.Reveal())
	assert.Equal(t, "2020-01-15", id.Card.IssueDate.Reveal())
	assert.Equal(t, "2028-12-30", id.Card.ExpiryDate.Reveal())
	assert.Equal(t, "100000000001/01", id.Card.RequestNumber.Reveal())
	assert.Equal(t, "100000000001", id.Card.RequestNumber.BP1NO())
	assert.Equal(t, "9999-01-010101", id.Card.PhotoNumber.Reveal())
	assert.Equal(t, "0123456789abcdef", id.Card.ChipNumber.Reveal())
	assert.Equal(t, "JT0123456789", id.LaserCode.Reveal())
	assert.Equal(t, jpegOf(5118), id.Photo.Bytes())
	assert.Equal(t, [2]int{148, 178}, [2]int{id.Photo.Width, id.Photo.Height})
	require.NotNil(t, id.NHSO)
	assert.Equal(t, "สิทธิหลักประกันสุขภาพแห่งชาติ", id.NHSO.MainRight.Reveal())
	assert.Equal(t, "ช่วงอายุ 12-59 ปี", id.NHSO.SubRight.Reveal())
	assert.Equal(t, "โรงพยาบาลตัวอย่าง", id.NHSO.MainHospital.Reveal())
	assert.Equal(t, "สถานีอนามัยตัวอย่าง", id.NHSO.SubHospital.Reveal())
	assert.Equal(t, "1", id.NHSO.PaidType.Reveal())
	assert.Equal(t, "2020-01-15", id.NHSO.IssueDate.Reveal())
	assert.True(t, id.NHSO.ExpiryDate.Lifelong())
	assert.Equal(t, "2021", id.NHSO.UpdateDate.Reveal())
	assert.Equal(t, "2", id.NHSO.HospitalChanges.Reveal())
	assert.Empty(t, id.Findings)
}

func TestOnlyWhatWasAskedForIsInTheIdentity(t *testing.T) {
	all := mustRead(t, newCard(), AllFields()...)
	for _, field := range AllFields() {
		t.Run(string(field), func(t *testing.T) {
			got := mustRead(t, newCard(), field)
			want := &Identity{Fields: Fields{field}}
			switch field {
			case FieldCitizenID:
				want.CitizenID = all.CitizenID
			case FieldName:
				want.Name = all.Name
			case FieldBirthDate:
				want.BirthDate = all.BirthDate
			case FieldSex:
				want.Sex = all.Sex
			case FieldAddress:
				want.Address = all.Address
			case FieldCard:
				want.Card = all.Card
			case FieldPhoto:
				want.Photo = all.Photo
			case FieldLaserCode:
				want.LaserCode = all.LaserCode
			case FieldNHSO:
				want.NHSO = all.NHSO
			}
			assert.Equal(t, want, got)
		})
	}
}

func TestAReadMustAskForKnownFields(t *testing.T) {
	for name, fields := range map[string]Fields{"none": nil, "an unknown one": {FieldName, "religion"}} {
		t.Run(name, func(t *testing.T) {
			card := newCard()
			err := readFails(t, card, fields...)
			assert.ErrorIs(t, err, ErrFieldUnknown)
			assert.Empty(t, card.commands, "nothing was sent")
		})
	}
}

func TestAForeignCardIsUnsupported(t *testing.T) {
	for name, card := range map[string]*testCard{
		"no MOI applet": {},
		"no MOI applet, and a chip number of another shape":     {cplc: make([]byte, 42)},
		"no MOI applet, but others":                             {nhso: blocks{newNHSO()}, adm: newADM(), cplc: newCPLC()},
		"no MOI applet, and an NHSO applet with controls in it": {nhso: blocks{make([]byte, 0x180)}},
		"SELECT refused with another word": {on: func(_ int, c []byte) ([]byte, bool) {
			return word(0x6D00), c[1] == 0xA4
		}},
		"every command refused with 9710": {on: func(int, []byte) ([]byte, bool) { return word(0x9710), true }},
		"a card that never finishes its chip number": {on: func(_ int, c []byte) ([]byte, bool) {
			return []byte{0x61, 0x00}, c[1] == 0xCA || c[1] == 0xC0
		}},
	} {
		t.Run(name, func(t *testing.T) {
			err := readFails(t, card, AllFields()...)
			assert.ErrorIs(t, err, ErrUnsupported)
			assert.NotErrorIs(t, err, ErrAnswer)
		})
	}
}

// agent-security §11.20: the ATR is a hint and never decides.
func TestTheATRNeverDecides(t *testing.T) {
	for name, atr := range map[string][]byte{
		"none": nil, "over 33 bytes": bytes.Repeat([]byte{0x3B}, 64), "of a bank card": {0x3B, 0x65, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			id, err := Read(t.Context(), newCard(), atr, Options{Fields: TextFields()})
			require.NoError(t, err)
			assert.NotNil(t, id)
		})
	}
}

// thai-id-card §14.9: a rule copied by all and seen by none, so either form of
// GET RESPONSE must do for either ATR.
func TestTheFormOfGetResponse(t *testing.T) {
	for _, row := range []struct {
		name  string
		atr   []byte
		wants byte
		extra int // exchanges for finding out
	}{
		{"a 3B 67 card that wants 01", atr67, 1, 0},
		{"a 3B 67 card that wants 00", atr67, 0, 1},
		{"a current card that wants 00", atr18, 0, 0},
		{"a current card that wants 01", atr18, 1, 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			card := newCard()
			card.responseP2 = row.wants
			id, err := Read(t.Context(), card, row.atr, Options{Fields: TextFields()})
			require.NoError(t, err)
			assert.Equal(t, "1101700230708", id.CitizenID.Reveal())
			assert.Equal(t, 9+row.extra, card.sinceMOI())
		})
	}
}

func TestReadersThatFetchByThemselves(t *testing.T) {
	card := newCard()
	card.direct = true
	id := mustRead(t, card, AllFields()...)
	assert.Equal(t, mustRead(t, newCard(), AllFields()...), id)
	assert.Equal(t, 1+23+1, card.sinceMOI(), "one exchange a read")
}

func TestProgressCountsUpToItsEnd(t *testing.T) {
	for name, row := range map[string]struct {
		card   func() *testCard
		fields Fields
		last   int
	}{
		"text":                             {newCard, TextFields(), 1 + 3 + 1},
		"everything":                       {newCard, AllFields(), 1 + 1 + 2 + 23 + 1},
		"one field":                        {newCard, Fields{FieldSex}, 1 + 1},
		"a small photo":                    {withPhoto(jpegOf(700)), Fields{FieldPhoto}, 1 + 3 + 1},
		"no NHSO applet":                   {without(func(c *testCard) { c.nhso = blocks{} }), AllFields(), 1 + 1 + 23 + 1},
		"part by part":                     {without(func(c *testCard) { c.refuse = acrossParts }), TextFields(), 1 + 14 + 1},
		"part by part, health right first": {without(func(c *testCard) { c.refuse = acrossParts }), Fields{FieldNHSO}, 9 + 2 + 1},
		"version 0002":                     {newCard0002, TextFields(), 1 + 1 + 3 + 1},
	} {
		t.Run(name, func(t *testing.T) {
			var seen []Progress
			_, err := Read(t.Context(), row.card(), atr18, Options{
				Fields: row.fields, Progress: func(p Progress) { seen = append(seen, p) },
			})
			require.NoError(t, err)
			for i, p := range seen {
				assert.Equal(t, i+1, p.Step)
				assert.GreaterOrEqual(t, p.Of, p.Step)
			}
			assert.Equal(t, Progress{row.last, row.last}, seen[len(seen)-1])
		})
	}
}

func withPhoto(jpeg []byte) func() *testCard {
	return without(func(c *testCard) { putPhoto(c.moi[0], jpeg) })
}

// without is a new card with something changed.
func without(change func(*testCard)) func() *testCard {
	return func() *testCard {
		card := newCard()
		change(card)
		return card
	}
}

// acrossParts refuses what goes across two rows of the layout table.
func acrossParts(block, from, to int) uint16 {
	e := extent{block<<16 + from, block<<16 + to}
	for _, layout := range [][]Segment{MOI, MOI0002, NHSO} {
		if !(plan{layout: layout}).merges(e) {
			return 0
		}
	}
	return 0x6B00
}

// Everything that the reader or the context says is handed on, at any exchange,
// and is no fault of the card.
func TestWhatTheReaderSaysIsHandedOnAtEveryExchange(t *testing.T) {
	whole := newCard()
	mustRead(t, whole, AllFields()...)
	gone := errors.New("card removed")
	for n := range whole.commands {
		card := newCard()
		card.fail, card.failAt = gone, n
		err := readFails(t, card, AllFields()...)
		assert.ErrorIs(t, err, gone, "at exchange %d", n)
		assert.NotErrorIs(t, err, ErrAnswer, "at exchange %d", n)
		assert.Len(t, card.commands, n+1, "the first error ends the read")
	}
}

func TestACancelledReadStopsAtEveryExchange(t *testing.T) {
	whole := newCard()
	mustRead(t, whole, AllFields()...)
	for n := range whole.commands {
		ctx, cancel := context.WithCancel(t.Context())
		card := newCard()
		card.on = func(i int, _ []byte) ([]byte, bool) {
			if i == n {
				cancel()
			}
			return nil, false
		}
		id, err := Read(ctx, card, atr18, Options{Fields: AllFields()})
		if n == len(whole.commands)-1 {
			require.NoError(t, err, "all was there already")
			continue
		}
		require.ErrorIs(t, err, context.Canceled)
		assert.Nil(t, id)
		assert.Len(t, card.commands, n+1)
	}
}

// Status words of the card at any exchange. go-thai-smartcard reads a refusal as
// an empty name, and in cortexcloud's reader all fields may fail without an
// error; 97 10 is success to the latter. Here it is a refusal, and 90 00 without
// data is no field. Only where another way is open (part by part, or an applet
// that need not be there) does the read go on.
func TestAStatusWordAtEveryExchangeIsNeverAnEmptyField(t *testing.T) {
	whole := mustRead(t, newCard(), AllFields()...)
	count := newCard()
	mustRead(t, count, AllFields()...)
	for _, status := range []uint16{0x6A82, 0x6986, 0x6F00, 0x9710, 0x9000} {
		for n := range count.commands {
			t.Run(fmt.Sprintf("%04X at %d", status, n), func(t *testing.T) {
				card := newCard()
				card.on = func(i int, _ []byte) ([]byte, bool) { return word(status), i == n }
				id, err := Read(t.Context(), card, atr18, Options{Fields: AllFields()})
				if err != nil {
					assert.Nil(t, id)
					assert.True(t, errors.Is(err, ErrAnswer) || errors.Is(err, ErrUnsupported), "%v", err)
					return
				}
				// What is there is what the card holds; what is not is said.
				if id.Card.ChipNumber.Reveal() == "" {
					assert.Contains(t, id.Findings, Finding{PartChipNumber, FindingNotAvailable})
					id.Card.ChipNumber = whole.Card.ChipNumber
				}
				if id.LaserCode.Reveal() == "" {
					assert.Contains(t, id.Findings, Finding{PartLaserCode, FindingNotAvailable})
					id.LaserCode = whole.LaserCode
				}
				if id.NHSO == nil {
					id.NHSO = whole.NHSO
				}
				id.Findings = nil
				assert.Equal(t, whole, id)
			})
		}
	}
}
