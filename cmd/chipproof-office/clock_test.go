package main

import (
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

// momentCmd is `moment VAR BASE DURATION [LAYOUT]`: so much later than a moment, or
// than now, in Thailand.
func momentCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || len(args) > 4 {
		ts.Fatalf("usage: moment VAR now|TIME DURATION [LAYOUT]")
	}
	base := time.Now()
	if args[1] != "now" {
		var err error
		base, err = time.Parse(time.RFC3339, args[1])
		ts.Check(err)
	}
	later, err := time.ParseDuration(args[2])
	ts.Check(err)
	layout := time.RFC3339
	if len(args) == 4 {
		layout = args[3]
	}
	ts.Setenv(args[0], base.Add(later).In(breach.Bangkok()).Format(layout))
}

func TestATimeIsThailandsOrSaysItself(t *testing.T) {
	want, err := breach.ParseMoment("2026-11-25T14:30:00+07:00")
	require.NoError(t, err)
	for _, text := range []string{
		"2026-11-25 14:30", "2026-11-25 14:30:00", "2026-11-25T14:30", "2026-11-25T14:30:00", "2026-11-25T14:30:00+07:00", "2026-11-25T07:30:00Z",
	} {
		var w when
		require.NoError(t, w.UnmarshalText([]byte(text)), text)
		assert.Equal(t, want, w.Moment, text)
	}
	for _, text := range []string{
		"2569-11-25 14:30", "2026-02-30 14:30", "25/11/2026 14:30", "2026-11-25", "14:30", "", "now", "2026-11-25 14:30 +07:00", "2026-11-25T14:30:00.5+07:00",
	} {
		var w when
		require.ErrorIs(t, w.UnmarshalText([]byte(text)), errWhen, text)
		assert.True(t, w.IsZero(), text)
	}
}
