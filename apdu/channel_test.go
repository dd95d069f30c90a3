package apdu_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/apdu"
)

// step is one exchange of a script: what must be sent, what the card answers.
type step struct{ send, answer string }

// script plays steps in order and fails on anything else.
func script(t testing.TB, steps ...step) apdu.Transmitter {
	t.Helper()
	next := 0
	t.Cleanup(func() { assert.Equal(t, len(steps), next, "steps played") })
	return apdu.TransmitterFunc(func(_ context.Context, command []byte) ([]byte, error) {
		require.Less(t, next, len(steps), "sent %X beyond the script", command)
		s := steps[next]
		next++
		require.Equal(t, unhex(t, s.send), command, "step %d", next)
		return unhex(t, s.answer), nil
	})
}

var readNumber = apdu.Command{CLA: 0x80, INS: 0xB0, P2: 0x04, Data: []byte{0x00, 0x0D}}

const (
	sendRead = "80 B0 00 04 02 00 0D"
	number   = "31 31 30 31 37 30 30 32 33 30 37 30 38" // synthetic: 1101700230708
)

func TestAChannelFollowsTheCard(t *testing.T) {
	for name, row := range map[string]struct {
		form    apdu.Form
		command apdu.Command
		steps   []step
		want    string
	}{
		"data at once, from a reader that fetches by itself": {
			command: readNumber,
			steps:   []step{{sendRead, number + "90 00"}},
			want:    number,
		},
		"61xx, then the data": {
			command: readNumber,
			steps:   []step{{sendRead, "61 0D"}, {"00 C0 00 00 0D", number + "90 00"}},
			want:    number,
		},
		"61xx in two helpings": {
			command: readNumber,
			steps: []step{
				{sendRead, "61 0D"},
				{"00 C0 00 00 0D", "31 31 30 31 37 30 30 32 61 05"},
				{"00 C0 00 00 05", "33 30 37 30 38 90 00"},
			},
			want: number,
		},
		"data together with 61xx (laser code, thai-id-card §8)": {
			command: apdu.Command{CLA: 0x80, Ne: 7},
			steps: []step{
				{"80 00 00 00 07", "01 02 03 04 05 06 07 61 02"},
				{"00 C0 00 00 02", "08 09 90 00"},
			},
			want: "01 02 03 04 05 06 07 08 09",
		},
		"6100 means 256": {
			command: apdu.Command{INS: 0xCA},
			steps:   []step{{"00 CA 00 00", "61 00"}, {"00 C0 00 00 00", "AA 90 00"}},
			want:    "AA",
		},
		"6Cxx, then the right length (chip number, thai-id-card §8)": {
			command: apdu.Command{CLA: 0x80, INS: 0xCA, P1: 0x9F, P2: 0x7F, Ne: 256},
			steps:   []step{{"80 CA 9F 7F 00", "6C 03"}, {"80 CA 9F 7F 03", "9F 7F 2A 90 00"}},
			want:    "9F 7F 2A",
		},
		"6Cxx to the GET RESPONSE itself": {
			command: readNumber,
			steps: []step{
				{sendRead, "61 00"},
				{"00 C0 00 00 00", "6C 0D"},
				{"00 C0 00 00 0D", number + "90 00"},
			},
			want: number,
		},
		"bytes sent along with 6Cxx are not taken twice": {
			command: apdu.Command{INS: 0xCA, Ne: 9},
			steps:   []step{{"00 CA 00 00 09", "AA 6C 02"}, {"00 CA 00 00 02", "AA BB 90 00"}},
			want:    "AA BB",
		},
		"6Cxx before 61xx": {
			command: apdu.Command{INS: 0xCA, Ne: 256},
			steps: []step{
				{"00 CA 00 00 00", "6C 02"},
				{"00 CA 00 00 02", "61 02"},
				{"00 C0 00 00 02", "AA BB 90 00"},
			},
			want: "AA BB",
		},
		"9000 and no data is no error here: the caller knows what length it wants": {
			command: readNumber,
			steps:   []step{{sendRead, "90 00"}},
			want:    "",
		},
		"GET RESPONSE with P2 01 for a 3B 67 card": {
			form:    apdu.Form{P2: 1},
			command: readNumber,
			steps:   []step{{sendRead, "61 0D"}, {"00 C0 00 01 0D", number + "90 00"}},
			want:    number,
		},
		"the other form when the first is refused": {
			command: readNumber,
			steps: []step{
				{sendRead, "61 0D"},
				{"00 C0 00 00 0D", "6A 86"},
				{"00 C0 00 01 0D", number + "90 00"},
			},
			want: number,
		},
		"the other form, from 01 to 00": {
			form:    apdu.Form{P2: 1},
			command: readNumber,
			steps: []step{
				{sendRead, "61 0D"},
				{"00 C0 00 01 0D", "6B 00"},
				{"00 C0 00 00 0D", number + "90 00"},
			},
			want: number,
		},
	} {
		t.Run(name, func(t *testing.T) {
			ch := apdu.NewChannel(script(t, row.steps...), row.form, apdu.Limits{})
			got, err := ch.Do(t.Context(), row.command)
			require.NoError(t, err)
			assert.Equal(t, unhex(t, row.want), append([]byte{}, got...))
			assert.Equal(t, len(row.steps), ch.Exchanges())
		})
	}
}

func TestRefusalsAreStatusWords(t *testing.T) {
	for name, row := range map[string]struct {
		steps []step
		want  apdu.Status
	}{
		"refused at once":             {[]step{{sendRead, "69 86"}}, 0x6986},
		"a warning is not success":    {[]step{{sendRead, number + "62 82"}}, 0x6282},
		"9710 is a refusal":           {[]step{{sendRead, "97 10"}}, 0x9710}, // cortexcloud takes it as success
		"data with a refusal is gone": {[]step{{sendRead, number + "6F 00"}}, 0x6F00},
		"GET RESPONSE refused in both forms": {[]step{
			{sendRead, "61 0D"}, {"00 C0 00 00 0D", "6A 86"}, {"00 C0 00 01 0D", "69 85"},
		}, 0x6985},
		"refused in the middle of the data": {[]step{
			{sendRead, "61 0D"}, {"00 C0 00 00 0D", "31 31 61 0B"}, {"00 C0 00 00 0B", "64 00"},
		}, 0x6400},
	} {
		t.Run(name, func(t *testing.T) {
			ch := apdu.NewChannel(script(t, row.steps...), apdu.Form{}, apdu.Limits{})
			got, err := ch.Do(t.Context(), readNumber)
			assert.ErrorIs(t, err, row.want)
			assert.Nil(t, got, "nothing partial")
		})
	}
}

// A card that took one form is never asked with the other again, so a later
// refusal is what it says.
func TestAFormThatWorkedIsKept(t *testing.T) {
	ch := apdu.NewChannel(script(t,
		step{sendRead, "61 0D"}, step{"00 C0 00 00 0D", "6A 86"}, step{"00 C0 00 01 0D", number + "90 00"},
		step{sendRead, "61 0D"}, step{"00 C0 00 01 0D", number + "90 00"},
		step{sendRead, "61 0D"}, step{"00 C0 00 01 0D", "6F 00"},
	), apdu.Form{}, apdu.Limits{})

	for range 2 {
		_, err := ch.Do(t.Context(), readNumber)
		require.NoError(t, err)
	}
	_, err := ch.Do(t.Context(), readNumber)
	assert.ErrorIs(t, err, apdu.Status(0x6F00))
}

// A card may drop what it held back once it refused a GET RESPONSE. The next
// command then starts with the form that was not refused first.
func TestACardThatDropsItsAnswerIsRightWithTheNextCommand(t *testing.T) {
	ch := apdu.NewChannel(script(t,
		step{sendRead, "61 0D"}, step{"00 C0 00 00 0D", "6A 86"}, step{"00 C0 00 01 0D", "69 85"},
		step{sendRead, "61 0D"}, step{"00 C0 00 01 0D", number + "90 00"},
	), apdu.Form{}, apdu.Limits{})

	_, err := ch.Do(t.Context(), readNumber)
	require.ErrorIs(t, err, apdu.Status(0x6985))
	got, err := ch.Do(t.Context(), readNumber)
	require.NoError(t, err)
	assert.Equal(t, unhex(t, number), got)
}

func TestRunLeavesTheAnswerOnTheCard(t *testing.T) {
	selectMOI := apdu.Command{INS: 0xA4, P1: 0x04, Data: []byte{0xA0}}
	for name, row := range map[string]struct {
		steps []step
		want  error
	}{
		"61xx is success":         {[]step{{"00 A4 04 00 01 A0", "61 0A"}}, nil},
		"9000 is success":         {[]step{{"00 A4 04 00 01 A0", "90 00"}}, nil},
		"6Cxx is asked again":     {[]step{{"00 A4 04 00 01 A0", "6C 12"}, {"00 A4 04 00 01 A0 12", "90 00"}}, nil},
		"an absent applet":        {[]step{{"00 A4 04 00 01 A0", "6A 82"}}, apdu.ErrNotFound},
		"an answer of one byte":   {[]step{{"00 A4 04 00 01 A0", "90"}}, apdu.ErrResponseInvalid},
		"an answer of no byte":    {[]step{{"00 A4 04 00 01 A0", ""}}, apdu.ErrResponseInvalid},
		"a refusal word unheard":  {[]step{{"00 A4 04 00 01 A0", "97 10"}}, apdu.Status(0x9710)},
		"data with 9000 is taken": {[]step{{"00 A4 04 00 01 A0", "6F 00 90 00"}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			ch := apdu.NewChannel(script(t, row.steps...), apdu.Form{}, apdu.Limits{})
			assert.ErrorIs(t, ch.Run(t.Context(), selectMOI), row.want)
		})
	}
}

func TestWhatTheTransmitterSaysIsHandedOn(t *testing.T) {
	gone := errors.New("card removed")
	ch := apdu.NewChannel(apdu.TransmitterFunc(func(context.Context, []byte) ([]byte, error) {
		return unhex(t, number+"90 00"), gone
	}), apdu.Form{}, apdu.Limits{})

	got, err := ch.Do(t.Context(), readNumber)
	assert.ErrorIs(t, err, gone)
	assert.EqualError(t, err, "transmit: card removed")
	assert.Nil(t, got)
	assert.ErrorIs(t, ch.Run(t.Context(), readNumber), gone)
}

func TestACancelledContextSendsNothingMore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	ch := apdu.NewChannel(apdu.TransmitterFunc(func(context.Context, []byte) ([]byte, error) {
		cancel() // while the first exchange is on the line
		return unhex(t, "61 0D"), nil
	}), apdu.Form{}, apdu.Limits{})

	_, err := ch.Do(ctx, readNumber)
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 1, ch.Exchanges())
}

func TestACommandThatCannotBeEncodedIsNotSent(t *testing.T) {
	ch := apdu.NewChannel(script(t), apdu.Form{}, apdu.Limits{})
	_, err := ch.Do(t.Context(), apdu.Command{Ne: -1})
	assert.ErrorIs(t, err, apdu.ErrCommandInvalid)
	assert.Zero(t, ch.Exchanges())
}
