package detect_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/exposure/detect"
)

// bounds holds what must be true of every hit, whatever the text.
type bounds struct {
	tb   testing.TB
	skip int
	size int
}

func (b *bounds) Hit(h detect.Hit) {
	require.True(b.tb, h.Start >= 0 && h.Start < h.End && h.End <= b.size, "%d to %d of %d", h.Start, h.End, b.size)
	require.NotEmpty(b.tb, h.Class)
	require.NotEmpty(b.tb, h.Value.Reveal())
}

func (b *bounds) Miss(m detect.Miss) {
	require.True(b.tb, m.Start >= 0 && m.Start < m.End && m.End <= b.size)
}

func FuzzFind(f *testing.F) {
	for _, text := range []string{
		"นายสมชาย ใจดี เลขประจำตัวประชาชน ๑-๑๐๑๗-๐๐๒๓๐-๗๐-๘ โทร 081-234-5679 99/9 หมู่ 3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี 76150",
		"?cid=1%2D1017%2D00230%2D70%2D8&x=%E0%B9%91 &#3665;&amp; eyJjaWQiOiIxMTAxNzAwMjMwNzA4In0= a@b.co", "4111 1111 1111 1111 13.756331, 100.501765 +66 (0) 81 234 5679", "-----BEGIN " + "PRIVATE KEY----- password=", "\xe0\xb8\xe0\xb9", "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
	} {
		f.Add([]byte(text), "", uint8(0))
		f.Add([]byte(text), "ชื่อ-สกุล", uint8(3))
		f.Add([]byte(text), "address", uint8(1))
	}
	d := detect.New()
	f.Fuzz(func(t *testing.T, text []byte, header string, skip uint8) {
		for _, loose := range []detect.Looseness{detect.Spaced, detect.Unspaced} {
			from := min(int(skip), len(text))
			d.Find(&detect.Text{Bytes: text, Skip: from, Header: header, Loose: loose}, &bounds{tb: t, skip: from, size: len(text)})
		}
		shown, _ := d.Plain(string(text))
		require.NotRegexp(t, `[0-9๐-๙]{13}`, shown)
		d.Veiled(string(text))
	})
}
