package issuer

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

// wholly is a card of which everything was read.
func wholly(tb testing.TB, key string, change ...func(*simulator.Person)) (*thaiid.Identity, question) {
	tb.Helper()
	holder := person(tb, key)
	for _, c := range change {
		c(&holder)
	}
	card, err := simulator.NewCard(holder, simulator.CardOptions{})
	require.NoError(tb, err)
	identity, err := thaiid.Read(tb.Context(), card, card.ATR(), thaiid.Options{Fields: thaiid.TextFields()})
	require.NoError(tb, err)
	return identity, question{holder: identity}
}

func TestTheIssuersWordsAreFreedOfTheHolder(t *testing.T) {
	_, village := wholly(t, "default") // born 31 December 2525, card of 15 January 2567 to 30 December 2575
	_, city := wholly(t, "default", func(p *simulator.Person) {
		p.Name.TH = simulator.Name{Title: "น.ส.", First: "น้ำฝน", Middle: "แก้ว", Last: "ณ ป่าเพ็ชร"}
		p.Name.EN = &simulator.Name{Title: "Miss", First: "Anna Maria", Last: "Li"}
		p.Address = simulator.Address{
			HouseNo: "1/2", Soi: "ซอยตัวอย่าง 11", Road: "ถนนสุขุมวิท", Subdistrict: "แขวงคลองเตยเหนือ", District: "เขตวัฒนา", Province: "กรุงเทพมหานคร",
		}
	})
	_, year := wholly(t, "default", func(p *simulator.Person) { p.BirthDate = "24930000" })
	for _, row := range []struct {
		q          question
		said, want string
	}{
		{village, "บัตรของ นาย สมชาย ใจดี บ้านเลขที่ 99/9 หมู่ที่ 3 ถูกยกเลิก", "บัตรของ นาย … … บ้านเลขที่ … … ถูกยกเลิก"},
		{village, "นายสมชายใจดี ย้ายไป ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี", "นาย…… ย้ายไป ต.… อ.… จ.…"},
		{village, "๙๙/๙ หมู่ ๓, ม.3", "… หมู่ …, ม.…"},
		{village, "MR. SOMCHAI JAIDEE", "MR. … …"},
		{village, "199/92 ข้อ 13 รหัส 33/3", "199/92 ข้อ 13 รหัส 33/3"}, // other numbers
		{village, "เกิด 31 ธันวาคม 2525", "เกิด …"},
		{village, "เกิด 31 ธ.ค. พ.ศ. 2525 จริง", "เกิด … จริง"},
		{village, "born 31/12/1982, 1982-12-31, 31 Dec 1982", "born …, …, …"},
		{village, "๓๑/๑๒/๒๕๒๕ หรือ 31.12.25 หรือ 31/12/82", "… หรือ … หรือ …"},
		{village, "เกิดปี 2525 (1982)", "เกิดปี … (…)"},
		{village, "ทำบัตร 15/01/2567 หมดอายุ 30 ธ.ค. 2575", "ทำบัตร … หมดอายุ …"},
		{village, "แจ้งย้ายวันที่ 12/05/2567 (รหัส 1234)", "แจ้งย้ายวันที่ 12/05/2567 (รหัส 1234)"},
		{village, "ปี 2567", "ปี 2567"}, // when many cards were made
		{city, "น\u0e4d\u0e49\u0e32ฝน เเก้ว ณ ป่าเพ็ชร", "… … …"},
		{city, "คุณป่าเพ็ชร ณ วันนี้", "คุ… ณ วันนี้"}, // a letter too much
		{city, "anna, LI, maria", "…, …, …"},
		{city, "Anna  Maria Li", "… …"},
		{city, "police, valid", "police, valid"}, // short names inside of words
		{city, "1/2 ตัวอย่าง 11 สุขุมวิท คลองเตยเหนือ วัฒนา กทม. กรุงเทพฯ", "… … … … … …. …ฯ"},
		{city, "11/2 1/2567", "11/2 1/2567"},
		{year, "เกิด พ.ศ. 2493 หรือ 1950", "เกิด พ.ศ. … หรือ …"},
	} {
		assert.Equal(t, row.want, words(row.said, row.q), row.said)
	}
}

func TestWhatTheIssuerAlwaysSaysIsLeftWhoeverIsAskedAbout(t *testing.T) {
	for _, p := range people() {
		_, q := wholly(t, p.Key)
		for _, said := range []string{"สถานะปกติ", "บัตรสิ้นสภาพการใช้งาน เนื่องจากกรณี การเปลี่ยนที่อยู่", "สถานะไม่ปกติ => ไม่พบเลข Laser จาก PID นี้"} {
			assert.Equal(t, said, words(said, q), p.Key)
		}
	}
}

// Whoever is asked about, and whatever of them is said beside other words: no part
// of a name or an address is left, nor the date of birth.
func TestNoPartOfAHolderIsLeftInTheWords(t *testing.T) {
	type holder struct {
		q     question
		parts []string
	}
	var all []holder
	for _, p := range people() {
		id, q := wholly(t, p.Key)
		h := holder{q: q}
		for _, part := range []thaiid.Text{
			id.Name.TH.First, id.Name.TH.Middle, id.Name.TH.Last, id.Name.EN.First, id.Name.EN.Middle, id.Name.EN.Last,
			id.Address.HouseNo, id.Address.Trok, id.Address.Soi, id.Address.Road, id.Address.Subdistrict, id.Address.District, id.Address.Province,
		} {
			if utf8.RuneCountInString(part.Reveal()) >= sure { // shorter ones stand in other words by chance
				h.parts = append(h.parts, part.Reveal())
			}
		}
		if year, month, day := id.BirthDate.Parts(); day != 0 {
			h.parts = append(h.parts, fmt.Sprintf("%d/%d/%d", day, month, year+543), fmt.Sprintf("%04d-%02d-%02d", year, month, day))
		}
		all = append(all, h)
	}
	rapid.Check(t, func(t *rapid.T) {
		h := rapid.SampledFrom(all).Draw(t, "holder")
		if len(h.parts) == 0 {
			return
		}
		said := rapid.SliceOfN(rapid.SampledFrom(append(h.parts, "บัตร", "ยกเลิก", "card", "12/05/2567")), 1, 6).Draw(t, "said")
		kept := words(strings.Join(said, rapid.SampledFrom([]string{" ", ", ", "\t", " \u200b"}).Draw(t, "between")), h.q)
		for _, part := range h.parts {
			require.NotContains(t, kept, part)
		}
		checkWords(t, kept)
	})
}

func TestACardKeepsItsHolderToItself(t *testing.T) {
	id, _ := wholly(t, "default")
	card := CardOf(id)
	for _, printed := range []string{fmt.Sprintf("%v", card), fmt.Sprintf("%+v", card), fmt.Sprintf("%#v", card), fmt.Sprintf("%+v", &card)} {
		for _, part := range []string{"สมชาย", "ใจดี", "Somchai", "หนองกะปุ", "25251231", "1982"} {
			assert.NotContains(t, printed, part)
		}
	}
}
