package simulator_test

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"chipproof/cardreader"
	"chipproof/proofing/thaiid"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestATranscriptFileSaysWhatItIs(t *testing.T) {
	answer := []byte{0x61, 0x0A}
	encoded, err := simulator.Transcript{ATR: []byte{0x3B, 0x00}, Exchanges: []simulator.Exchange{
		{Command: []byte{0, 0xA4, 4, 0}, Answer: answer, Took: 1500 * time.Microsecond},
		{Command: []byte{0, 0xC0, 0, 0, 10}, Answer: []byte{}},
		{Command: []byte{0, 0xC0, 0, 0, 10}, Error: "card_removed", Took: time.Second},
	}}.Encode()
	require.NoError(t, err)
	assert.Equal(t, `{
 "format": "chipproof transcript",
 "version": 1,
 "atr": "3b00",
 "exchanges": [
  {
   "command": "00a40400",
   "answer": "610a",
   "us": 1500
  },
  {
   "command": "00c000000a",
   "answer": "",
   "us": 0
  },
  {
   "command": "00c000000a",
   "error": "card_removed",
   "us": 1000000
  }
 ]
}
`, string(encoded))
}

func TestATranscriptSurvivesItsFile(t *testing.T) {
	for _, p := range simulator.People() {
		transcript, _ := record(t, p, 255)
		encoded, err := transcript.Encode()
		require.NoError(t, err)
		parsed, err := simulator.ParseTranscript(encoded)
		require.NoError(t, err)
		assert.Equal(t, transcript, parsed, p.Key)
	}
}

func TestATranscriptFileIsReadStrictly(t *testing.T) {
	const head = `{"format":"chipproof transcript","version":1,"atr":"","exchanges":`
	for name, file := range map[string]string{
		"nothing":                ``,
		"no JSON":                `exchanges`,
		"two files":              head + `[]}` + head + `[]}`,
		"another format":         `{"format":"pcap","version":1,"atr":"","exchanges":[]}`,
		"another version":        `{"format":"chipproof transcript","version":2,"atr":"","exchanges":[]}`,
		"no version":             `{"format":"chipproof transcript","atr":"","exchanges":[]}`,
		"an unknown member":      head + `[],"name":"x"}`,
		"a member twice":         head + `[],"atr":""}`,
		"a member in other case": head + `[],"ATR":""}`,
		"an ATR in upper case":   `{"format":"chipproof transcript","version":1,"atr":"3B","exchanges":[]}`,
		"an ATR of a kilobyte":   `{"format":"chipproof transcript","version":1,"atr":"` + strings.Repeat("00", 1024) + `","exchanges":[]}`,
		"half a byte":            head + `[{"command":"0","answer":"9000","us":1}]}`,
		"neither answer nor":     head + `[{"command":"00","us":1}]}`,
		"both":                   head + `[{"command":"00","answer":"9000","error":"torn","us":1}]}`,
		"an unknown error":       head + `[{"command":"00","error":"oops","us":1}]}`,
		"an empty error":         head + `[{"command":"00","error":"","us":1}]}`,
		"a negative time":        head + `[{"command":"00","answer":"9000","us":-1}]}`,
		"a time of a year":       head + `[{"command":"00","answer":"9000","us":31536000000000}]}`,
		"an answer in words":     head + `[{"command":"00","answer":"fine","us":1}]}`,
		"a command of 70,000":    head + `[{"command":"` + strings.Repeat("00", 70_000) + `","answer":"9000","us":1}]}`,
		"too many exchanges":     head + `[` + strings.Repeat(`{"command":"00","answer":"9000","us":1},`, 5000) + `{"command":"00","answer":"9000","us":1}]}`,
		"too much of it":         head + `[]}` + strings.Repeat(" ", 5<<20),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := simulator.ParseTranscript([]byte(file))
			assert.ErrorIs(t, err, simulator.ErrTranscriptInvalid)
		})
	}
}

// replayed is the transcript of a whole read of a person's card, as a card.
func replayed(tb testing.TB, name string) *simulator.Replay {
	tb.Helper()
	transcript, _ := record(tb, person(tb, name), 255)
	return simulator.NewReplay(transcript)
}

func TestAReplayAnswersAsTheCardDid(t *testing.T) {
	transcript, _ := record(t, person(t, "default"), 255)
	replay := simulator.NewReplay(transcript)
	assert.Equal(t, transcript.ATR, replay.ATR())
	for range 2 {
		for i, e := range transcript.Exchanges {
			answer, err := replay.Transmit(t.Context(), e.Command)
			require.NoError(t, err)
			require.Equal(t, e.Answer, answer, "exchange %d", i+1)
		}
	}
}

func TestAReplayFindsItsPlaceWhenTheReaderAsksInAnotherOrder(t *testing.T) {
	card := cardOf(t, "default", simulator.CardOptions{})
	recorder := simulator.NewRecorder(card, card.ATR(), today)
	_, err := fields(t.Context(), recorder, thaiid.PartCitizenID, thaiid.PartSex, thaiid.PartBirthDate)
	require.NoError(t, err)
	replay := simulator.NewReplay(recorder.Transcript())
	for _, part := range []thaiid.Part{thaiid.PartBirthDate, thaiid.PartSex, thaiid.PartCitizenID, thaiid.PartBirthDate} {
		_, err := fields(t.Context(), replay, part)
		require.NoError(t, err)
	}
}

func TestAReplayRefusesWhatWasNotRecorded(t *testing.T) {
	replay := replayed(t, "default")
	for _, command := range []string{"80B000010200FF", "00C0000001", "00"} {
		_, err := try(t, replay, command)
		require.ErrorIs(t, err, simulator.ErrNotRecorded)
		require.ErrorIs(t, err, cardreader.ErrCardError)
	}
	_, err := try(t, simulator.NewReplay(simulator.Transcript{}), selectMOI)
	require.ErrorIs(t, err, simulator.ErrNotRecorded)
}

func TestAReplayFailsWhereTheCardFailed(t *testing.T) {
	card := faulty(t, "- {exchange: 3, do: error, error: card_error}")
	recorder := simulator.NewRecorder(card, card.ATR(), today)
	_, err := fields(t.Context(), recorder, thaiid.PartCitizenID)
	require.ErrorIs(t, err, cardreader.ErrCardError)
	_, err = fields(t.Context(), simulator.NewReplay(recorder.Transcript()), thaiid.PartCitizenID)
	require.ErrorIs(t, err, cardreader.ErrCardError)
}

func TestAReplayKeepsThePaceIfItIsAskedTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		card := cardOf(t, "default", simulator.CardOptions{Line: simulator.LineTA96})
		recorder := simulator.NewRecorder(card, card.ATR(), time.Now)
		_, err := fields(t.Context(), recorder, thaiid.PartCitizenID)
		require.NoError(t, err)
		for pace, want := range map[simulator.Pace]time.Duration{simulator.AtOnce: 0, simulator.AsRecorded: card.LineTime()} {
			begun := time.Now()
			_, err = fields(t.Context(), simulator.NewPacedReplay(recorder.Transcript(), pace), thaiid.PartCitizenID)
			require.NoError(t, err)
			assert.Equal(t, want, time.Since(begun))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		_, err = simulator.NewPacedReplay(recorder.Transcript(), simulator.AsRecorded).Transmit(ctx, recorder.Transcript().Exchanges[0].Command)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = simulator.NewReplay(recorder.Transcript()).Transmit(ctx, recorder.Transcript().Exchanges[0].Command)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestAReplayLiesInAReaderLikeACard(t *testing.T) {
	card := cardOf(t, "default", simulator.CardOptions{})
	recorder := simulator.NewRecorder(card, card.ATR(), today)
	_, err := fields(t.Context(), recorder, thaiid.PartCitizenID)
	require.NoError(t, err)

	m := simulator.NewMachine(desk)
	require.NoError(t, m.Insert(desk, simulator.NewReplay(recorder.Transcript())))
	for range 2 {
		c := connect(t, m)
		assert.Equal(t, "1000000000190", number(t, c))
		require.NoError(t, c.Close())
	}
	require.NoError(t, m.Faults(desk, planOf(t, "- {field: citizen_id, do: status, word: 6F00}\n- {exchange: 1, do: swap, person: expired}")))
	c := connect(t, m)
	_, err = fields(t.Context(), c, thaiid.PartCitizenID)
	require.Error(t, err)
}

var update = flag.Bool("update", false, "write the golden transcripts anew")

// What a transcript looks like is a promise to whoever keeps one: files that were
// sent in must be readable for ever.
func TestTranscriptsAreWrittenAsBefore(t *testing.T) {
	for name, plan := range map[string]string{
		"whole":         "[]",
		"removed":       "- {exchange: 9, do: remove}",
		"wrong-length":  "- {field: address, do: truncate, keep: 100}",
		"endless":       "- {field: name, do: endless_61xx}",
		"not-tis620":    "- {field: name.th, do: garbage}",
		"swapped-again": "- {exchange: 5, do: swap, person: expired}\n- {exchange: 40, do: swap, person: default}",
	} {
		synctest.Test(t, func(t *testing.T) {
			inner := cardOf(t, "default", simulator.CardOptions{Line: simulator.LineTA96})
			card, err := simulator.NewFaulty(inner, planOf(t, plan))
			require.NoError(t, err)
			recorder := simulator.NewRecorder(card, card.ATR(), time.Now)
			readEverything(t.Context(), recorder, 255)
			encoded, err := recorder.Transcript().Encode()
			require.NoError(t, err)

			golden := filepath.Join("testdata", "transcripts", name+".json")
			if *update {
				require.NoError(t, os.WriteFile(golden, encoded, 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.True(t, bytes.Equal(want, encoded), "%s: look at the difference, then run the test with -update", name)
			_, err = simulator.ParseTranscript(want)
			assert.NoError(t, err)
		})
	}
}

func FuzzParseTranscript(f *testing.F) {
	f.Add([]byte(`{"format":"chipproof transcript","version":1,"atr":"3b00","exchanges":[{"command":"00a40400","answer":"9000","us":1},{"command":"00","error":"torn","us":0}]}`))
	f.Fuzz(func(t *testing.T, content []byte) {
		transcript, err := simulator.ParseTranscript(content)
		if err != nil {
			require.ErrorIs(t, err, simulator.ErrTranscriptInvalid)
			return
		}
		encoded, err := transcript.Encode()
		require.NoError(t, err)
		again, err := simulator.ParseTranscript(encoded)
		require.NoError(t, err)
		assert.Equal(t, transcript, again)
		replay := simulator.NewReplay(transcript)
		for _, e := range transcript.Exchanges {
			_, _ = replay.Transmit(t.Context(), e.Command)
		}
	})
}
