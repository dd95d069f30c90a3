package simulator_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"chipproof/proofing/thaiid"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What was written on a card comes back from it, field by field. What is
// expected here is worked out from the person's file by this test alone.
func TestEveryShippedPersonReadsBackFieldByField(t *testing.T) {
	for _, p := range simulator.People() {
		for name, protocol := range map[string]simulator.Protocol{"T=0": simulator.T0, "T=1": simulator.T1} {
			t.Run(p.Key+" "+name, func(t *testing.T) {
				card, err := simulator.NewCard(p, simulator.CardOptions{Protocol: protocol})
				require.NoError(t, err)
				identity, err := thaiid.Read(t.Context(), card, card.ATR(), thaiid.Options{Fields: thaiid.AllFields()})
				require.NoError(t, err)
				got := identity.Document()

				assert.Equal(t, p.CitizenID, got.CitizenID)
				require.NotNil(t, got.Name)
				assert.Equal(t, nameOf(&p.Name.TH), got.Name.TH)
				assert.Equal(t, nameOf(p.Name.EN), got.Name.EN)
				require.NotNil(t, got.BirthDate)
				assert.Equal(t, dateOf(p.BirthDate), *got.BirthDate)
				assert.Equal(t, map[string]string{"1": "male", "2": "female", "3": "unspecified"}[p.Sex], got.Sex)
				require.NotNil(t, got.Address)
				assert.Equal(t, addressOf(p.Address), *got.Address)
				require.NotNil(t, got.Card)
				assert.Equal(t, faceOf(p), *got.Card)
				photo, err := p.JPEG()
				require.NoError(t, err)
				require.NotNil(t, got.Photo)
				assert.Equal(t, []int{148, 178}, []int{got.Photo.Width, got.Photo.Height})
				assert.True(t, string(photo) == string(got.Photo.Data), "the photo, to the last byte")
				assert.Equal(t, p.LaserCode, got.LaserCode)
				assert.Equal(t, rightOf(p.NHSO), got.NHSO)
				assert.Equal(t, p.CheckDigit == "wrong", hasFinding(got, "citizen_id", "checksum_failed"))
			})
		}
	}
}

func nameOf(n *simulator.Name) thaiid.NamePartsDocument {
	if n == nil {
		return thaiid.NamePartsDocument{}
	}
	return thaiid.NamePartsDocument{Title: n.Title, FirstName: n.First, MiddleName: n.Middle, LastName: n.Last}
}

// ce is 543 years before the Buddhist era, for the years that the people have.
var ce = map[string]string{
	"2485": "1942", "2493": "1950", "2494": "1951", "2501": "1958", "2510": "1967", "2515": "1972", "2525": "1982", "2527": "1984",
	"2528": "1985", "2530": "1987", "2533": "1990", "2535": "1992", "2538": "1995", "2543": "2000", "2558": "2015", "2562": "2019",
	"2565": "2022", "2566": "2023", "2567": "2024", "2568": "2025", "2569": "2026", "2575": "2032", "2576": "2033", "2577": "2034", "2578": "2035",
}

func dateOf(eight string) thaiid.DateDocument {
	d := thaiid.DateDocument{Precision: "none", Buddhist: eight}
	switch {
	case eight == "":
		d.Buddhist = strings.Repeat(" ", 8)
	case eight == "99999999":
	case eight[4:] == "0000":
		d.Precision, d.Date = "year", ce[eight[:4]]
	case eight[6:] == "00":
		d.Precision, d.Date = "month", ce[eight[:4]]+"-"+eight[4:6]
	default:
		d.Precision, d.Date = "day", ce[eight[:4]]+"-"+eight[4:6]+"-"+eight[6:]
	}
	return d
}

func expiryOf(eight string) thaiid.ExpiryDocument {
	d := dateOf(eight)
	return thaiid.ExpiryDocument{Date: d.Date, Precision: d.Precision, Buddhist: d.Buddhist, Lifelong: eight == "99999999"}
}

func addressOf(a simulator.Address) thaiid.AddressDocument {
	var text []string
	for _, part := range []string{a.HouseNo, a.Moo, a.Trok, a.Soi, a.Road, a.Subdistrict, a.District, a.Province} {
		if part != "" {
			text = append(text, part)
		}
	}
	return thaiid.AddressDocument{
		HouseNo: a.HouseNo, Moo: a.Moo, Trok: a.Trok, Soi: a.Soi, Road: a.Road,
		Subdistrict: a.Subdistrict, District: a.District, Province: a.Province, Text: strings.Join(text, " "),
	}
}

func faceOf(p simulator.Person) thaiid.CardDocument {
	return thaiid.CardDocument{
		Version: p.Card.Version, Type: p.Card.Type, Issuer: p.Card.Issuer, IssuerCode: p.Card.IssuerCode,
		IssueDate: dateOf(p.Card.IssueDate), ExpiryDate: expiryOf(p.Card.ExpiryDate),
		RequestNumber: p.Card.RequestNumber, PhotoNumber: p.Card.PhotoNumber, ChipNumber: p.Chip.Number,
	}
}

func rightOf(n *simulator.NHSO) *thaiid.NHSODocument {
	if n == nil {
		return nil
	}
	return &thaiid.NHSODocument{
		MainRight: n.MainRight, SubRight: n.SubRight, MainHospital: n.MainHospital, SubHospital: n.SubHospital, PaidType: n.PaidType,
		IssueDate: dateOf(n.IssueDate), ExpiryDate: expiryOf(n.ExpiryDate), UpdateDate: dateOf(n.UpdateDate), HospitalChanges: n.HospitalChanges,
	}
}

func hasFinding(d thaiid.Document, field, code string) bool {
	for _, f := range d.Findings {
		if string(f.Field) == field && string(f.Code) == code {
			return true
		}
	}
	return false
}

// Rows 16, 21 and 22 of agent-security §11 are people who lie.
func TestAPersonWhoLiesIsACardErrorThatNamesThePart(t *testing.T) {
	for name, overwrite := range map[string]struct{ part, bytes, blamed string }{
		"text that is not TIS-620":      {"name.th", "ffff", "name.th"},
		"a control character in a text": {"address", "07", "address"},
		"letters in a date":             {"birth_date", hex.EncodeToString([]byte("DEC")), "birth_date"},
		"a citizen number with a space": {"citizen_id", "20", "citizen_id"},
		"a photo that is no JPEG":       {"photo", "0000", "photo"},
	} {
		p := person(t, "default")
		p.Overwrite = map[string]string{overwrite.part: overwrite.bytes}
		card, err := simulator.NewCard(p, simulator.CardOptions{})
		require.NoError(t, err)
		_, err = thaiid.Read(t.Context(), card, card.ATR(), thaiid.Options{Fields: thaiid.AllFields()})
		blame, found := errors.AsType[*thaiid.ReadError](err)
		require.True(t, found, "%s: %v", name, err)
		assert.Equal(t, overwrite.blamed, string(blame.Field), name)
	}
}

func TestAPhotoLengthThatLiesIsFoundOut(t *testing.T) {
	for _, length := range []string{"0000", "0003", "ffff", "13ff", "0800"} {
		p := person(t, "default")
		p.Overwrite = map[string]string{"photo.length": length}
		card, err := simulator.NewCard(p, simulator.CardOptions{})
		require.NoError(t, err)
		identity, err := thaiid.Read(t.Context(), card, card.ATR(), thaiid.Options{Fields: thaiid.Fields{thaiid.FieldPhoto}})
		require.NoError(t, err)
		photo, err := p.JPEG()
		require.NoError(t, err)
		assert.True(t, bytes.Equal(photo, identity.Document().Photo.Data), length)
	}
}

// The text of the default person costs no more than design §9 allows, which
// shows that the card answers as sparingly as a real one.
func TestTheReaderNeedsAsFewExchangesAsTheDesignAllows(t *testing.T) {
	card := cardOf(t, "full-photo", simulator.CardOptions{})
	_, err := thaiid.Read(t.Context(), card, card.ATR(), thaiid.Options{Fields: thaiid.Fields{thaiid.FieldCitizenID, thaiid.FieldName, thaiid.FieldAddress}})
	require.NoError(t, err)
	assert.LessOrEqual(t, card.Exchanges(), 9)
}

func TestATranscriptOfARealReadReadsBackAsSomebodyElse(t *testing.T) {
	for _, p := range simulator.People() {
		t.Run(p.Key, func(t *testing.T) {
			card, err := simulator.NewCard(p, simulator.CardOptions{})
			require.NoError(t, err)
			recorder := simulator.NewRecorder(card, card.ATR(), today)
			options := thaiid.Options{Fields: thaiid.AllFields()}
			identity, err := thaiid.Read(t.Context(), recorder, card.ATR(), options)
			require.NoError(t, err)
			original := identity.Document()

			encoded, err := recorder.Transcript().Encode()
			require.NoError(t, err)
			transcript, err := simulator.ParseTranscript(encoded)
			require.NoError(t, err)
			replay := simulator.NewReplay(transcript)
			identity, err = thaiid.Read(t.Context(), replay, replay.ATR(), options)
			require.NoError(t, err, "a card that can be read can be read from its transcript")
			masked := identity.Document()

			assert.Contains(t, []string{"1000000000190", "1000000000191"}, masked.CitizenID)
			assert.Equal(t, original.BirthDate.Precision, masked.BirthDate.Precision)
			assert.Equal(t, original.Card.ExpiryDate.Precision, masked.Card.ExpiryDate.Precision)
			assert.Equal(t, original.Card.ExpiryDate.Lifelong, masked.Card.ExpiryDate.Lifelong)
			assert.Equal(t, original.Card.Version, masked.Card.Version)
			assert.Len(t, masked.Photo.Data, len(original.Photo.Data))
			assert.Equal(t, original.Photo.Width, masked.Photo.Width)
			assert.Len(t, masked.Name.TH.FirstName, len(original.Name.TH.FirstName))
			assert.Equal(t, original.NHSO == nil, masked.NHSO == nil)
			assert.Equal(t, hasFinding(original, "citizen_id", "checksum_failed"), hasFinding(masked, "citizen_id", "checksum_failed"))
		})
	}
}
