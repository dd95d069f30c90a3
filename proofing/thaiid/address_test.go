package thaiid

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func slots(a Address) [8]string {
	return [8]string{
		a.HouseNo.Reveal(), a.Moo.Reveal(), a.Trok.Reveal(), a.Soi.Reveal(), a.Road.Reveal(),
		a.Subdistrict.Reveal(), a.District.Reveal(), a.Province.Reveal(),
	}
}

// thai-id-card §6, §14.4 and the complaints of rivals.md. All addresses are invented.
func TestAddressesAreTakenApart(t *testing.T) {
	for _, row := range []struct {
		name, raw string
		want      [8]string
		unplaced  bool
	}{
		{
			name: "as most are", raw: "99/9#หมู่ที่ 3####ตำบลหนองกะปุ#อำเภอบ้านลาด#จังหวัดเพชรบุรี",
			want: [8]string{"99/9", "หมู่ที่ 3", "", "", "", "ตำบลหนองกะปุ", "อำเภอบ้านลาด", "จังหวัดเพชรบุรี"},
		},
		{
			name: "thai-smartcard-nodejs PR #4: Bangkok stands bare and keeps its name, its district is a เขต",
			raw:  "1##ตรอกวัด#ซอยทดสอบ 5#ถนนทดลอง#แขวงวังใหม่#เขตปทุมวัน#กรุงเทพมหานคร",
			want: [8]string{"1", "", "ตรอกวัด", "ซอยทดสอบ 5", "ถนนทดลอง", "แขวงวังใหม่", "เขตปทุมวัน", "กรุงเทพมหานคร"},
		},
		{
			name: "chakphanu: part 3 is the trok, part 4 the soi, without prefixes too",
			raw:  "1##วัดใหม่#ทดสอบ 5##ตำบลก#อำเภอข#จังหวัดค",
			want: [8]string{"1", "", "วัดใหม่", "ทดสอบ 5", "", "ตำบลก", "อำเภอข", "จังหวัดค"},
		},
		{
			name: "go-thai-smartcard #7: a soi in the place of the trok is still the soi",
			raw:  "1##ซอยทดสอบ 5###ตำบลก#อำเภอข#จังหวัดค",
			want: [8]string{"1", "", "", "ซอยทดสอบ 5", "", "ตำบลก", "อำเภอข", "จังหวัดค"},
		},
		{
			name: "prefixes beat positions, all the way round",
			raw:  "1#ถนนทดลอง#ซอยทดสอบ#ตรอกวัด#หมู่ที่ 4#ตำบลก#อำเภอข#จังหวัดค",
			want: [8]string{"1", "หมู่ที่ 4", "ตรอกวัด", "ซอยทดสอบ", "ถนนทดลอง", "ตำบลก", "อำเภอข", "จังหวัดค"},
		},
		{
			name: "two lanes: each stays where it stands",
			raw:  "1##ซอยใหญ่#ซอยเล็ก##ตำบลก#อำเภอข#จังหวัดค",
			want: [8]string{"1", "", "ซอยใหญ่", "ซอยเล็ก", "", "ตำบลก", "อำเภอข", "จังหวัดค"},
		},
		{
			name: "a lane by prefix displaces one by position",
			raw:  "1##ซอยใหญ่#แยก 2##ตำบลก#อำเภอข#จังหวัดค",
			want: [8]string{"1", "", "", "ซอยใหญ่", "", "ตำบลก", "อำเภอข", "จังหวัดค"}, unplaced: true,
		},
		{
			name: "a road whose name begins like a district",
			raw:  "1####เขตทหาร#ตำบลก#อำเภอข#จังหวัดค",
			want: [8]string{"1", "", "", "", "เขตทหาร", "ตำบลก", "อำเภอข", "จังหวัดค"},
		},
		{
			name: "a province without its prefix, by position",
			raw:  "1#####ก#ข#เพชรบุรี",
			want: [8]string{"1", "", "", "", "", "ก", "ข", "เพชรบุรี"},
		},
		{
			name: "four parts: house number and the last three",
			raw:  "99/9#ตำบลก#อำเภอข#จังหวัดค",
			want: [8]string{"99/9", "", "", "", "", "ตำบลก", "อำเภอข", "จังหวัดค"},
		},
		{
			name: "six parts, the middle by prefix",
			raw:  "99/9#ซอยทดสอบ#หมู่ที่ 3#แขวงก#เขตข#กรุงเทพมหานคร",
			want: [8]string{"99/9", "หมู่ที่ 3", "", "ซอยทดสอบ", "", "แขวงก", "เขตข", "กรุงเทพมหานคร"},
		},
		{
			name: "seven parts, one that can't be placed",
			raw:  "99/9#หมู่ที่ 3#บ้านสวน#ถนนทดลอง#ตำบลก#อำเภอข#จังหวัดค",
			want: [8]string{"99/9", "หมู่ที่ 3", "", "", "ถนนทดลอง", "ตำบลก", "อำเภอข", "จังหวัดค"}, unplaced: true,
		},
		{
			name: "three parts go by their prefixes",
			raw:  "99/9#อำเภอข#จังหวัดค",
			want: [8]string{"99/9", "", "", "", "", "", "อำเภอข", "จังหวัดค"},
		},
		{
			name: "one part",
			raw:  "99/9",
			want: [8]string{"99/9"},
		},
		{
			name: "two parts, the second unknown",
			raw:  "99/9#บ้านสวน",
			want: [8]string{"99/9"}, unplaced: true,
		},
		{
			name: "one mark too many at the end",
			raw:  "99/9#หมู่ที่ 3####ตำบลก#อำเภอข#จังหวัดค#",
			want: [8]string{"99/9", "หมู่ที่ 3", "", "", "", "ตำบลก", "อำเภอข", "จังหวัดค"},
		},
		{
			name: "one part too many in the middle",
			raw:  "99/9#หมู่ที่ 3#####ตำบลก#อำเภอข#จังหวัดค",
			want: [8]string{"99/9", "หมู่ที่ 3", "", "", "", "ตำบลก", "อำเภอข", "จังหวัดค"},
		},
		{name: "blank", raw: "", want: [8]string{}},
		{name: "marks alone", raw: "#######", want: [8]string{}},
	} {
		t.Run(row.name, func(t *testing.T) {
			raw := make([]byte, 160)
			put(raw, 0, 160, tis(row.raw))
			got, unplaced, err := decodeAddress(raw)
			require.NoError(t, err)
			assert.Equal(t, row.want, slots(got))
			assert.Equal(t, row.unplaced, unplaced)
			assert.Equal(t, joinText(strings.Split(row.raw, "#")), got.Text.Reveal(), "the text holds everything")
		})
	}
}

// thai-id-card §14.5: those who read 100 bytes of 160 cut long addresses.
func TestAnAddressLongerThan100BytesIsWhole(t *testing.T) {
	long := "199/99#หมู่ที่ 12#ตรอกทดสอบยาวมาก#ซอยทดสอบยาวมากกว่า 55#ถนนทดลองที่มีชื่อยาวมากจริง ๆ#ตำบลตัวอย่างที่ยาว#อำเภอตัวอย่างที่ยาว#จังหวัดตัวอย่าง"
	require.Greater(t, len(tis(long)), 100)
	card := newCard()
	put(card.moi[0], 0x1579, 160, tis(long))
	id := mustRead(t, card, FieldAddress)
	assert.Equal(t, "จังหวัดตัวอย่าง", id.Address.Province.Reveal())
	assert.Equal(t, strings.ReplaceAll(long, "#", " "), id.Address.Text.Reveal())
}

func TestAPartThatFitsNoFieldIsAFinding(t *testing.T) {
	card := newCard()
	put(card.moi[0], 0x1579, 160, tis("99/9#บ้านสวน#ตำบลก#อำเภอข#จังหวัดค"))
	id := mustRead(t, card, FieldAddress)
	assert.Equal(t, []Finding{{PartAddress, FindingPartUnplaced}}, id.Findings)
	assert.Equal(t, "99/9 บ้านสวน ตำบลก อำเภอข จังหวัดค", id.Address.Text.Reveal())
}

// Whatever the parts: each stands in one field at most, and none is changed.
func TestNoPartOfAnAddressIsInventedOrDoubled(t *testing.T) {
	part := rapid.OneOf(
		rapid.Just(""), rapid.StringMatching(`[0-9]{1,3}/[0-9]{1,2}`),
		rapid.SampledFrom([]string{"หมู่ที่ 1", "ตรอกก", "ซอยข", "ซอยค", "ถนนง", "ตำบลจ", "แขวงฉ", "อำเภอช", "เขตซ", "จังหวัดญ", "กรุงเทพมหานคร", "บ้านด"}),
	)
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SliceOfN(part, 1, 11).Draw(t, "parts")
		got, unplaced, err := decodeAddress(tis(strings.Join(in, "#")))
		require.NoError(t, err)
		left := map[string]int{}
		for _, p := range in {
			left[p]++
		}
		for _, s := range slots(got) {
			if s != "" {
				left[s]--
				assert.GreaterOrEqual(t, left[s], 0, "%q", s)
			}
		}
		missing := false
		for p, n := range left {
			missing = missing || p != "" && n > 0
		}
		assert.Equal(t, missing, unplaced)
		assert.Equal(t, joinText(in), got.Text.Reveal())
	})
}
