package proofing_test

import (
	"context"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/simulator"
)

// Proof §10 is made here from a card: what the page shows and what the code does
// are one and the same, byte for byte, but for what is made anew each time and
// the digest of a photo that only the page's author has.
func TestTheExampleOfThePageComesOut(t *testing.T) {
	d := newDesk(t, "default")
	d.changes(func(holder *simulator.Person) {
		holder.Card.RequestNumber, holder.Card.IssueDate, holder.Card.ExpiryDate = "100012345678", "25650501", "25731230"
	})
	then := time.Date(2026, 11, 21, 9, 30, 2, 0, proofing.Thailand())
	d.office.Clock.Forward(then.Sub(d.office.Clock.Now()))
	d.asksIssuer(d.card.Person())
	a := d.asks(func(r *proof.Request) {
		r.Nonce = "WYVxNuwz3RBEhnJKM4LvVh2tOdXI9WRUPYqA_qa0klM"
		r.Fields, r.Needs, r.IssuerCheck = append(textFields(), "photo"), []string{"face_visual", "card_inspected"}, true
	})
	a.Operator.AuthTime = 1795222961
	result, err := d.prover.Prove(t.Context(), a, agrees(""), nil)
	require.NoError(t, err)
	require.Equal(t, proofing.Accepted, result.Verdict.Decision, result.Verdict.Reasons)

	made, err := d.opened(result.Proof).Reveal()
	require.NoError(t, err)
	page, err := os.ReadFile("proof/testdata/proof.json")
	require.NoError(t, err)
	assert.Equal(t, settled(t, page), settled(t, made))
}

var (
	stamps  = regexp.MustCompile(`2026-11-21T09:30:[0-9]{2}\+07:00`)
	seconds = regexp.MustCompile(`"(iat|nbf|exp)":[0-9]+`)
)

// settled is a proof's claims with those values made alike that no two proofs
// share: jti, txn, times, and the photo's digest.
func settled(t *testing.T, claims jsontext.Value) string {
	t.Helper()
	require.NoError(t, claims.Compact())
	var p struct {
		ID    string `json:"jti"`
		Txn   string `json:"txn"`
		Photo struct {
			Value string `json:"value"`
		} `json:"urn:chipproof:claim:photo_digest"`
	}
	require.NoError(t, json.Unmarshal(claims, &p))
	text := string(claims)
	for _, changes := range []string{p.ID, p.Txn, p.Photo.Value} {
		require.NotEmpty(t, changes)
		text = strings.ReplaceAll(text, changes, "…")
	}
	return stamps.ReplaceAllString(seconds.ReplaceAllString(text, `"$1":0`), "2026-11-21T00:00:00+07:00")
}

// What the card leaves blank is left out, and what it has in part is not made
// whole: row by row of proof §3, "Card data to claims".
func TestCardDataToClaims(t *testing.T) {
	for key, want := range map[string]string{
		"default":         `{"salutation#th":"นาย","given_name#th":"สมชาย","family_name#th":"ใจดี","salutation#en":"Mr.","given_name#en":"Somchai","family_name#en":"Jaidee","birthdate":"1982-12-31","gender":"male","address":{"formatted":"99/9 หมู่ที่ 3 ตำบลหนองกะปุ อำเภอบ้านลาด จังหวัดเพชรบุรี","street_address":"99/9 หมู่ที่ 3","locality":"ตำบลหนองกะปุ อำเภอบ้านลาด","region":"จังหวัดเพชรบุรี","country_code":"THA"},"urn:chipproof:claim:th_citizen_id":"1101700230708"}`,
		"middle-name":     `{"salutation#th":"น.ส.","given_name#th":"สมหญิง","middle_name#th":"แก้วตา","family_name#th":"ณ ตัวอย่าง","salutation#en":"Miss","given_name#en":"Somying","middle_name#en":"Kaewta","family_name#en":"Na Tuayang","birthdate":"2000-02-29","gender":"female","address":{"formatted":"77/7 หมู่ที่ 7 ตำบลสุเทพ อำเภอเมืองเชียงใหม่ จังหวัดเชียงใหม่","street_address":"77/7 หมู่ที่ 7","locality":"ตำบลสุเทพ อำเภอเมืองเชียงใหม่","region":"จังหวัดเชียงใหม่","country_code":"THA"},"urn:chipproof:claim:th_citizen_id":"1000000000190"}`,
		"month-only":      `{"salutation#th":"นาย","given_name#th":"บุญมี","family_name#th":"มีสุข","salutation#en":"Mr.","given_name#en":"Boonmee","family_name#en":"Meesuk","birthdate":"1958","gender":"male","address":{"formatted":"4/1 หมู่ที่ 1 ตรอกวัดตัวอย่าง ตำบลในเมือง อำเภอเมืองขอนแก่น จังหวัดขอนแก่น","street_address":"4/1 หมู่ที่ 1 ตรอกวัดตัวอย่าง","locality":"ตำบลในเมือง อำเภอเมืองขอนแก่น","region":"จังหวัดขอนแก่น","country_code":"THA"},"urn:chipproof:claim:th_citizen_id":"3111111111115","urn:chipproof:claim:birth_date":{"date":"1958-04","precision":"month","buddhist":"25010400"}}`,
		"year-only":       `{"salutation#th":"นาง","given_name#th":"ทองดี","family_name#th":"ศรีสุข","salutation#en":"Mrs.","given_name#en":"Thongdee","family_name#en":"Srisuk","birthdate":"1950","gender":"female","address":{"formatted":"12 หมู่ที่ 7 ตำบลบางตัวอย่าง อำเภอเมืองเชียงใหม่ จังหวัดเชียงใหม่","street_address":"12 หมู่ที่ 7","locality":"ตำบลบางตัวอย่าง อำเภอเมืองเชียงใหม่","region":"จังหวัดเชียงใหม่","country_code":"THA"},"urn:chipproof:claim:th_citizen_id":"3000000000005","urn:chipproof:claim:birth_date":{"date":"1950","precision":"year","buddhist":"24930000"}}`,
		"sparse":          `{"given_name#th":"มะ","address":{"formatted":"จังหวัดแม่ฮ่องสอน","region":"จังหวัดแม่ฮ่องสอน","country_code":"THA"},"urn:chipproof:claim:th_citizen_id":"6123456789015","urn:chipproof:claim:birth_date":{"date":"","precision":"none","buddhist":"        "}}`,
		"no-english-name": `{"salutation#th":"ด.ช.","given_name#th":"ปัญญา","family_name#th":"ใหม่มาก","birthdate":"2019-05-20","gender":"male","address":{"formatted":"3 หมู่ที่ 4 ตำบลตลาดเหนือ อำเภอเมืองภูเก็ต จังหวัดภูเก็ต","street_address":"3 หมู่ที่ 4","locality":"ตำบลตลาดเหนือ อำเภอเมืองภูเก็ต","region":"จังหวัดภูเก็ต","country_code":"THA"},"urn:chipproof:claim:th_citizen_id":"1000000000025"}`,
	} {
		t.Run(key, func(t *testing.T) {
			d := newDesk(t, key)
			result, err := d.prover.Prove(t.Context(), d.asks(nil), agrees(proofing.PrintedInForce), nil)
			require.NoError(t, err)
			require.Equal(t, proofing.Accepted, result.Verdict.Decision, result.Verdict.Reasons)
			claims, err := json.Marshal(d.opened(result.Proof).Verified.Reveal().Claims)
			require.NoError(t, err)
			assert.Equal(t, want, string(claims))
		})
	}
}

// A date of the card is in the proof when its day is known, and never otherwise.
func TestTheDocumentHasFullDatesOnly(t *testing.T) {
	for key, want := range map[string]proof.DocumentDetails{
		"lifelong":     {DocumentNumber: "90980000004/00000004", SerialNumber: "00aa00bb00cc0004", DateOfIssuance: "2022-01-10"},
		"blank-expiry": {DocumentNumber: "32010000005/00000005", SerialNumber: "00aa00bb00cc0005", DateOfIssuance: "2019-08-01"},
		"sparse":       {DateOfIssuance: "2024-01-01", DateOfExpiry: "2033-12-31"},
	} {
		d := newDesk(t, key)
		want.Type = "idcard"
		want.Issuer = proof.Party{
			Name: "กรมการปกครอง (Department of Provincial Administration)", CountryCode: "THA", Jurisdiction: d.card.Person().Card.Issuer,
		}
		result, err := d.prover.Prove(t.Context(), d.asks(nil), agrees(proofing.PrintedInForce), nil)
		require.NoError(t, err)
		require.Equal(t, proofing.Accepted, result.Verdict.Decision, result.Verdict.Reasons)
		assert.Equal(t, &want, d.opened(result.Proof).Verified.Reveal().Verification.Evidence[0].DocumentDetails, key)
	}
}

// The digest is of the very bytes that travel beside the proof.
func TestThePhotoIsBoundByItsDigest(t *testing.T) {
	d := newDesk(t, "default")
	result, err := d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) { r.Fields = []string{"name", "photo"} }), agrees(""), nil)
	require.NoError(t, err)
	p, photo := d.opened(result.Proof), result.Identity.Photo.Bytes()
	assert.NoError(t, proof.Demand{}.Check(p, photo, d.office.Clock.Now()))
	photo[100] ^= 1
	assert.ErrorIs(t, proof.Demand{}.Check(p, photo, d.office.Clock.Now()), proof.ErrPhoto)
	assert.Error(t, proof.Demand{}.Check(p, nil, d.office.Clock.Now()))

	result, err = d.prover.Prove(t.Context(), d.asks(func(r *proof.Request) { r.Fields = []string{"name", "photo"} }),
		person(func(context.Context, proofing.View, []proofing.Kind) ([]proofing.Fact, error) { return nil, nil }), nil)
	require.NoError(t, err)
	assert.Nil(t, d.opened(result.Proof).PhotoDigest, "no photo travels with what was not accepted")
}
