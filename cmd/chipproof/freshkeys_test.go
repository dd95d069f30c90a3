package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cmd/internal/program"
	"chipproof/cmd/internal/programtest"
	"chipproof/mfa"
	"chipproof/store"
)

// beside opens the same data once more, as a command does beside the agent.
func beside(t *testing.T, s *site) *site {
	t.Helper()
	other, err := openSite(t.Context(), s.Dir, s.KeyDir, program.SiteOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, other.Close(t.Context())) })
	return other
}

func TestAnAgentGoesOnWithKeysThatACommandHasRotated(t *testing.T) {
	agent := openedSite(t)
	who := enrolled(t, agent, "malee")
	command := beside(t, agent)
	for _, ring := range []string{program.RingSecrets, program.RingPepper, program.RingPseudonyms} {
		require.NoError(t, command.rotate(t.Context(), ring))
	}
	before, err := agent.Pseudonym("form_fill", 2026, "1101700230708")
	require.NoError(t, err)
	entry, err := agent.MFA.Login(t.Context(), mfa.Login{UserName: who.Name, Password: mfa.Hide(programtest.PasswordInTests)})
	require.NoError(t, err, "the password is under the old pepper")
	_, err = agent.MFA.GiveBackupCode(t.Context(), entry.Token, mfa.Hide(who.Codes[0]))
	require.NoError(t, err)
	after, err := agent.Pseudonym("form_fill", 2026, "1101700230708")
	require.NoError(t, err)
	assert.NotEqual(t, before, after, "a new key gives new names")
	keys, err := agent.MFA.Keys(t.Context())
	require.NoError(t, err)
	for _, k := range keys {
		assert.Equal(t, k.Current, k.ID == command.Rings[k.Ring].Current(), "%+v", k)
	}
}

func TestAnAgentKeepsItsKeysWhenAFileIsAwayOrDamaged(t *testing.T) {
	agent := openedSite(t)
	var said bytes.Buffer
	agent.Log = slog.New(slog.NewTextHandler(&said, nil))
	who := enrolled(t, agent, "malee")
	login := func() error {
		_, err := agent.MFA.Login(t.Context(), mfa.Login{UserName: who.Name, Password: mfa.Hide(programtest.PasswordInTests)})
		return err
	}
	pepper := filepath.Join(agent.KeyDir, store.PepperKeyFile)
	content, err := os.ReadFile(pepper)
	require.NoError(t, err)
	require.NoError(t, os.Remove(pepper))
	assert.NoError(t, login())
	require.NoError(t, os.WriteFile(pepper, []byte("half a ri"), 0o600))
	assert.NoError(t, login())
	assert.Contains(t, said.String(), "changed keys not taken")
	require.NoError(t, os.WriteFile(pepper, content, 0o600))
	assert.NoError(t, login())
	assert.NotContains(t, said.String(), "half a ri")
}
