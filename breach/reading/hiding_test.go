package reading_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/exposure"
)

func TestANumberHidesBehindNothingInAPublicNotice(t *testing.T) {
	r := newReader(t, exposure.Options{})
	const id = "1101700230708"
	between := func(s string) string { return strings.Join(strings.Split(id, ""), s) }
	from := func(zero rune) string {
		return strings.Map(func(c rune) rune { return zero + c - '0' }, id)
	}
	for name, hidden := range map[string]string{
		"Thai digits": from('๐'), "Lao digits": from('໐'), "Khmer digits": from('០'), "Arabic digits": from('٠'), "wide digits": from('０'), "bold digits": from('𝟎'),
		"zero width": between("\u200b"), "joiner": between("\u034f"), "filler": between("\u3164"), "separator": between("\u2063"), "vowel separator": between("\u180e"),
		"variation": between("\ufe0f"), "tag": between("\U000e0020"), "direction": between("\u202e"), "soft hyphen": between("\u00ad"),
		"points": between("."), "points in groups": "1.1017.00230.70.8", "underscores": between("_"), "slashes": "1/1017/00230/70/8", "lines": between("\n"),
	} {
		assert.ErrorIs(t, breach.CheckPublic(r, nil, "เลขประจำตัวประชาชน "+hidden), breach.ErrNoticeExposes, name)
	}
}

func TestAnOfficesOwnTextTearsNothingApart(t *testing.T) {
	r := newReader(t, exposure.Options{})
	for _, row := range [][2]string{
		{"-", "เลขประจำตัวประชาชน 1-1017-00230-70-8"},
		{"1", "เลขประจำตัวประชาชน 1101700230708"},
		{"1017", "เลขประจำตัวประชาชน 1101700230708"},
		{"นาย", "พบข้อมูลของ นายสมชาย ใจดี"},
		{"@", "อีเมล somchai@example.com"},
	} {
		assert.ErrorIs(t, breach.CheckPublic(r, row[:1], row[1]), breach.ErrNoticeExposes, row[0])
	}
	require.NoError(t, breach.CheckPublic(r, nil, "ประกาศ ณ วันที่ 25/11/2569 เวลา 10.30 น. หนังสือที่ 0102.3/4567 ลงวันที่ 24.11.2569"))
	own := []string{"นางสาวสมมติ ทดลอง", "0 2000 0000", "-"}
	require.NoError(t, breach.CheckPublic(r, own, "ติดต่อ นางสาวสมมติ ทดลอง โทร. ๐ ๒๐๐๐ ๐๐๐๐ ที่อยู่ -"))
}
