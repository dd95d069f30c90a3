package proofing_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"
)

// identityOf is what the chip of a synthetic person says, who was changed first.
func identityOf(tb testing.TB, person string, change func(*simulator.Person)) *thaiid.Identity {
	tb.Helper()
	p, err := simulator.PersonNamed(person)
	require.NoError(tb, err)
	if change != nil {
		change(&p)
	}
	card, err := simulator.NewCard(p, simulator.CardOptions{})
	require.NoError(tb, err)
	id, err := thaiid.Read(tb.Context(), card, card.ATR(), thaiid.Options{Fields: thaiid.AllFields()})
	require.NoError(tb, err)
	return id
}

// compared sets one claim against the chip.
func compared(tb testing.TB, id *thaiid.Identity, name, claim string) string {
	tb.Helper()
	c, err := proofing.Compare(proof.NewClaimed(map[string]string{name: claim}), id)
	require.NoError(tb, err)
	switch {
	case len(c.Differing) > 0:
		assert.Equal(tb, []string{name}, c.Differing)
		return "differs"
	case len(c.Unknown) > 0:
		assert.Equal(tb, []string{name}, c.Unknown)
		return "unknown"
	}
	return "agrees"
}

func TestNamesAndNumbersAreComparedAsPeopleWriteThem(t *testing.T) {
	som := identityOf(t, "default", nil)
	som2 := identityOf(t, "default", func(p *simulator.Person) {
		p.Name.TH = simulator.Name{Title: "น.ส.", First: "น้ำฝน", Middle: "แก้ว", Last: "ณ ป่าเพ็ชร"}
		p.Name.EN = &simulator.Name{Title: "Miss", First: "Anna Maria", Last: "O'Neil-Smith"}
	})
	officer := identityOf(t, "default", func(p *simulator.Person) { p.Name.TH.Title = "พ.ต.อ." })
	noEnglish := identityOf(t, "no-english-name", nil)
	noLaser := identityOf(t, "default", func(p *simulator.Person) { p.LaserCode = "" })
	for _, row := range []struct {
		id                *thaiid.Identity
		name, claim, want string
	}{
		{som, "citizen_id", "1101700230708", "agrees"},
		{som, "citizen_id", "1-1017-00230-70-8", "agrees"},
		{som, "citizen_id", "1 1017 00230 70 8", "agrees"},
		{som, "citizen_id", "๑๑๐๑๗๐๐๒๓๐๗๐๘", "agrees"},
		{som, "citizen_id", "\u200b1101700230708\ufeff", "agrees"},
		{som, "citizen_id", "１１０１７００２３０７０８", "agrees"},
		{som, "citizen_id", "1101700230709", "differs"},
		{som, "citizen_id", "110170023070", "differs"},
		{som, "citizen_id", "-", "differs"},

		{som, "first_name", "สมชาย", "agrees"},
		{som, "first_name", " สม ชาย ", "agrees"},
		{som, "first_name", "สม\u200bชาย", "agrees"},
		{som, "first_name", "นายสมชาย", "agrees"},
		{som, "first_name", "นาย สมชาย", "agrees"},
		{som, "first_name", "SOMCHAI", "agrees"},
		{som, "first_name", "somchai", "agrees"},
		{som, "first_name", "Mr.Somchai", "agrees"},
		{som, "first_name", "Mr Somchai", "agrees"},
		{som, "first_name", "นางสมชาย", "differs"},
		{som, "first_name", "สมชัย", "differs"},
		{som, "first_name", "นาย", "differs"},
		{som, "last_name", "ใจดี", "agrees"},
		{som, "last_name", "JAIDEE", "agrees"},
		{som, "last_name", "ใจดำ", "differs"},
		{som, "last_name", "สมชาย", "differs"},
		{som, "middle_name", "กลาง", "differs"},

		{som2, "first_name", "นางสาวน้ำฝน", "agrees"},
		{som2, "first_name", "น.ส. น้ำฝน", "agrees"},
		{som2, "first_name", "นส.น้ำฝน", "differs"}, // no form of a title
		{som2, "first_name", "น\u0e4d\u0e49\u0e32ฝน", "agrees"},
		{som2, "first_name", "น\u0e49\u0e4d\u0e32ฝน", "agrees"},
		{som2, "first_name", "นำฝน", "differs"},
		{som2, "middle_name", "เเก้ว", "agrees"}, // two เ for one แ
		{som2, "last_name", "ณป่าเพ็ชร", "agrees"},
		{som2, "first_name", "ANNA MARIA", "agrees"},
		{som2, "first_name", "Annamaria", "agrees"},
		{som2, "last_name", "o'neil-smith", "agrees"},
		{som2, "last_name", "O'Neil\u2010Smith", "agrees"},
		{som2, "last_name", "Smith", "differs"},

		{som, "title", "นาย", "agrees"},
		{som, "title", "Mr", "agrees"},
		{som, "title", "MR.", "agrees"},
		{som, "title", "นาง", "differs"},
		{som2, "title", "นางสาว", "agrees"},
		{som2, "title", "น.ส.", "agrees"},
		{som2, "title", "นส", "agrees"},
		{som2, "title", "Miss", "agrees"},
		{som2, "title", "นาง", "differs"},
		{som2, "title", "Mrs.", "differs"},
		{officer, "title", "พันตำรวจเอก", "agrees"},
		{officer, "title", "พตอ.", "agrees"},
		{officer, "title", "พันตำรวจโท", "differs"},
		{officer, "first_name", "พันตำรวจเอกสมชาย", "agrees"},
		{noEnglish, "title", "เด็กชาย", "agrees"},
		{noEnglish, "title", "Master", "unknown"},
		{noEnglish, "first_name", "Panya", "unknown"},
		{noEnglish, "first_name", "ปัญญา", "agrees"},
		{noEnglish, "first_name", "เด็กชายปัญญา", "agrees"},
		{noEnglish, "first_name", "ปัญจา", "differs"},
		{noEnglish, "middle_name", "Klang", "unknown"},
		{noEnglish, "middle_name", "กลาง", "differs"},

		{som, "laser_code", "JT1234567890", "agrees"},
		{som, "laser_code", "JT1-2345678-90", "agrees"},
		{som, "laser_code", "jt1 2345678 90", "agrees"},
		{som, "laser_code", "JT๑๒๓๔๕๖๗๘๙๐", "agrees"},
		{som, "laser_code", "JT1234567891", "differs"},
		{noLaser, "laser_code", "JT1234567890", "unknown"},
	} {
		assert.Equal(t, row.want, compared(t, row.id, row.name, row.claim), "%s %q", row.name, row.claim)
	}
}

// What is nothing once all that people don't mean is overlooked agrees with nothing,
// not with what the card leaves empty either; and an empty value of the card is
// silence.
func TestAClaimOfNothingNeverAgrees(t *testing.T) {
	som := identityOf(t, "default", nil)
	named := identityOf(t, "default", func(p *simulator.Person) { p.Name.EN = &simulator.Name{First: "Somchai"} }) // and no more
	nameless := identityOf(t, "default", func(p *simulator.Person) {
		p.Name.TH, p.Name.EN, p.Address, p.LaserCode = simulator.Name{}, nil, simulator.Address{}, ""
	})
	bare := identityOf(t, "default", func(p *simulator.Person) {
		p.Address = simulator.Address{Subdistrict: "ตำบล", District: "อำเภอ", Province: "จังหวัด"}
	})
	names := []string{"title", "first_name", "middle_name", "last_name", "address", "laser_code"}
	for _, claim := range []string{" ", "\u200b", "\ufeff\u00a0\t", "\u2060\u200d", "\u00ad"} {
		for _, name := range names {
			assert.NotEqual(t, "agrees", compared(t, som, name, claim), "%s %q", name, claim)
			assert.NotEqual(t, "agrees", compared(t, named, name, claim), "%s %q", name, claim)
			assert.Equal(t, "unknown", compared(t, nameless, name, claim), "%s %q", name, claim)
		}
		assert.Equal(t, "differs", compared(t, som, "citizen_id", claim))
		assert.Equal(t, "differs", compared(t, som, "birth_date", claim))
	}
	for name, claim := range map[string]string{"title": "...", "citizen_id": "--", "laser_code": "-", "address": "บ้านเลขที่ , 76150"} {
		assert.Equal(t, "differs", compared(t, named, name, claim), name)
	}
	for name, claim := range map[string]string{"title": "นาย", "first_name": "สมชาย", "middle_name": "กลาง", "last_name": "ใจดี", "address": "99/9"} {
		assert.Equal(t, "unknown", compared(t, nameless, name, claim), name)
	}
	for _, claim := range []string{"76150", "ต.", "99/9 ม.3 ต.หนองกะปุ"} {
		assert.Equal(t, "unknown", compared(t, bare, "address", claim), "an address of its words alone: %q", claim)
	}
	assert.Equal(t, "differs", compared(t, som, "middle_name", "กลาง"), "who has a name and no middle name has none")
}

func TestBirthDatesAreComparedAsFarAsTheChipKnowsThem(t *testing.T) {
	for _, group := range []struct {
		chip            string
		agree, disagree []string
	}{
		{"25251231", []string{
			"2525-12-31", "1982-12-31", "31/12/2525", "31.12.1982", "31-12-2525", "31 12 2525", "๓๑/๑๒/๒๕๒๕", "25251231", "19821231",
			"31122525", "31121982", "31 ธันวาคม 2525", "31 ธ.ค. 2525", "31 ธ.ค.2525", "31 ธันวาคม พ.ศ. ๒๕๒๕", "31 Dec. 1982", "31 December 1982",
			"31-DEC-1982", "2525/12/31", "31/\u200b12/2525", " 31 / 12 / 2525 ",
		}, []string{
			"2525-12-30", "1983-12-31", "2526-12-31", "12/31/2525", "31/12/82", "31/12/25", "2525-12", "2525", "2525-12-00", "25251200",
			"31", "-", "วันเกิด", "31 ธันวา 2525", "2525-12-31-1", "31/12/2525 12:00", "99999999", "00000000", "31/13/2525", "12 2525 31",
		}},
		{"24930100", []string{"2493-01", "1950-01", "01/2493", "ม.ค. 2493", "2493-01-15", "15/1/1950", "24930100", "24930115"}, []string{"2493", "2493-02", "1951-01-15"}},
		{"24930000", []string{"2493", "1950", "2493-05-01", "1/5/2493", "24930000", "00/00/2493"}, []string{"2494", "1949", "93"}},
	} {
		id := identityOf(t, "default", func(p *simulator.Person) { p.BirthDate = group.chip })
		for _, claim := range group.agree {
			assert.Equal(t, "agrees", compared(t, id, "birth_date", claim), "%s %q", group.chip, claim)
		}
		for _, claim := range group.disagree {
			assert.Equal(t, "differs", compared(t, id, "birth_date", claim), "%s %q", group.chip, claim)
		}
	}
	blank := identityOf(t, "default", func(p *simulator.Person) { p.BirthDate = "" })
	assert.Equal(t, "unknown", compared(t, blank, "birth_date", "2525-12-31"))
}

func TestEveryMonthHasItsNames(t *testing.T) {
	names := [12][]string{
		{"มกราคม", "ม.ค.", "January", "Jan"},
		{"กุมภาพันธ์", "ก.พ.", "February", "Feb"},
		{"มีนาคม", "มี.ค.", "March", "Mar"},
		{"เมษายน", "เม.ย.", "April", "Apr"},
		{"พฤษภาคม", "พ.ค.", "May"},
		{"มิถุนายน", "มิ.ย.", "June", "Jun"},
		{"กรกฎาคม", "ก.ค.", "July", "Jul"},
		{"สิงหาคม", "ส.ค.", "August", "Aug"},
		{"กันยายน", "ก.ย.", "September", "Sep", "Sept"},
		{"ตุลาคม", "ต.ค.", "October", "Oct"},
		{"พฤศจิกายน", "พ.ย.", "November", "Nov"},
		{"ธันวาคม", "ธ.ค.", "December", "Dec"},
	}
	for i := range names {
		id := identityOf(t, "default", func(p *simulator.Person) { p.BirthDate = fmt.Sprintf("2525%02d05", i+1) })
		for j, all := range names {
			for _, name := range all {
				want := "differs"
				if i == j {
					want = "agrees"
				}
				assert.Equal(t, want, compared(t, id, "birth_date", "5 "+name+" 2525"), "month %d: %s", i+1, name)
			}
		}
	}
}

func TestAddressesAreComparedWithTheirWordsInAnyForm(t *testing.T) {
	village := identityOf(t, "default", nil) // 99/9 หมู่ที่ 3 ตำบลหนองกะปุ อำเภอบ้านลาด จังหวัดเพชรบุรี
	bangkok := identityOf(t, "default", func(p *simulator.Person) {
		p.Address = simulator.Address{
			HouseNo: "100", Trok: "ตรอกข้าวสาร", Soi: "ซอยตัวอย่าง 11", Road: "ถนนสุขุมวิท",
			Subdistrict: "แขวงคลองเตยเหนือ", District: "เขตวัฒนา", Province: "กรุงเทพมหานคร",
		}
	})
	mueang := identityOf(t, "default", func(p *simulator.Person) {
		p.Address.District = "อำเภอเมืองเพชรบุรี"
	})
	blank := identityOf(t, "default", func(p *simulator.Person) { p.Address = simulator.Address{} })
	for _, row := range []struct {
		id          *thaiid.Identity
		claim, want string
	}{
		{village, "99/9 หมู่ที่ 3 ตำบลหนองกะปุ อำเภอบ้านลาด จังหวัดเพชรบุรี", "agrees"},
		{village, "99/9 ม.3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี", "agrees"},
		{village, "99/9 หมู่ 3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี 76150", "agrees"},
		{village, "๙๙/๙ หมู่ที่ ๓ ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี ๗๖๑๕๐", "agrees"},
		{village, "99/9 ม. 3 ต. หนองกะปุ อ. บ้านลาด จ. เพชรบุรี รหัสไปรษณีย์ 76150", "agrees"},
		{village, "99/9 ม3 ต หนองกะปุ อ บ้านลาด จ เพชรบุรี", "agrees"},
		{village, "บ้านเลขที่ 99/9 หมู่ 3, ต.หนองกะปุ, อ.บ้านลาด, เพชรบุรี", "agrees"},
		{village, "99/9 หมู่ 3 หนองกะปุ บ้านลาด เพชรบุรี", "agrees"},
		{village, "99/9ม.3ต.หนองกะปุอ.บ้านลาดจ.เพชรบุรี", "agrees"},
		{village, "99/9 หมู่ที่ 4 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี", "differs"},
		{village, "99/93 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี", "differs"},
		{village, "99/9 3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี", "differs"},
		{village, "99/9 ซอย 3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี", "differs"},
		{village, "99/9 ม.3 อ.หนองกะปุ ต.บ้านลาด จ.เพชรบุรี", "differs"},
		{village, "99/9 ม.3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี 7615", "differs"},
		{village, "99/9 ม.3 ต.หนองกะปุ อ.บ้านลาด จ.ราชบุรี", "differs"},
		{village, "99/9 ม.3 ต.หนองกะปุ อ.บ้านลาด", "differs"},
		{village, "99/9 Moo 3 Nong Kapu, Ban Lat, Phetchaburi", "differs"},
		{village, "99/9 ม.3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี \ue001", "agrees"}, // our own signs can't be typed
		{village, "76150", "differs"},
		{blank, "99/9 ม.3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี", "unknown"},
		{bangkok, "100 ตรอกข้าวสาร ซ.ตัวอย่าง 11 ถ.สุขุมวิท แขวงคลองเตยเหนือ เขตวัฒนา กรุงเทพมหานคร", "agrees"},
		{bangkok, "100 ตรอกข้าวสาร ซ.ตัวอย่าง 11 ถ.สุขุมวิท แขวงคลองเตยเหนือ เขตวัฒนา กทม. 10110", "agrees"},
		{bangkok, "100 ตรอกข้าวสาร ซอยตัวอย่าง 11 ถนนสุขุมวิท คลองเตยเหนือ วัฒนา กรุงเทพฯ 10110", "agrees"},
		{bangkok, "100 ตรอกข้าวสาร ซอยตัวอย่าง11 ถนนสุขุมวิท ต.คลองเตยเหนือ อ.วัฒนา จ.กรุงเทพมหานคร", "agrees"},
		{bangkok, "100 ตรอกข้าวสาร ซอยตัวอย่าง 11 ถนนสุขุมวิท แขวงคลองเตยเหนือ เขตวัฒนา กทม", "agrees"},
		{bangkok, "100 ซอยตัวอย่าง 11 ถนนสุขุมวิท แขวงคลองเตยเหนือ เขตวัฒนา กทม", "differs"},
		{bangkok, "100 ตรอกข้าวสาร ซอยตัวอย่าง 11 แขวงคลองเตยเหนือ เขตวัฒนา กทม", "differs"},
		{mueang, "99/9 ม.3 ต.หนองกะปุ อ.เมืองเพชรบุรี จ.เพชรบุรี", "agrees"},
		{mueang, "99/9 ม.3 ต.หนองกะปุ อ.เมือง จ.เพชรบุรี 76000", "agrees"},
		{mueang, "99/9 ม.3 ต.หนองกะปุ อ.เมืองเพชรบุรี จ.เพชรบุรี 76000", "agrees"},
		{mueang, "99/9 ม.3 ต.หนองกะปุ อ.เมือง จ.ราชบุรี", "differs"},
	} {
		assert.Equal(t, row.want, compared(t, row.id, "address", row.claim), "%q", row.claim)
	}
}

func TestWhatMustBeReadToCompare(t *testing.T) {
	claimed := proof.NewClaimed(map[string]string{"title": "นาย", "last_name": "ใจดี", "laser_code": "JT1234567890", "birth_date": "2525-12-31"})
	fields := proofing.ClaimFields(claimed)
	assert.Equal(t, thaiid.Fields{thaiid.FieldName, thaiid.FieldBirthDate, thaiid.FieldLaserCode}, fields)
	assert.Empty(t, proofing.ClaimFields(proof.Claimed{}))

	id := identityOf(t, "default", nil)
	id.Fields = thaiid.Fields{thaiid.FieldName, thaiid.FieldBirthDate}
	_, err := proofing.Compare(claimed, id)
	require.Error(t, err, "what wasn't read neither agrees nor differs")
	assert.ErrorContains(t, err, "laser_code")
	assert.NotContains(t, err.Error(), "JT12")
}

func TestTheComparisonAsAFact(t *testing.T) {
	id := identityOf(t, "no-english-name", nil)
	for _, row := range []struct {
		claimed map[string]string
		want    proofing.Outcome
		fields  []string
	}{
		{nil, proofing.NotDone, nil},
		{map[string]string{"first_name": "ปัญญา"}, proofing.Passed, nil},
		{map[string]string{"first_name": "Panya"}, proofing.Indeterminate, nil},
		{map[string]string{"first_name": "Panya", "last_name": "อื่น", "citizen_id": "1000000000190"}, proofing.Failed, []string{"citizen_id", "last_name"}},
	} {
		f, err := proofing.TypedAgainstChip(proof.NewClaimed(row.claimed), id, now())
		require.NoError(t, err)
		assert.Equal(t, proofing.TypedMatchesChip, f.Kind)
		assert.Equal(t, row.want, f.Outcome)
		assert.Equal(t, row.fields, f.Fields)
		if f.Outcome != proofing.NotDone {
			assert.Equal(t, proofing.StampOf(now()), f.At)
			assert.Equal(t, proofing.ByAgent, f.By)
			assert.Equal(t, proofing.ByComparison, f.How)
		}
		for _, value := range row.claimed {
			assert.NotContains(t, fmt.Sprintf("%+v", f), value, "the fact names fields and no values")
		}
	}
}

func TestProperty4AValueThatDiffersFailsAndVetoesWhateverElseWasDone(t *testing.T) {
	id := identityOf(t, "default", nil)
	right := map[string]string{
		"citizen_id": "1101700230708", "title": "นาย", "first_name": "สมชาย", "last_name": "ใจดี", "birth_date": "2525-12-31",
		"laser_code": "JT1234567890", "address": "99/9 ม.3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี",
	}
	rapid.Check(t, func(rt *rapid.T) {
		c, schemes := anyCase(t, rt)
		claimed := map[string]string{}
		for name, value := range right {
			if rapid.Bool().Draw(rt, "claims "+name) {
				claimed[name] = value
			}
		}
		wrong := rapid.SampledFrom(append(proof.ClaimedNames(), "")).Draw(rt, "wrong")
		if wrong != "" {
			// Letters of no abbreviation: พศ, for one, is overlooked behind a date.
			claimed[wrong] = right[wrong] + rapid.StringMatching(`[ฅฆฌ]{1,3}`).Draw(rt, "more")
		}
		f, err := proofing.TypedAgainstChip(proof.NewClaimed(claimed), id, now())
		require.NoError(rt, err)
		c.Facts = with(c.Facts, f)
		v := proofing.Decide(c, schemes)

		switch {
		case wrong != "":
			assert.Equal(rt, proofing.Failed, f.Outcome)
			assert.Equal(rt, []string{wrong}, f.Fields)
			assert.Equal(rt, proofing.Rejected, v.Decision)
			assert.Contains(rt, v.Reasons, "typed_matches_chip_failed")
		case len(claimed) > 0:
			assert.Equal(rt, proofing.Passed, f.Outcome)
			assert.NotContains(rt, v.Reasons, "typed_matches_chip_failed")
		}
	})
}

// Whatever is put between the letters that nobody sees, a value stays itself.
func TestSpacesAndInvisibleCharactersNeverMatter(t *testing.T) {
	id := identityOf(t, "default", nil)
	rapid.Check(t, func(rt *rapid.T) {
		var typed strings.Builder
		for _, r := range "สมชาย" {
			typed.WriteString(strings.Repeat(rapid.SampledFrom([]string{" ", "\u00a0", "\u200b", "\u200d", "\u2060", "\ufeff", "\t"}).Draw(rt, "unseen"),
				rapid.IntRange(0, 2).Draw(rt, "times")))
			typed.WriteRune(r)
		}
		assert.Equal(rt, "agrees", compared(t, id, "first_name", typed.String()))
	})
}
