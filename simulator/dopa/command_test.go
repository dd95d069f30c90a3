package dopa

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/simulator"
)

func TestAServiceObeysWhatIsTyped(t *testing.T) {
	s := newService(t)
	file := filepath.Join(t.TempDir(), "plan.yaml")
	require.NoError(t, os.WriteFile(file, []byte("- {act: status, status: 502}\n"), 0o600))
	for _, row := range []struct{ line, code string }{
		{"state default moved", "2"},
		{"  state 1101700230708 lost ", "1"},
		{"state default normal", "0"},
		{"fault {act: status, status: 503}", "Service Unavailable"},
		{"fault @" + file, "Bad Gateway"},
		{"fault {act: html, until: cleared}", "OK"},
		{"fault clear", "0"},
		{"delay 1ms", "0"},
		{"delay none", "0"},
		{"", "0"},
	} {
		shown, err := s.Command(t.Context(), row.line)
		require.NoError(t, err, row.line)
		assert.Empty(t, shown)
		assert.Equal(t, row.code, codes(s, example, 1), row.line)
	}
	for _, line := range []string{"state default cancelled", "state 1111111111111 lost"} {
		_, err := s.Command(t.Context(), line)
		require.NoError(t, err)
	}
	shown, err := s.Command(t.Context(), "list")
	require.NoError(t, err)
	assert.Regexp(t, `(?m)^default +cancelled$`, shown)
	assert.Regexp(t, `(?m)^alien +normal$`, shown)
	assert.Contains(t, shown, "and 1 numbers of nobody in the register")
	assert.Contains(t, shown, "asked: 10")
	assert.NotRegexp(t, `[0-9]{13}`, shown)
}

func TestWhatIsTypedWronglyIsExplained(t *testing.T) {
	s := newService(t)
	for line, want := range map[string]error{
		"explode":               ErrCommandInvalid,
		"state":                 ErrCommandInvalid,
		"state default":         ErrCommandInvalid,
		"state default dead":    ErrStateUnknown,
		"state nobody lost":     simulator.ErrPersonUnknown,
		"delay soon":            ErrCommandInvalid,
		"delay -1s":             ErrCommandInvalid,
		"delay 24h":             ErrCommandInvalid,
		"fault":                 ErrCommandInvalid,
		"fault {act: explode}":  ErrPlanInvalid,
		"fault @nowhere":        ErrCommandInvalid,
		"fault @" + t.TempDir(): ErrCommandInvalid,
	} {
		_, err := s.Command(t.Context(), line)
		require.ErrorIs(t, err, want, line)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Command(gone, "list")
	require.ErrorIs(t, err, context.Canceled)
}

func TestHelpNamesEveryStateAndTheManualOfFaults(t *testing.T) {
	s := newService(t)
	help, err := s.Command(t.Context(), "help")
	require.NoError(t, err)
	for _, state := range States() {
		assert.Contains(t, help, string(state))
	}
	manual, err := s.Command(t.Context(), "help fault")
	require.NoError(t, err)
	assert.Equal(t, faultsManual, manual)
}
