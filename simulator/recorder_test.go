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
	"testing/synctest"
	"time"

	"chipproof/apdu"
	"chipproof/cardreader"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// today is when the tests of the recorder play.
func today() time.Time { return time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC) }

// spy keeps what really went by, below a recorder.
type spy struct {
	apdu.Transmitter
	commands, answers [][]byte
}

func (s *spy) Transmit(ctx context.Context, command []byte) ([]byte, error) {
	answer, err := s.Transmitter.Transmit(ctx, command)
	s.commands = append(s.commands, slices.Clone(command))
	s.answers = append(s.answers, slices.Clone(answer))
	return answer, err
}

// readEverything asks for all that a card has, MOI in blocks of the given size.
// What the card refuses is left out.
func readEverything(ctx context.Context, card apdu.Transmitter, block int) {
	channel := apdu.NewChannel(card, apdu.Form{}, apdu.Limits{Exchanges: 100_000, TotalBytes: 1 << 20})
	run := func(cmd apdu.Command) { _, _ = channel.Do(ctx, cmd) }
	stretch := func(ins byte, from, to int) {
		for ; from < to; from += block {
			run(apdu.Command{CLA: 0x80, INS: ins, P1: byte(from >> 8), P2: byte(from), Data: []byte{0, byte(min(block, to-from))}})
		}
	}
	run(apdu.Command{INS: 0xA4, P1: 4})
	run(apdu.Command{CLA: 0x80, INS: 0xCA, P1: 0x9F, P2: 0x7F, Ne: 256})
	run(apdu.Command{INS: 0xA4, P1: 4, Data: thaiid.AIDADM})
	run(apdu.Command{CLA: 0x80, Ne: 0x17})
	run(apdu.Command{CLA: 0x80, Ne: 0x07})
	run(apdu.Command{INS: 0xA4, P1: 4, Data: thaiid.AIDNHSO})
	stretch(0xB0, 0, 0x15E)
	run(apdu.Command{INS: 0xA4, P1: 4, Data: thaiid.AIDMOI})
	stretch(0xB0, 0, 0x1727)
	stretch(0xB1, 0, 0x1579)
}

// helper is what testing and rapid have in common.
type helper interface {
	require.TestingT
	Helper()
}

// record reads a card in blocks and gives the transcript, and what really went by.
func record(tb helper, p simulator.Person, block int) (simulator.Transcript, *spy) {
	tb.Helper()
	card, err := simulator.NewCard(p, simulator.CardOptions{})
	require.NoError(tb, err)
	real := &spy{Transmitter: card}
	recorder := simulator.NewRecorder(real, card.ATR(), today)
	readEverything(context.Background(), recorder, block)
	return recorder.Transcript(), real
}

func TestATranscriptKeepsStructureLengthsAndStatusWords(t *testing.T) {
	for _, p := range simulator.People() {
		transcript, real := record(t, p, 255)
		require.Len(t, transcript.Exchanges, len(real.answers))
		for i, e := range transcript.Exchanges {
			require.Equal(t, real.commands[i], e.Command)
			require.Len(t, e.Answer, len(real.answers[i]))
			n := len(e.Answer) - 2
			require.Equal(t, real.answers[i][n:], e.Answer[n:], "status word")
			require.Empty(t, e.Error)
		}
	}
}

// fixed is what stands in a transcript whoever was recorded: in the order of the
// card, so that a run over two parts is found too.
var fixed = []string{
	"0003" + "1000000000190", "0003" + "1000000000191", "0002" + "1000000000190",
	"25000101", "25000100", "25000000", "99999999",
	"0000000000000" + "25610101" + "25990101" + "01", // issuer code, issue, expiry, type
	"0000000000000" + "25610101" + "25610101" + "01",
	"0" + "25610101" + "25990101" + "25610101" + "0", // NHSO: paid type, issue, expiry, update, changes
}

// personal says whether b could be part of somebody's data: letters and digits,
// Thai and other.
func personal(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= 0xA1 && b <= 0xFB
}

func TestNoRunOfFourPersonalCharactersSurvives(t *testing.T) {
	for _, p := range simulator.People() {
		for _, block := range []int{255, 100, 13, 5} {
			transcript, real := record(t, p, block)
			for i, e := range transcript.Exchanges {
				requireNothingSurvives(t, real.answers[i], e.Answer)
			}
			// And not elsewhere in the file either, not even in another place.
			file := answers(transcript)
			for _, secret := range []string{p.Name.TH.First, p.Name.TH.Last, p.Address.Subdistrict, p.Address.District, p.Card.Issuer} {
				if len([]rune(secret)) >= 4 {
					assert.NotContains(t, file, string(tis620(secret)[:4]), "%s in blocks of %d", p.Key, block)
				}
			}
			for _, secret := range []string{p.LaserCode, p.Card.PhotoNumber} {
				assert.True(t, secret == "" || !strings.Contains(file, secret))
			}
		}
	}
}

// requireNothingSurvives compares place by place, photo and chip number included.
func requireNothingSurvives(t *testing.T, original, kept []byte) {
	t.Helper()
	run := ""
	for i := range original[:len(original)-2] {
		if original[i] != kept[i] || !personal(kept[i]) {
			run = ""
			continue
		}
		run += string([]byte{kept[i]})
		stands := slices.ContainsFunc(fixed, func(f string) bool { return strings.Contains(f, run[max(0, len(run)-4):]) })
		require.True(t, len(run) < 4 || stands, "%q at %d", run, i)
	}
}

func answers(t simulator.Transcript) string {
	var all strings.Builder
	for _, e := range t.Exchanges {
		all.Write(e.Answer)
	}
	return all.String()
}

// tis620 encodes Thai as the test of another project would.
func tis620(text string) []byte {
	var out []byte
	for _, r := range text {
		if r >= 0x0E00 {
			r = r - 0x0E00 + 0xA0
		}
		out = append(out, byte(r))
	}
	return out
}

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
	for _, block := range []int{255, 254, 100, 5} {
		transcript, _ := record(t, p, block)
		photo := fileMOI(transcript)[0x17B:]
		require.Greater(t, len(photo), len(want))
		assert.True(t, bytes.Equal(want, photo[:len(want)]), "blocks of %d", block)
	}
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

func TestACommandThatIsNotForReadingKeepsItsHeaderAlone(t *testing.T) {
	card := cardOf(t, "default", simulator.CardOptions{})
	recorder := simulator.NewRecorder(card, card.ATR(), today)
	for _, command := range []string{
		"00200001083132333435363738", "0020000104313233340A", "002000010000083132333435363738", "0020000109313233",
		"00A4000C023F00", "80B00004033132330A", selectMOI, "80B0000402000D", "31",
	} {
		ask(t, recorder, command)
	}
	var kept []string
	for _, e := range recorder.Transcript().Exchanges {
		kept = append(kept, strings.ToUpper(hex.EncodeToString(e.Command)))
	}
	assert.Equal(t, []string{
		"00200001080000000000000000", "0020000104000000000A", "002000010000080000000000000000", "0020000100000000",
		"00A4000C020000", "80B00004030000000A", selectMOI, "80B0000402000D", "31",
	}, kept)
}

func TestAnAnswerThatNobodyAskedForIsNotKept(t *testing.T) {
	for plan, want := range map[string]string{
		"- {exchange: 2, do: answer, hex: 53454352455490 00}":   "0000000000009000", // data where 61xx was due
		"- {exchange: 3, do: answer, hex: 5345}":                "5345",             // can't be told from a status word
		"- {exchange: 3, do: answer, hex: \"53\"}":              "00",
		"- {exchange: 3, do: garbage, length: 20}":              strings.Repeat("FF", 13) + strings.Repeat("00", 7) + "9000",
		"- {exchange: 4, do: answer, hex: 53454352455490 00}":   "0000000000009000",
		"- {exchange: 1, do: answer, hex: 53454352455490 00}":   "0000000000009000",
		"- {exchange: 3, do: answer, hex: 31323334353637 9000}": "303030303030309000", // too short a number keeps its class
	} {
		card, err := simulator.NewFaulty(cardOf(t, "default", simulator.CardOptions{}), planOf(t, plan))
		require.NoError(t, err)
		recorder := simulator.NewRecorder(card, card.ATR(), today)
		var kept []string
		for _, command := range []string{selectMOI, "80B0000402000D", "00C000000D", "00CA000000"} {
			ask(t, recorder, command)
			all := recorder.Transcript().Exchanges
			kept = append(kept, strings.ToUpper(hex.EncodeToString(all[len(all)-1].Answer)))
		}
		if strings.Contains(plan, "exchange: 2") {
			assert.Equal(t, strings.Repeat("58", 6)+"9000", kept[1], plan) // of the number's class: letters
			continue
		}
		assert.Contains(t, kept, want, plan)
	}
}

func TestAnExchangeThatFailedKeepsTheKindOfItsError(t *testing.T) {
	for plan, kind := range map[string]string{
		"- {exchange: 2, do: remove}":                             "card_removed",
		"- {exchange: 2, do: service_stop}":                       "reader_service_down",
		"- {exchange: 2, do: torn}":                               "torn",
		"- {exchange: 2, do: error, error: card_timeout}":         "card_timeout",
		"- {exchange: 2, do: error, error: cancelled}":            "cancelled",
		"- {exchange: 2, do: error, error: reader_denied}":        "reader_denied",
		"- {exchange: 2, do: delay, ms: 60000, until: cleared}":   "card_timeout",
		"- {exchange: 2, do: error, error: card_reset, times: 2}": "card_reset",
	} {
		synctest.Test(t, func(t *testing.T) {
			card := faulty(t, plan)
			recorder := simulator.NewRecorder(card, card.ATR(), time.Now)
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			_, err := fields(ctx, recorder, thaiid.PartCitizenID)
			require.Error(t, err)
			exchanges := recorder.Transcript().Exchanges
			require.Len(t, exchanges, 2)
			assert.Equal(t, kind, exchanges[1].Error)
			assert.Empty(t, exchanges[1].Answer)
		})
	}
}

func TestAnErrorWithoutANameIsKeptAsOther(t *testing.T) {
	recorder := simulator.NewRecorder(apdu.TransmitterFunc(func(context.Context, []byte) ([]byte, error) {
		return nil, fmt.Errorf("reader of Somchai on fire")
	}), nil, today)
	_, err := recorder.Transmit(t.Context(), []byte{0, 0, 0, 0})
	require.ErrorContains(t, err, "on fire", "the caller gets the error as it is")
	assert.Equal(t, "other", recorder.Transcript().Exchanges[0].Error)
	_, err = simulator.NewReplay(recorder.Transcript()).Transmit(t.Context(), []byte{0, 0, 0, 0})
	assert.ErrorIs(t, err, cardreader.ErrCardError)
}

func TestATranscriptKeepsTheTimeThatExchangesTook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		card := cardOf(t, "default", simulator.CardOptions{Line: simulator.LineTA96})
		recorder := simulator.NewRecorder(card, card.ATR(), time.Now)
		_, err := fields(t.Context(), recorder, thaiid.PartCitizenID)
		require.NoError(t, err)
		var sum time.Duration
		for _, e := range recorder.Transcript().Exchanges {
			sum += e.Took
		}
		assert.Equal(t, card.LineTime(), sum)
	})
}
