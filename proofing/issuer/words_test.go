package issuer

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTheIssuersOwnWordsAreShownAsTheyAre(t *testing.T) {
	q, err := inserted(t, "default").question()
	require.NoError(t, err)
	for _, said := range []string{
		"สถานะปกติ",
		"บัตรสิ้นสภาพการใช้งาน เนื่องจากกรณี การเปลี่ยนที่อยู่",
		"สถานะไม่ปกติ => ไม่พบเลข Laser จาก PID นี้",
		"แจ้งย้ายวันที่ 12/05/2567 (รหัส 1234)",
		"since 12-05-2567",
	} {
		assert.Equal(t, said, words(said, q))
	}
}

func TestNothingInTheWordsNamesAnybody(t *testing.T) {
	card, err := inserted(t, "default").question()
	require.NoError(t, err)
	holder, err := typed(t, "default").question()
	require.NoError(t, err)
	for _, row := range []struct {
		q          question
		said, want string
	}{
		{card, "ไม่พบ 1101700230708", "ไม่พบ …"},
		{card, "ไม่พบ 1-1017-00230-70-8 ในระบบ", "ไม่พบ … ในระบบ"},
		{card, "ไม่พบ ๑๑๐๑๗๐๐๒๓๐๗๐๘", "ไม่พบ …"},
		{card, "chip 0123456789ABCDEF unknown", "chip … unknown"},
		{card, "another: 3111111111115, 54321", "another: …, …"},
		{holder, "นายสมชาย ใจดี เกิด 25251231", "นาย… … เกิด …"},
		{holder, "สมชาย ใจดี", "… …"},
		{holder, "no laser jt1234567890", "no laser …"},
		{question{fields: []field{{"FirstName", "ดี"}}}, "ข้อมูลดีมาก คุณ ดี", "ข้อมูลดีมาก คุณ …"}, // inside a word a short name can't be told
	} {
		assert.Equal(t, row.want, words(row.said, row.q), row.said)
	}
}

func TestWordsAreOneLineOfWhatIsThereToBeSeen(t *testing.T) {
	assert.Equal(t, "a b c", words(" a\r\n\tb\u202e\u200b\x00 \u2028 c ", question{}))
	long := words(strings.Repeat("ก", 500), question{})
	assert.Equal(t, maxDesc, utf8.RuneCountInString(long))
	assert.True(t, strings.HasSuffix(long, "…"))
	assert.Empty(t, words("", question{}))
}

func TestWhateverIsSaidTheWordsAreFitToBeKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9๐-๙ \-a-f\x00-\x20ก-ฮ]{0,400}`)).Draw(t, "said")
		checkWords(t, words(said, question{fields: []field{{"pid", "1101700230708"}}}))
	})
}

func checkWords(t require.TestingT, s string) {
	require.True(t, utf8.ValidString(s))
	require.LessOrEqual(t, utf8.RuneCountInString(s), maxDesc)
	require.NotRegexp(t, `[0-9๐-๙]{5}`, s)
	require.False(t, strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) || unicode.IsSpace(r) && r != ' ' }))
}
