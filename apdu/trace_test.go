package apdu_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/apdu"
)

func TestATraceShowsShapeAndNoContent(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	secret := []byte("1101700230708") // synthetic
	card := apdu.Trace(apdu.TransmitterFunc(func(context.Context, []byte) ([]byte, error) {
		return append(bytes.Clone(secret), 0x90, 0x00), nil
	}), log)

	command := append([]byte{0x00, 0x20, 0x00, 0x80, byte(len(secret))}, secret...)
	answer, err := card.Transmit(t.Context(), command)
	require.NoError(t, err)
	assert.Len(t, answer, 15, "the answer itself is whole")

	var line map[string]any
	require.NoError(t, json.Unmarshal(out.Bytes(), &line))
	assert.Equal(t, "apdu", line["msg"])
	assert.Equal(t, "20", line["ins"])
	assert.Equal(t, "9000", line["sw"])
	assert.EqualValues(t, len(command), line["sent"])
	assert.EqualValues(t, 15, line["received"])
	assert.Contains(t, line, "took")
	assert.ElementsMatch(t, []string{"time", "level", "msg", "sent", "received", "took", "ins", "sw"}, keys(line))
	assertHides(t, out.String(), secret)
}

func keys(m map[string]any) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	return out
}

// assertHides fails when secret is in text, in any of the ways Go prints bytes.
func assertHides(t testing.TB, text string, secret []byte) {
	t.Helper()
	decimal := strings.Trim(fmt.Sprint(secret), "[]")
	encoded, err := json.Marshal(secret)
	require.NoError(t, err)
	for _, form := range []string{
		string(secret), fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprintf("% x", secret),
		decimal, strings.ReplaceAll(decimal, " ", ","), strings.Trim(string(encoded), `"`),
		fmt.Sprintf("%#v", secret), string(secret[:6]),
	} {
		assert.NotContains(t, text, form)
	}
}

func TestATraceShowsWhatFailed(t *testing.T) {
	for name, row := range map[string]struct {
		command, answer []byte
		err             error
		want, not       string
	}{
		"an error":            {[]byte{0, 0xB0, 0, 0}, nil, errors.New("card removed"), `error="card removed"`, "sw="},
		"an answer of a byte": {[]byte{0, 0xB0, 0, 0}, []byte{0x90}, nil, "received=1", "sw="},
		"a command of a byte": {[]byte{0}, []byte{0x6D, 0}, nil, "sw=6D00", "ins="},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
			card := apdu.Trace(apdu.TransmitterFunc(func(context.Context, []byte) ([]byte, error) {
				return row.answer, row.err
			}), log)
			answer, err := card.Transmit(t.Context(), row.command)
			assert.Equal(t, row.answer, answer)
			assert.Equal(t, row.err, err)
			assert.Contains(t, out.String(), row.want)
			assert.NotContains(t, out.String(), row.not)
		})
	}
}

func TestCommandsAndResponsesPrintNoContent(t *testing.T) {
	secret := []byte("1101700230708") // synthetic
	command := apdu.Command{CLA: 0x00, INS: 0x20, P2: 0x80, Data: secret}
	response := apdu.Response{Data: secret, Status: apdu.StatusOK}
	for _, value := range []any{command, &command, response, &response} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d"} {
			text := fmt.Sprintf(verb, value)
			assertHides(t, text, secret)
			assert.Contains(t, text, "13", "the length shows")
		}
		var out bytes.Buffer
		slog.New(slog.NewJSONHandler(&out, nil)).Info("exchange", "value", value)
		slog.New(slog.NewTextHandler(&out, nil)).Info("exchange", "value", value)
		assertHides(t, out.String(), secret)
	}
	assert.Equal(t, "command 00 20 00 80, Nc 13, Ne 0", fmt.Sprint(command))
	assert.Equal(t, "response of 13 bytes, status 9000", fmt.Sprint(response))
}
