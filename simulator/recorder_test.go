package simulator_test

import (
	"context"
	"encoding/hex"
	"fmt"
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

// fixed is what stands in a transcript whoever was recorded.
var fixed = []string{"25610101256101012599010125990101", "99999999"}

// personal says whether b, as it was kept, could be part of somebody's data: a
// letter or digit, Thai or other, and none that stands for all of its class.
func personal(b byte) bool {
	mask := b == '0' || b == 'X' || b == 0xA1
	return !mask && (b >= '0' && b <= '9' || b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= 0xA1 && b <= 0xFB)
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
