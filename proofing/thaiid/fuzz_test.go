package thaiid

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"testing"
	"unicode"
	"unicode/utf8"
)

// More seeds lie in testdata/fuzz. What must hold is in agent-security §12.

// FuzzRead plays the fuzzer's bytes as a card: two bytes say which fields to ask
// for, then come answers, each a length in two bytes and so many bytes. The read
// must give an identity or an error and never both, and end within its limits.
func FuzzRead(f *testing.F) {
	for _, fields := range []Fields{TextFields(), AllFields(), {FieldPhoto}, {FieldNHSO, FieldLaserCode}} {
		for _, card := range []*testCard{withPhoto(jpegOf(300))(), newCard0002(), without(func(c *testCard) { c.refuse = acrossParts })(), {}} {
			f.Add(recorded(card, fields))
		}
	}
	f.Fuzz(func(t *testing.T, played []byte) {
		if len(played) < 2 {
			return
		}
		fields := fieldsOf(binary.BigEndian.Uint16(played))
		if len(fields) == 0 {
			return
		}
		sent := 0
		card := &player{left: played[2:], sent: &sent}
		id, err := Read(context.Background(), card, atr18, Options{Fields: fields})
		if (id == nil) == (err == nil) {
			t.Fatalf("identity %v, error %v", id, err)
		}
		if sent > maxExchanges {
			t.Fatalf("%d exchanges", sent)
		}
		if err != nil {
			if !isKnown(err) && !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Fatalf("an error of its own: %v", err)
			}
			return
		}
		checkIdentity(t, id, "fuzzed card")
	})
}

// player answers from a tape and ends as a torn reader does.
type player struct {
	left []byte
	sent *int
}

func (p *player) Transmit(context.Context, []byte) ([]byte, error) {
	*p.sent++
	if len(p.left) < 2 {
		return nil, io.ErrUnexpectedEOF
	}
	n := min(int(binary.BigEndian.Uint16(p.left)), len(p.left)-2)
	answer := p.left[2 : 2+n]
	p.left = p.left[2+n:]
	return answer, nil
}

func fieldsOf(mask uint16) (out Fields) {
	for i, f := range AllFields() {
		if mask&(1<<i) != 0 {
			out = append(out, f)
		}
	}
	return out
}

// recorded is a read of a test card in the form that FuzzRead plays.
func recorded(card *testCard, fields Fields) []byte {
	var mask uint16
	for i, f := range AllFields() {
		if fields.Has(f) {
			mask |= 1 << i
		}
	}
	_, _ = Read(context.Background(), card, atr18, Options{Fields: fields}) // an error is a good seed too
	out := binary.BigEndian.AppendUint16(nil, mask)
	for _, answer := range card.answers {
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(answer))), answer...)
	}
	return out
}

func FuzzText(f *testing.F) {
	f.Fuzz(func(t *testing.T, raw []byte) {
		text, err := decodeText(raw)
		if err != nil {
			if text != "" {
				t.Fatal("text and an error")
			}
			return
		}
		checkText(t, text)
		again, err := decodeText(tisLoose(text))
		if err != nil || again != text {
			t.Fatalf("%q became %q, %v", text, again, err)
		}
	})
}

func checkText(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Fatalf("not UTF-8: %x", text)
	}
	for _, r := range text {
		if !unicode.IsGraphic(r) || r == utf8.RuneError {
			t.Fatalf("%U in %q", r, text)
		}
	}
}

// tisLoose encodes what Windows-874 has beyond TIS-620, too.
func tisLoose(text string) []byte {
	beyond := map[rune]byte{
		'€': 0x80, '…': 0x85, '‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94, '•': 0x95, '–': 0x96, '—': 0x97,
	}
	var out []byte
	for _, r := range text {
		if b, ok := beyond[r]; ok {
			out = append(out, b)
		} else {
			out = append(out, tis(string(r))...)
		}
	}
	return out
}

func FuzzName(f *testing.F) {
	f.Fuzz(func(t *testing.T, raw []byte) {
		name, err := decodeName(raw)
		if err != nil {
			return
		}
		text, err := decodeText(raw)
		if err != nil {
			t.Fatal("a name of what is no text")
		}
		for i, part := range parts(name) {
			checkText(t, part)
			if i < 3 && bytes.ContainsRune([]byte(part), '#') {
				t.Fatalf("a mark in part %d: %q", i, part)
			}
		}
		if squeeze(name.Reveal()) != squeeze(text) {
			t.Fatalf("%q became %q", text, name.Reveal())
		}
	})
}

// squeeze leaves nothing but what was written: no marks and no spaces.
func squeeze(text string) string {
	var out []rune
	for _, r := range text {
		if r != '#' && r != ' ' {
			out = append(out, r)
		}
	}
	return string(out)
}

func FuzzAddress(f *testing.F) {
	f.Fuzz(func(t *testing.T, raw []byte) {
		address, unplaced, err := decodeAddress(raw)
		if err != nil {
			return
		}
		text, err := decodeText(raw)
		if err != nil {
			t.Fatal("an address of what is no text")
		}
		if squeeze(address.Text.Reveal()) != squeeze(text) {
			t.Fatalf("%q became %q", text, address.Text.Reveal())
		}
		placed := 0
		for _, part := range slots(address) {
			checkText(t, part)
			placed += len(squeeze(part))
		}
		if whole := len(squeeze(text)); placed > whole || !unplaced && placed != whole {
			t.Fatalf("%d of %d bytes placed, unplaced %v: %q", placed, whole, unplaced, text)
		}
	})
}

func FuzzDate(f *testing.F) {
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, decode := range []func([]byte) (Date, bool, error){decodeDate, decodeExpiry} {
			date, odd, err := decode(raw)
			if err != nil {
				if odd || date.Buddhist() != "" {
					t.Fatal("a date and an error")
				}
				continue
			}
			checkDate(t, date)
			if got := date.Buddhist(); got != string(raw) && got != string(bytes.ReplaceAll(raw, []byte{0}, []byte{' '})) {
				t.Fatalf("%q became %q", raw, got)
			}
			if _, month, day := date.Parts(); day != 0 && month == 0 {
				t.Fatal("a day without a month")
			}
		}
	})
}

func FuzzCitizenID(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		id, err := ParseCitizenID(text)
		if (err == nil) != digits13.MatchString(text) {
			t.Fatalf("%q: %v", text, err)
		}
		if err == nil && (id.Reveal() != text || id.Checksum() != (slowCheckDigit(text[:12]) == text[12:]) || id.Category() == "") {
			t.Fatalf("%q misread", text)
		}
		if ValidCitizenID(text) != (err == nil && id.Checksum()) {
			t.Fatalf("%q: two rules", text)
		}
	})
}

func FuzzJPEG(f *testing.F) {
	f.Add(jpegOf(200), 200)
	f.Add(jpegOf(200), 0)
	f.Add(realJPEG(f, 8, 8, 50), 700)
	f.Fuzz(func(t *testing.T, area []byte, declared int) {
		area = area[:min(len(area), maxPhoto)]
		n, _ := photoNeeds(declared, area)
		if n < 0 || n > maxPhoto {
			t.Fatalf("needs %d bytes", n)
		}
		if n > len(area) {
			return // the read would go on
		}
		photo, err := decodePhoto(declared, area)
		if err != nil {
			if photo.Bytes() != nil {
				t.Fatal("a photo and an error")
			}
			return
		}
		data := photo.Bytes()
		if !bytes.HasPrefix(area, data) || !bytes.HasPrefix(data, []byte{0xFF, 0xD8}) || !bytes.HasSuffix(data, []byte{0xFF, 0xD9}) {
			t.Fatalf("not the picture: %x", data)
		}
		if photo.Width < 1 || photo.Height < 1 || photo.Width > maxPhotoSide || photo.Height > maxPhotoSide {
			t.Fatalf("%d × %d", photo.Width, photo.Height)
		}
	})
}
