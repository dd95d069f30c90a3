package main

import (
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/proof/keyring"
	"chipproof/store"
)

// thumbprintNow is the key that signs at this moment, as a running agent sees it.
func thumbprintNow(t *testing.T, s *proofing.Signing) string {
	t.Helper()
	signer, err := s.Key()
	require.NoError(t, err)
	kid, err := proof.Thumbprint(signer.Public().(*ecdsa.PublicKey))
	require.NoError(t, err)
	return kid
}

func TestARunningAgentTakesChangedProofKeysAtOnce(t *testing.T) {
	s := openedSite(t)
	a := agent{mode: api.Production, site: s, proofs: shippedProofs()}
	signing, err := a.signing(t.Context())
	require.NoError(t, err)
	first := thumbprintNow(t, signing)

	command := beside(t, s)
	require.NoError(t, command.rotate(t.Context(), ringProof))
	assert.Equal(t, first, thumbprintNow(t, signing), "a new key waits for its day")
	published, err := a.published(t.Context())
	require.NoError(t, err)
	assert.Len(t, published.Thumbprints(), 2, "and is shown already")

	require.NoError(t, command.changeProofKeys(t.Context(), command.proofKeys(ringProof), func(r *keyring.Ring) (*keyring.Ring, error) {
		return r.Revoked(first, rand.Reader, time.Now())
	}))
	assert.NotEqual(t, first, thumbprintNow(t, signing))
	published, err = a.published(t.Context())
	require.NoError(t, err)
	assert.NotContains(t, published.Thumbprints(), first)
}

// agent-security §11, row 33.
func TestAnAgentWhoseProofKeyIsGoneSignsNothing(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"away":         os.Remove,
		"open":         func(path string) error { return os.Chmod(path, 0o640) },
		"half written": func(path string) error { return os.WriteFile(path, []byte(`{"about":`), 0o600) },
		"another kind": func(path string) error {
			return errorsOf(os.Remove(path), os.Link(filepath.Join(filepath.Dir(path), store.PepperKeyFile), path))
		},
		"of test mode": func(path string) error {
			return errorsOf(os.Remove(path), os.Link(filepath.Join(filepath.Dir(path), store.ProofTestKeyFile), path))
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openedSite(t)
			a := agent{mode: api.Production, site: s, proofs: proofs{issuer: "https://agency.example.go.th"}}
			signing, err := a.signing(t.Context())
			require.NoError(t, err)
			require.NoError(t, signing.Ready(proofing.FromReader))
			require.NoError(t, spoil(filepath.Join(s.KeyDir, store.ProofKeyFile)))
			assert.ErrorIs(t, signing.Ready(proofing.FromReader), proofing.ErrKeyUnavailable)
			_, err = a.published(t.Context())
			assert.ErrorIs(t, err, proofing.ErrKeyUnavailable)
			assert.Error(t, a.readyToProve(t.Context()), "and none starts")
		})
	}
}

func errorsOf(first, second error) error {
	if first != nil {
		return first
	}
	return second
}

func TestOfTwoChangesAtOnceTheLaterOneGivesUp(t *testing.T) {
	s := openedSite(t)
	other := beside(t, s)
	k := s.proofKeys(ringProof)
	before, err := k.read()
	require.NoError(t, err)
	kid := before.Published(time.Now()).Thumbprints()[0]
	err = s.changeProofKeys(t.Context(), k, func(r *keyring.Ring) (*keyring.Ring, error) {
		require.NoError(t, other.changeProofKeys(t.Context(), k, func(r *keyring.Ring) (*keyring.Ring, error) {
			return r.Revoked(kid, rand.Reader, time.Now())
		}))
		return r.Rotated(rand.Reader, time.Now())
	})
	assert.ErrorIs(t, err, store.ErrBusy)
	after, err := k.read()
	require.NoError(t, err)
	assert.Equal(t, []string{kid}, after.Denied(), "a revoked key is not put back")
}

// proof §7: a key for proofs never leaves the machine.
func TestABackupHoldsNoByteOfAProofKey(t *testing.T) {
	s := openedSite(t)
	owner, err := age.GenerateX25519Identity()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "all.age")
	_, err = s.Audit.Backup(t.Context(), store.BackupOptions{
		To: path, Recipients: []age.Recipient{owner.Recipient()}, Keys: store.KeyFilesIn(s.KeyDir), By: s.AsAuditor(), Version: "test",
	})
	require.NoError(t, err)
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	opened, err := age.Decrypt(f, owner)
	require.NoError(t, err)
	held, err := io.ReadAll(opened)
	require.NoError(t, err)
	assert.Contains(t, string(held), "SQLite format 3")
	for _, name := range []string{store.ProofKeyFile, store.ProofTestKeyFile} {
		content, err := os.ReadFile(filepath.Join(s.KeyDir, name))
		require.NoError(t, err)
		var ring struct {
			Keys []struct {
				Private string `json:"private"`
			} `json:"keys"`
		}
		require.NoError(t, json.Unmarshal(content, &ring))
		require.NotEmpty(t, ring.Keys[0].Private)
		for i := 0; i+16 <= len(ring.Keys[0].Private); i += 16 {
			assert.NotContains(t, string(held), ring.Keys[0].Private[i:i+16], name)
		}
		assert.NotContains(t, string(held), strings.Split(string(content), "\n")[1], name)
	}
}

func TestARestoredMachineMakesKeysOfItsOwnAndKeepsThoseItHas(t *testing.T) {
	s := openedSite(t)
	kids := func() (all []string) {
		for _, ring := range proofRingNames() {
			keys, err := s.proofKeys(ring).published()
			require.NoError(t, err)
			all = append(all, keys.Thumbprints()...)
		}
		return all
	}
	had := kids()
	require.NoError(t, completeProofKeys(t.Context(), s.Site))
	assert.Equal(t, had, kids())

	require.NoError(t, os.Remove(filepath.Join(s.KeyDir, store.ProofKeyFile)))
	require.NoError(t, completeProofKeys(t.Context(), s.Site))
	now := kids()
	assert.NotEqual(t, had[0], now[0])
	assert.Equal(t, had[1], now[1])
	list, err := s.Store.List(t.Context(), store.AuditFilter{Kinds: []audit.Kind{audit.KindKeyAdded}, Limit: 1})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"ring": ringProof, "key": now[0]}, list[0].Entry.Attributes)
}
