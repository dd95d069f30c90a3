package audit_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"chipproof/audit"
)

func TestASheetIsAWitnessAsQRAndAsWords(t *testing.T) {
	l := filled(t, 20)
	sheet, err := audit.NewSheet(l.key, l.head(t), time.Date(2026, 11, 25, 1, 30, 0, 0, time.FixedZone("ICT", 7*3600)))
	require.NoError(t, err)
	assert.Equal(t, "2026-11-25", sheet.Day, "the day where the log is kept")
	assert.Equal(t, "25 พฤศจิกายน 2569", sheet.ThaiDay())
	assert.Len(t, sheet.Words, 20)
	l.reads(t, 5)

	words := strings.Join(sheet.Words, " ")
	for name, text := range map[string]string{
		"QR text": sheet.QR, "QR text in small letters": "  " + strings.ToLower(sheet.QR) + "\n",
		"words": words, "words in capitals": strings.ToUpper(words),
		"words with numbers and lines": "1. " + strings.Join(sheet.Words, ",\n2) "),
	} {
		r := l.verify(t, audit.Witness{Source: name, Text: text})
		assert.True(t, r.OK, "%s: %v", name, r.Problems)
		assert.Equal(t, audit.VerdictHeld, r.Witnesses[0].Verdict, name)
		assert.EqualValues(t, 20, r.Witnesses[0].Size, name)
	}
	l.edit(t, 3, func(e *audit.Entry) { e.Actor = "someone else" })
	l.rehash(t)
	for _, text := range []string{sheet.QR, words} {
		assert.Equal(t, audit.VerdictConflict, l.verify(t, audit.Witness{Text: text}).Witnesses[0].Verdict)
	}
}

func TestAnyHeadAndDayGoOntoASheet(t *testing.T) {
	k := newLedger(t).key
	rapid.Check(t, func(t *rapid.T) {
		h := audit.Head{Size: rapid.Int64Range(0, 1<<40-1).Draw(t, "size")}
		copy(h.Root[:], rapid.SliceOfN(rapid.Byte(), tlog.HashSize, tlog.HashSize).Draw(t, "root"))
		day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 65535).Draw(t, "day"))
		sheet, err := audit.NewSheet(k, h, day)
		require.NoError(t, err)
		for _, text := range []string{sheet.QR, strings.Join(sheet.Words, " ")} {
			s, err := audit.Witness{Text: text}.Read(k.Keys())
			require.NoError(t, err)
			require.True(t, s.Has(h))
			require.Equal(t, sheet.Day, s.Day)
			require.False(t, s.At.After(day))
			h.Root[16] ^= 1
			require.False(t, s.Has(h))
			h.Root[16] ^= 1
		}
	})
}

func TestWhatNoSheetCanSayIsRefused(t *testing.T) {
	k := newLedger(t).key
	for name, c := range map[string]struct {
		size int64
		day  time.Time
	}{
		"too early": {1, time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC)},
		"too late":  {1, time.Date(2180, 1, 1, 0, 0, 0, 0, time.UTC)},
		"too large": {1 << 40, noon},
		"below 0":   {-1, noon},
	} {
		_, err := audit.NewSheet(k, audit.Head{Size: c.size}, c.day)
		assert.ErrorIs(t, err, audit.ErrInvalid, name)
	}
}

// Each wrong letter, and each two that are changed over, is found in its word.
func TestATypingErrorIsFoundAndPlaced(t *testing.T) {
	l := filled(t, 20)
	sheet, err := audit.NewSheet(l.key, l.head(t), noon)
	require.NoError(t, err)
	typed := func(at int, word string) error {
		words := append([]string{}, sheet.Words...)
		words[at] = word
		_, err := audit.Witness{Text: strings.Join(words, " ")}.Read(l.key.Keys())
		return err
	}
	for at, word := range sheet.Words {
		require.NoError(t, typed(at, word))
		for i := range word {
			for c := byte('a'); c <= 'z'; c++ {
				if wrong := word[:i] + string(c) + word[i+1:]; wrong != word {
					require.ErrorContains(t, typed(at, wrong), "mistyped", "%s for %s", wrong, word)
				}
			}
			require.ErrorIs(t, typed(at, word[:i]+word[i+1:]), audit.ErrWitnessInvalid, "a letter left out")
		}
		if swapped := word[2:3] + word[1:2] + word[0:1] + word[3:]; swapped != word {
			require.ErrorIs(t, typed(at, swapped), audit.ErrWitnessInvalid)
		}
	}
	words := append([]string{}, sheet.Words...)
	words[3], words[4] = words[4], words[3]
	for name, text := range map[string]string{
		"two words changed over": strings.Join(words, " "),
		"a word left out":        strings.Join(sheet.Words[1:], " "),
		"a word too many":        strings.Join(sheet.Words, " ") + " " + sheet.Words[0],
		"nothing":                "",
		"something else":         "ลืมพิมพ์",
	} {
		_, err := audit.Witness{Text: text}.Read(l.key.Keys())
		assert.ErrorIs(t, err, audit.ErrWitnessInvalid, name)
	}
	for i := range sheet.QR {
		c := byte('A')
		if sheet.QR[i] == c {
			c = 'B'
		}
		_, err := audit.Witness{Text: sheet.QR[:i] + string(c) + sheet.QR[i+1:]}.Read(l.key.Keys())
		require.ErrorIs(t, err, audit.ErrWitnessInvalid, "character %d", i)
	}
}

func TestAWitnessOfAnotherLogIsNoWitness(t *testing.T) {
	l, other := filled(t, 20), filled(t, 20)
	sheet, err := audit.NewSheet(other.key, other.head(t), noon)
	require.NoError(t, err)
	signed := string(other.checkpoints[0])
	own := string(l.checkpoints[0])
	for name, text := range map[string]string{
		"QR text": sheet.QR, "words": strings.Join(sheet.Words, " "), "checkpoint": signed,
		"own text under another's signature": own[:strings.Index(own, "\n\n")] + signed[strings.Index(signed, "\n\n"):],
		"own text, changed":                  strings.Replace(own, "\n20\n", "\n21\n", 1),
	} {
		r := l.verify(t, audit.Witness{Source: "given", Text: text})
		assert.Equal(t, map[audit.ProblemCode]string{audit.ProblemWitnessInvalid: ""}, codes(r), name)
		assert.Equal(t, audit.VerdictInvalid, r.Witnesses[0].Verdict, name)
		assert.Equal(t, "given", r.Problems[0].Source)
	}
}

func TestACheckpointMayCarrySignaturesOfOthers(t *testing.T) {
	l, witness := filled(t, 20), newLedger(t)
	n, err := note.Open(l.checkpoints[0], l.key.Keys())
	require.NoError(t, err)
	both, err := note.Sign(n, witness.key)
	require.NoError(t, err)
	r := l.verify(t, audit.Witness{Text: strings.ReplaceAll(string(both), "\n", "\r\n")}) // saved on Windows
	assert.True(t, r.OK, r.Problems)

	// One key's name doesn't make a checkpoint of another key's log.
	_, err = audit.OpenCheckpoint(both, witness.key.Keys())
	assert.ErrorIs(t, err, audit.ErrWitnessInvalid)
	_, err = audit.OpenCheckpoint([]byte("nothing of the kind"), l.key.Keys())
	assert.ErrorIs(t, err, audit.ErrInvalid)
	for _, text := range []string{
		l.key.Name() + "\n20\n",
		l.key.Name() + "\n020\n" + l.head(t).Root.String() + "\nchipproof time 2026-11-25T12:00:00Z\n",
		l.key.Name() + "\n20\n" + l.head(t).Root.String() + "\nchipproof time 2026-11-25T12:00:00+07:00\n",
		l.key.Name() + "\n20\n" + l.head(t).Root.String() + "\nchipproof time 2026-11-25T12:00:00Z\nmore\n",
	} {
		signed, err := note.Sign(&note.Note{Text: text}, l.key)
		require.NoError(t, err)
		_, err = audit.OpenCheckpoint(signed, l.key.Keys())
		assert.ErrorIs(t, err, audit.ErrInvalid, text)
	}
}

func TestTheSheetCanBePrinted(t *testing.T) {
	l := filled(t, 1234)
	sheet, err := audit.NewSheet(l.key, l.head(t), noon)
	require.NoError(t, err)
	picture, err := sheet.PNG(300)
	require.NoError(t, err)
	image, err := png.Decode(bytes.NewReader(picture))
	require.NoError(t, err)
	assert.Equal(t, 300, image.Bounds().Dx())
	_, err = sheet.PNG(10)
	assert.ErrorIs(t, err, audit.ErrInvalid)

	text, err := sheet.Text()
	require.NoError(t, err)
	for _, part := range append([]string{"สรุปสิ้นวัน", "25 พฤศจิกายน 2569", "1234", sheet.QR, sheet.Root.String(), l.key.Name(), "█"}, sheet.Words...) {
		assert.Contains(t, text, part)
	}
}
