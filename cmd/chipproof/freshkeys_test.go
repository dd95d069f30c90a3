package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/mfa"
	"chipproof/store"
)

// beside opens the same data once more, as a command does beside the agent.
func beside(t *testing.T, s *site) *site {
	t.Helper()
	other, err := openSite(t.Context(), s.dir, s.keyDir, siteOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, other.close(t.Context())) })
	return other
}

func TestAnAgentGoesOnWithKeysThatACommandHasRotated(t *testing.T) {
	agent := openedSite(t)
	who := enrolled(t, agent, "malee")
	command := beside(t, agent)
	for _, ring := range []string{ringSecrets, ringPepper, ringPseudonyms} {
		require.NoError(t, command.rotate(t.Context(), ring))
	}
	before, err := agent.Pseudonym("form_fill", 2026, "1101700230708")
	require.NoError(t, err)
	entry, err := agent.mfa.Login(t.Context(), mfa.Login{UserName: who.name, Password: mfa.Hide(passwordInTests)})
	require.NoError(t, err, "the password is under the old pepper")
	_, err = agent.mfa.GiveBackupCode(t.Context(), entry.Token, mfa.Hide(who.codes[0]))
	require.NoError(t, err)
	after, err := agent.Pseudonym("form_fill", 2026, "1101700230708")
	require.NoError(t, err)
	assert.NotEqual(t, before, after, "a new key gives new names")
	keys, err := agent.mfa.Keys(t.Context())
	require.NoError(t, err)
	for _, k := range keys {
		assert.Equal(t, k.Current, k.ID == command.rings[k.Ring].Current(), "%+v", k)
	}
}

func TestAnAgentKeepsItsKeysWhenAFileIsAwayOrDamaged(t *testing.T) {
	agent := openedSite(t)
	var said bytes.Buffer
	agent.log = slog.New(slog.NewTextHandler(&said, nil))
	who := enrolled(t, agent, "malee")
	login := func() error {
		_, err := agent.mfa.Login(t.Context(), mfa.Login{UserName: who.name, Password: mfa.Hide(passwordInTests)})
		return err
	}
	pepper := filepath.Join(agent.keyDir, store.PepperKeyFile)
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
