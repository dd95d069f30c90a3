package program

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/store"
)

// testKind is a program that has everything which one may have.
func testKind() Kind {
	return Kind{
		Name: "chipproof", Env: "CHIPPROOF", Store: store.Counter, Citizens: true, Desk: true,
		Secrets: []string{store.ProofKeyFile, store.ProofTestKeyFile}, Served: api.Problems(),
	}
}

// officeKind is one that has nothing besides what both share.
func officeKind() Kind {
	return Kind{Name: "chipproof-office", Env: "CHIPPROOF_OFFICE", Store: store.Office, Served: api.Problems()}
}

// testGrammar is a command line of shared commands.
type testGrammar struct {
	Globals

	Setup   SetupCmd   `cmd:"" help:"Make the data folder."`
	User    UserCmd    `cmd:"" help:"Accounts."`
	Audit   AuditCmd   `cmd:"" help:"The audit log."`
	Backup  BackupCmd  `cmd:"" help:"Write a backup."`
	Restore RestoreCmd `cmd:"" help:"Put a backup in place."`
	Version VersionCmd `cmd:"" help:"Print which chipproof this is."`
}

// newData makes a data folder of the test's own.
func newData(t testing.TB, k Kind) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	require.NoError(t, CreateSite(t.Context(), k, dir, filepath.Join(dir, KeyFolder), func(s *Site) error {
		_, err := s.Begin(t.Context(), "admin")
		return err
	}))
	return dir
}

// openedSite is an open data folder of the test's own.
func openedSite(t testing.TB) *Site {
	t.Helper()
	dir := newData(t, testKind())
	s, err := OpenSite(t.Context(), testKind(), dir, filepath.Join(dir, KeyFolder), SiteOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close(context.Background())) })
	return s
}

// beside opens the same data once more, as a command does beside the agent.
func beside(t *testing.T, s *Site) *Site {
	t.Helper()
	other, err := OpenSite(t.Context(), s.kind, s.Dir, s.KeyDir, SiteOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, other.Close(t.Context())) })
	return other
}

func TestNeitherProgramOpensOrMakesItsDataInTheOthersFolder(t *testing.T) {
	for _, c := range []struct{ owner, other Kind }{{testKind(), officeKind()}, {officeKind(), testKind()}} {
		t.Run(c.other.Name, func(t *testing.T) {
			dir := newData(t, c.owner)
			keys := filepath.Join(dir, KeyFolder)
			_, err := OpenSite(t.Context(), c.other, dir, keys, SiteOptions{})
			assert.ErrorIs(t, err, store.ErrOtherProgram)
			assert.Equal(t, "store_other", c.other.Problems().Find(err).Code)
			err = CreateSite(t.Context(), c.other, dir, filepath.Join(t.TempDir(), "keys"), func(*Site) error { return nil })
			assert.ErrorIs(t, err, store.ErrOtherProgram)
			assert.NoFileExists(t, filepath.Join(dir, c.other.Store.FileName()))

			s, err := OpenSite(t.Context(), c.owner, dir, keys, SiteOptions{})
			require.NoError(t, err, "and its owner goes on")
			require.NoError(t, s.Close(t.Context()))
		})
	}
}

func TestALogThatNamesNoCitizensHasNoKeyForTheirNames(t *testing.T) {
	dir := newData(t, officeKind())
	assert.ElementsMatch(t, []string{store.SecretsKeyFile, store.PepperKeyFile, store.AuditKeyFile, store.HeadFile, AuditPublic}, namesIn(t, filepath.Join(dir, KeyFolder)))
	s, err := OpenSite(t.Context(), officeKind(), dir, filepath.Join(dir, KeyFolder), SiteOptions{})
	require.NoError(t, err)
	defer s.Close(t.Context())
	keys, err := s.Keys(t.Context())
	require.NoError(t, err)
	var rings []string
	for _, k := range keys {
		rings = append(rings, k.Ring)
	}
	assert.ElementsMatch(t, []string{RingSecrets, RingPepper, ringAudit}, rings)
}
