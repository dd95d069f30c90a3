//go:build cgo && linux

package pcsc_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

// The whole path for every shipped person: the file, the card made from it,
// vpcd, pcscd, the driver, the reading. What is expected is made from the
// person's file alone, never by the reader's own decoding.
func TestEveryShippedPersonIsReadAsTheirFileSays(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		b = b.equipped(t, 4)
		people := simulator.People()
		require.GreaterOrEqual(t, len(people), 12)
		for i, s := range b.slots {
			t.Run(s.Reader, func(t *testing.T) {
				t.Parallel()
				for n := i; n < len(people); n += len(b.slots) {
					s.insert(t, cardOf(t, people[n]))
					id, err := s.readAll(t.Context(), nil)
					if assert.NoError(t, err, people[n].Key) {
						assertSame(t, people[n], id.Document())
					}
					_ = s.remove()
				}
			})
		}
	})
}

// No Thai card is known to speak T=1, and no reader takes that for granted.
func TestACardThatSpeaksT1IsReadAsWell(t *testing.T) {
	t.Parallel()
	onBench(t, func(t *testing.T, b *bench) {
		p, s := person(t, "default"), b.slots[0]
		// T0 = 87: TD1 and seven historical bytes; TD1 = 01: T=1 alone; then TCK.
		onlyT1 := append([]byte{0x3B, 0x87, 0x01}, "TH NID "...)
		onlyT1 = append(onlyT1, checkByte(onlyT1[1:]))
		card, err := simulator.NewCard(p, simulator.CardOptions{Protocol: simulator.T1, ATR: onlyT1})
		require.NoError(t, err)
		s.insert(t, card)
		id, err := s.readAll(t.Context(), nil)
		require.NoError(t, err)
		assertSame(t, p, id.Document())
	})
}

// checkByte is TCK, the exclusive or of all bytes from T0 on (ISO/IEC 7816-3 §8.2.5).
func checkByte(of []byte) (tck byte) {
	for _, b := range of {
		tck ^= b
	}
	return tck
}

// assertSame compares what was read with the person's file, member by member.
func assertSame(t *testing.T, p simulator.Person, got thaiid.Document) {
	t.Helper()
	wanted, read := members(t, expected(t, p)), members(t, got)
	for name, want := range wanted {
		assert.Equal(t, want, read[name], "%s: %s", p.Key, name)
	}
	for name := range read {
		assert.Contains(t, wanted, name, p.Key)
	}
}

// members is a document as a web app gets it; a Document itself shows nothing.
func members(t *testing.T, document any) map[string]any {
	t.Helper()
	encoded, err := json.Marshal(document)
	require.NoError(t, err)
	var out map[string]any
	require.NoError(t, json.Unmarshal(encoded, &out))
	return out
}

// object is a JSON object.
type object = map[string]any

// expected is the identity document of design §5 for a person.
func expected(t *testing.T, p simulator.Person) object {
	t.Helper()
	jpeg, err := p.JPEG()
	require.NoError(t, err)
	version := cmp.Or(p.Card.Version, "0003")
	var english simulator.Name
	if p.Name.EN != nil {
		english = *p.Name.EN
	}
	photoNumber := p.Card.PhotoNumber
	if version == "0002" {
		photoNumber = "" // such a card has no place for it
	}
	out := object{
		"citizen_id": p.CitizenID,
		"name":       object{"th": nameOf(p.Name.TH), "en": nameOf(english)},
		"birth_date": dateOf(p.BirthDate),
		"sex":        map[string]string{"1": "male", "2": "female", "3": "unspecified", "": "unknown"}[p.Sex],
		"address":    addressOf(p.Address),
		"card": object{
			"version": version, "type": cmp.Or(p.Card.Type, "01"),
			"issuer": p.Card.Issuer, "issuer_code": p.Card.IssuerCode,
			"issue_date": dateOf(p.Card.IssueDate), "expiry_date": expiryOf(p.Card.ExpiryDate),
			"request_number": p.Card.RequestNumber, "photo_number": photoNumber, "chip_number": p.Chip.Number,
		},
		"photo": object{"media_type": "image/jpeg", "width": 148, "height": 178, "data": jpeg},
	}
	if p.LaserCode != "" {
		out["laser_code"] = p.LaserCode
	}
	if p.NHSO != nil {
		out["nhso"] = object{
			"main_right": p.NHSO.MainRight, "sub_right": p.NHSO.SubRight,
			"main_hospital": p.NHSO.MainHospital, "sub_hospital": p.NHSO.SubHospital, "paid_type": p.NHSO.PaidType,
			"issue_date": dateOf(p.NHSO.IssueDate), "expiry_date": expiryOf(p.NHSO.ExpiryDate),
			"update_date": dateOf(p.NHSO.UpdateDate), "hospital_changes": p.NHSO.HospitalChanges,
		}
	}
	if findings := findingsOf(p, version); len(findings) > 0 {
		out["findings"] = findings
	}
	return members(t, out)
}

func findingsOf(p simulator.Person, version string) (findings []object) {
	add := func(when bool, field, code string) {
		if when {
			findings = append(findings, object{"field": field, "code": code})
		}
	}
	add(p.CheckDigit == "wrong", "citizen_id", "checksum_failed")
	add(p.Chip.Number == "", "card.chip_number", "not_available")
	add(p.LaserCode == "", "laser_code", "not_available")
	add(version == "0002", "card", "version_unproven")
	return findings
}

func nameOf(n simulator.Name) object {
	return object{"title": n.Title, "first_name": n.First, "middle_name": n.Middle, "last_name": n.Last}
}

func addressOf(a simulator.Address) object {
	var parts []string
	for _, part := range []string{a.HouseNo, a.Moo, a.Trok, a.Soi, a.Road, a.Subdistrict, a.District, a.Province} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return object{
		"house_no": a.HouseNo, "moo": a.Moo, "trok": a.Trok, "soi": a.Soi, "road": a.Road,
		"subdistrict": a.Subdistrict, "district": a.District, "province": a.Province, "text": strings.Join(parts, " "),
	}
}

// dateOf is a date of the Buddhist era as exact as it is (thai-id-card §6).
func dateOf(buddhist string) object {
	out := object{"date": "", "precision": "none", "buddhist": fmt.Sprintf("%8s", buddhist)}
	if buddhist == "" || buddhist == "99999999" {
		return out
	}
	year, err := strconv.Atoi(buddhist[:4])
	if err != nil {
		return out
	}
	out["date"], out["precision"] = strconv.Itoa(year-543), "year"
	if month := buddhist[4:6]; month != "00" {
		out["date"], out["precision"] = fmt.Sprintf("%d-%s", year-543, month), "month"
		if day := buddhist[6:]; day != "00" {
			out["date"], out["precision"] = fmt.Sprintf("%d-%s-%s", year-543, month, day), "day"
		}
	}
	return out
}

func expiryOf(buddhist string) object {
	out := dateOf(buddhist)
	out["lifelong"] = buddhist == "99999999"
	return out
}
