package apitest

import (
	"context"
	"crypto/rand"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/job"
	storeoffice "chipproof/store/office"
)

// Agency is an installation of chipproof-office: the same as [Office], and what an
// office keeps besides. There is no desk.
type Agency struct {
	*Office
	Key     exposure.Key
	Scans   *storeoffice.Scans
	Tasks   *storeoffice.Tasks
	Assets  *storeoffice.Assets
	Manager *job.Manager

	run func()
}

// NewAgency makes an office with nobody in it. Scans that are started begin with
// [Agency.Run].
func NewAgency(t testing.TB) *Agency {
	t.Helper()
	a := &Agency{Office: newInstallation(t, noDesk)}
	var err error
	a.Key, err = exposure.NewKey(rand.Reader)
	require.NoError(t, err)
	a.Scans = storeoffice.NewScans(a.Store, a.Log, a.Key, a.Clock.Now)
	a.Tasks = storeoffice.NewTasks(a.Store, a.Log, a.Key)
	a.Assets = storeoffice.NewAssets(a.Store, a.Log)
	runner := job.NewRunner(job.Options{
		Ledger: a.Scans, Places: a.Scans, Holds: a.Scans, Key: a.Key, Version: "1.0.0", Now: a.Clock.Now, Workers: 1,
	})
	a.Manager = job.NewManager(runner, nil)
	a.run = sync.OnceFunc(func() {
		ctx, stop := context.WithCancel(context.Background())
		var running sync.WaitGroup
		running.Go(func() { a.Manager.Run(ctx) })
		t.Cleanup(func() {
			stop()
			running.Wait()
		})
	})
	return a
}

// Run lets the scans run, one after the other, until the test ends.
func (a *Agency) Run() { a.run() }
