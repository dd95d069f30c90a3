package issuer

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSettingsThatCannotBeMeantAreRefused(t *testing.T) {
	now := (&clock{at: noon}).now
	for name, o := range map[string]Options{
		"plain http":       {URL: "http://idcard.bora.dopa.go.th/x", Now: now},
		"http on loopback": {URL: "http://localhost:8732/", Now: now},
		"no host":          {URL: "https:///x", Now: now},
		"no scheme":        {URL: "idcard.bora.dopa.go.th", Now: now},
		"a query":          {URL: "https://localhost/?PID=1", Now: now},
		"an empty query":   {URL: "https://localhost/?", Now: now},
		"a fragment":       {URL: "https://localhost/#x", Now: now},
		"a password":       {URL: "https://somebody:secret@localhost/", Now: now},
		"no URL":           {URL: "https://local host/", Now: now},
		"SOAP 1.3":         {SOAP: "1.3", Now: now},
		"too short":        {Deadline: time.Millisecond, Now: now},
		"too long":         {Deadline: time.Hour, Now: now},
		"below zero":       {Deadline: -time.Second, Now: now},
		"no clock":         {},
	} {
		_, err := New(o)
		require.ErrorIs(t, err, ErrConfig, name)
		assert.NotContains(t, err.Error(), "secret")
	}
	_, err := New(Options{URL: "http://x/", SOAP: "2", Deadline: time.Hour})
	for _, what := range []string{"https", "1.1 or 1.2", "deadline", "clock"} {
		assert.ErrorContains(t, err, what, "all that is wrong is told at once")
	}
}

func TestWithoutSettingsTheRealServiceIsMeantAndNotAsked(t *testing.T) {
	c, err := New(Options{Now: (&clock{at: noon}).now})
	require.NoError(t, err)
	assert.Equal(t, "https://idcard.bora.dopa.go.th/CheckCardStatus/CheckCardService.asmx", c.url.String())
	assert.Equal(t, 10*time.Second, c.deadline)
	assert.Equal(t, Version12, c.version)
}

func TestWhatIsAskedHidesItself(t *testing.T) {
	card, holder := inserted(t, "default"), typed(t, "default")
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	logger.Info("x", "card", card, "holder", holder, "number", holder.Number)
	printed := log.String()
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
		printed += fmt.Sprintf(verb+verb+verb, card, holder, holder.Laser)
		printed += fmt.Sprintf(verb+verb, &card, &holder)
	}
	for _, v := range []any{card, holder, holder.Number} {
		text, err := json.Marshal(v)
		require.NoError(t, err)
		printed += string(text)
	}
	printed += holder.Number.String() + holder.Number.GoString()
	assert.Contains(t, printed, mask)
	for _, secret := range []string{"1101700230708", "สมชาย", "ใจดี", "0123456789abcdef", "JT1234567890", "25251231", "76030000001"} {
		assert.NotContains(t, printed, secret)
	}
	assert.Empty(t, Hidden{}.reveal())
}
