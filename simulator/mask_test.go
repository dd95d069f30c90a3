package simulator_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"chipproof/apdu"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// alike draws a person, and another who differs in every letter and digit and in
// nothing that a transcript may keep.
func alike(t *rapid.T, people [2]simulator.Person) (one, other simulator.Person) {
	texts := func(alphabets [2]string, n int) [2]string {
		length := rapid.IntRange(0, n).Draw(t, "length")
		var drawn [2]string
		for who, alphabet := range alphabets {
			runes := rapid.SliceOfN(rapid.SampledFrom([]rune(alphabet)), length, length).Draw(t, "text")
			drawn[who] = string(runes)
		}
		return drawn
	}
	thai := func(n int) [2]string {
		return texts([2]string{"กขคงจฉาิีุ์", "ชซญดตถะึืู่"}, n)
	}
	latin := func(n int) [2]string { return texts([2]string{"abcdeXYZ", "mnopqRST"}, n) }
	digits := func(n int) [2]string { return texts([2]string{"01234", "56789"}, n) }
	date := func() [2]string {
		unknown := rapid.IntRange(0, 3).Draw(t, "unknown")
		return [2]string{[]string{"%d0615", "%d0600", "%d0000", ""}[unknown], []string{"%d1231", "%d1100", "%d0000", ""}[unknown]}
	}
	year := func(d [2]string, years [2]int) [2]string {
		for who := range d {
			if d[who] != "" {
				d[who] = fmt.Sprintf(d[who], years[who])
			}
		}
		return d
	}
	birth := year(date(), [2]int{2500, 2531})
	issue := year(date(), [2]int{2566, 2567})
	expiry := year(date(), [2]int{2574, 2575})
	first, last, middle, english := thai(20), thai(20), thai(5), latin(20)
	house, soi, request, laser := digits(6), thai(20), digits(20), digits(1)
	for who := range people {
		p := &people[who]
		*p = simulator.Person{
			Synthetic: true, CitizenID: p.CitizenID, BirthDate: birth[who], Sex: []string{"1", "2"}[who],
			Name:    simulator.Names{TH: simulator.Name{First: first[who], Middle: middle[who], Last: last[who]}, EN: &simulator.Name{First: english[who]}},
			Address: simulator.Address{HouseNo: house[who] + "/1", Soi: soi[who], Province: "กรุงเทพมหานคร"},
			Card:    simulator.Face{Version: "0003", Type: "01", IssueDate: issue[who], ExpiryDate: expiry[who], RequestNumber: request[who], PhotoNumber: []string{"1111-11-111111", "2222-22-222222"}[who]},
			Chip:    simulator.Silicon{ATR: p.Chip.ATR, Number: p.Chip.Number},
			NHSO:    &simulator.NHSO{MainRight: first[who], ExpiryDate: expiry[who], PaidType: []string{"1", "2"}[who]},
		}
		if laser[who] != "" {
			p.LaserCode = []string{"JT1234567890", "ME0987654321"}[who]
		}
		// Two photos that are built alike.
		p.Overwrite = map[string]string{"photo": hex.EncodeToString(jpegOf(byte(0x11 * (who + 1)))), "photo.length": "13ac"}
	}
	return people[0], people[1]
}

// jpegOf is a photo whose every free byte is b.
func jpegOf(b byte) []byte {
	fill := func(n int) []byte { return slices.Repeat([]byte{b}, n) }
	return slices.Concat(
		[]byte{0xFF, 0xD8, 0xFF, 0xE0, 0, 16}, fill(14), []byte{0xFF, 0xFE, 0, 42}, fill(40),
		[]byte{0xFF, 0xC0, 0, 17, 8, 0, 178, 0, 148, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xFF, 0xC4, 0, 22}, fill(20),
		[]byte{0xFF, 0xDA, 0, 12}, fill(10), fill(4000), []byte{0xFF, 0x00}, fill(100), []byte{0xFF, 0xD0}, fill(800), []byte{0xFF, 0xD9}, slices.Repeat([]byte{' '}, 72))
}

func TestTwoPeopleWhoseCardsAreBuiltAlikeGiveTheSameTranscript(t *testing.T) {
	two := [2]simulator.Person{person(t, "default"), person(t, "expired")}
	rapid.Check(t, func(t *rapid.T) {
		one, other := alike(t, two)
		block := rapid.IntRange(8, 255).Draw(t, "block")
		first, _ := record(t, one, block)
		second, _ := record(t, other, block)
		require.True(t, reflect.DeepEqual(first, second)) // not Equal: it would print both
	})
}

// kept records a read of one part of MOI and gives what is kept of it.
func kept(tb testing.TB, p simulator.Person, part thaiid.Part) string {
	tb.Helper()
	card, err := simulator.NewCard(p, simulator.CardOptions{})
	require.NoError(tb, err)
	recorder := simulator.NewRecorder(card, card.ATR(), today)
	_, err = fields(context.Background(), recorder, part)
	require.NoError(tb, err)
	all := recorder.Transcript().Exchanges
	last := all[len(all)-1].Answer
	return string(last[:len(last)-2])
}

func TestADateKeepsWhatIsKnownOfItAndWhetherItIsADay(t *testing.T) {
	for original, want := range map[string]string{
		"25251231": "25000101",
		"25250400": "25000100",
		"25250000": "25000000",
		"25250015": "25000001",
		"00000000": "00000000",
		"99999999": "99999999",
		"":         "        ",
		"25251301": "25001301",
		"25259900": "25001300",
		"25250431": "25000431",
		"25420229": "25000431", // 1999 had no 29 February
		"25430229": "25000101", // 2000 had one
		"00001231": "00000101",
	} {
		p := person(t, "default")
		p.BirthDate = original
		assert.Equal(t, want, kept(t, p, thaiid.PartBirthDate), original)
	}
}

func TestADateThatIsNoneKeepsItsClasses(t *testing.T) {
	p := person(t, "default")
	p.Overwrite = map[string]string{"birth_date": hex.EncodeToString([]byte("25-Dec 1"))}
	assert.Equal(t, "00-XXX 0", kept(t, p, thaiid.PartBirthDate))
}

func TestAnExpiryKeepsWhetherItHasPassed(t *testing.T) {
	for original, want := range map[string]string{
		"25691124": "25610101", // yesterday
		"25691125": "25990101", // today
		"25751230": "25990101",
		"99999999": "99999999",
		"":         "        ",
	} {
		p := person(t, "default")
		p.Card.ExpiryDate = original
		assert.Equal(t, want, kept(t, p, thaiid.PartExpiryDate), original)
	}
}

func TestACitizenNumberKeepsWhetherItsCheckDigitHolds(t *testing.T) {
	assert.Equal(t, "1000000000190", kept(t, person(t, "year-only"), thaiid.PartCitizenID))
	assert.Equal(t, "1000000000191", kept(t, person(t, "wrong-check-digit"), thaiid.PartCitizenID))
}

func TestASwappedCardIsStillAnotherOneInATranscript(t *testing.T) {
	card, err := simulator.NewFaulty(cardOf(t, "default", simulator.CardOptions{}), planOf(t, "- {exchange: 4, do: swap, person: expired}\n- {exchange: 7, do: swap, person: default}"))
	require.NoError(t, err)
	recorder := simulator.NewRecorder(card, card.ATR(), today)
	for range 3 {
		_, err := fields(t.Context(), recorder, thaiid.PartCitizenID)
		require.NoError(t, err)
	}
	numbers := recorder.Transcript().Exchanges
	assert.Equal(t, numbers[2].Answer, numbers[8].Answer, "the first person came back")
	assert.NotEqual(t, numbers[2].Answer, numbers[5].Answer)
	assert.Equal(t, "1000000000203\x90\x00", string(numbers[5].Answer))
}

func TestTextKeepsItsClassesAndSeparators(t *testing.T) {
	assert.Equal(t, "\xA1\xA1\xA1#\xA1\xA1\xA1\xA1\xA1##\xA1\xA1\xA1\xA1", strings.TrimRight(kept(t, person(t, "default"), thaiid.PartNameTH), " "))
	assert.Equal(t, "XX.#XXXXXXX##XXXXXX", strings.TrimRight(kept(t, person(t, "default"), thaiid.PartNameEN), " "))
	assert.Equal(t, "00000000000/00000000", kept(t, person(t, "default"), thaiid.PartRequestNumber))
	p := person(t, "default")
	p.Overwrite = map[string]string{"name.th": "00 01 1F 7F 20 85 92 A0 81 DB FF F3 22 40 C1 5A 39 2D"}
	assert.Equal(t, "\x00\x01\x01\x01 \x85\x85\xA0\xFF\xFF\xFF\xF0!!\xA1X0-", kept(t, p, thaiid.PartNameTH)[:18])
}

func TestAPhotoKeepsHowItsJPEGIsBuilt(t *testing.T) {
	p := person(t, "default")
	p.Overwrite = map[string]string{"photo": hex.EncodeToString(jpegOf(0x5A))}
	want := jpegOf(0)
	colours := bytes.Index(want, []byte{0xFF, 0xC0}) + 4 + 5 // what a frame says besides its size
	clear(want[colours : colours+10])
	stuffed, restart := bytes.Index(want, []byte{0xFF, 0x00}), bytes.Index(want, []byte{0xFF, 0xD0})
	clear(want[stuffed : stuffed+2])
	clear(want[restart : restart+2])
	for _, block := range []int{255, 254, 100, 5} {
		transcript, _ := record(t, p, block)
		photo := fileMOI(transcript)[0x17B:]
		require.Greater(t, len(photo), len(want))
		for _, at := range []int{stuffed, restart} {
			if photo[at] == 0xFF { // the end of a block: the next byte was not known yet
				photo[at] = 0
			}
		}
		assert.True(t, bytes.Equal(want, photo[:len(want)]), "blocks of %d", block)
	}
}

// A card that puts text where a picture should be, behind markers that make it
// look like one, keeps none of it.
func TestTextDressedUpAsAPictureIsNotKept(t *testing.T) {
	text := []byte("SOMCHAI 1101700230708 JAIDEE 99/9 ")
	frame := slices.Concat([]byte{0xFF, 0xC1, 0, 17}, text[:15])
	for name, photo := range map[string][]byte{
		"no beginning":        slices.Concat(frame, frame, frame),
		"text in a frame":     slices.Concat([]byte{0xFF, 0xD8}, frame, frame),
		"a frame, then text":  slices.Concat(jpegOf(0)[:85], []byte{0xFF, 0xC2, 0, 17}, text[:15]),
		"text in the colours": slices.Concat([]byte{0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0, 178, 0, 148}, text[:10]),
	} {
		p := person(t, "default")
		p.Overwrite = map[string]string{"photo": hex.EncodeToString(photo)}
		transcript, _ := record(t, p, 255)
		kept := fileMOI(transcript)[0x17B:][:len(photo)]
		for n := range len(text) - 3 {
			assert.NotContains(t, string(kept), string(text[n:n+4]), name)
		}
	}
}

// A version or a card type that is none may be a number that lies in the wrong place.
func TestDigitsThatAreNoVersionAndNoTypeAreNotKept(t *testing.T) {
	p := person(t, "default")
	p.Overwrite = map[string]string{"version": hex.EncodeToString([]byte("1101")), "card.type": hex.EncodeToString([]byte("70"))}
	assert.Equal(t, "0000", kept(t, p, thaiid.PartVersion))
	assert.Equal(t, "00", kept(t, p, thaiid.PartCardType))
	p.Overwrite["version"] = hex.EncodeToString([]byte("0004"))
	assert.Equal(t, "0004", kept(t, p, thaiid.PartVersion))
}

// fileMOI joins what the READs of MOI brought.
func fileMOI(t simulator.Transcript) []byte {
	var file []byte
	selected, read := false, false
	for _, e := range t.Exchanges {
		selected = selected || hex.EncodeToString(e.Command) == strings.ToLower(selectMOI)
		if read && e.Command[1] == 0xC0 {
			file = append(file, e.Answer[:len(e.Answer)-2]...)
		}
		read = selected && e.Command[1] == 0xB0
	}
	return file
}

func TestAPhotoThatIsNoneIsNotKeptAtAll(t *testing.T) {
	p := person(t, "default")
	p.Overwrite = map[string]string{"photo": strings.Repeat("53454352", 1000)}
	transcript, _ := record(t, p, 255)
	assert.NotContains(t, answers(transcript), "SECR")
}

// A card may say anything anywhere: names where a length is due, more than was
// asked for, a JPEG with somebody's name in it. Letters in a row never get into a
// transcript.
func TestNoLettersOfAnyCardSurvive(t *testing.T) {
	letters := []byte("bcdfghjklm\xB9\xD2\xC2\xE3\xA8")
	rapid.Check(t, func(t *rapid.T) {
		commands := rapid.SliceOfN(rapid.Custom(anyCommand), 1, 30).Draw(t, "commands")
		prefix := rapid.SampledFrom([]string{"", "\xFF\xD8\xFF\xE0", "\xFF\xD8\xFF\xFE\x00\x08", "\xFF\xD8\xFF\xDA\x00\x03", "0003", "\x9F\x7F\x2A"})
		card := apdu.TransmitterFunc(func(context.Context, []byte) ([]byte, error) {
			answer := append([]byte(prefix.Draw(t, "prefix")), rapid.SliceOfN(rapid.SampledFrom(letters), 0, 300).Draw(t, "answer")...)
			answer = append(answer, rapid.SampledFrom([]string{"\x90\x00", "\x61\x10", "\x6C\x10", ""}).Draw(t, "status word")...)
			return answer, nil
		})
		recorder := simulator.NewRecorder(card, nil, today)
		for _, c := range commands {
			_, err := recorder.Transmit(context.Background(), c)
			require.NoError(t, err)
		}
		for _, e := range recorder.Transcript().Exchanges {
			run := 0
			for _, b := range e.Answer {
				if run++; !bytes.Contains(letters, []byte{b}) {
					run = 0
				}
				require.Less(t, run, 4, "%x", e.Command)
			}
		}
	})
}

// anyCommand is one of those by which a card is read, or any other.
func anyCommand(t *rapid.T) []byte {
	known := []string{
		selectMOI, selectMOI, selectNHSO, selectADM, selectManager, getCPLC + "2D", "8000000017", "00C0000010", "00C00000FF",
		"80B000000200FF", "80B000FF0200FF", "80B0017902000200", "80B00179020002", "80B0017B0200FF", "80B1017B0200FF", "80B015790200A0", "80B1000002000D",
	}
	if rapid.Bool().Draw(t, "known") {
		command, err := hex.DecodeString(rapid.SampledFrom(known).Draw(t, "command"))
		require.NoError(t, err)
		return command
	}
	return rapid.SliceOfN(rapid.Byte(), 0, 20).Draw(t, "bytes")
}
