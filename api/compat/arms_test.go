package compat_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
)

func (r *rig) isArmed() bool {
	r.Helper()
	a := r.console("GET", "/v1/compat", "")
	require.Equal(r, 200, a.status, a.body)
	return strings.Contains(a.body, `"armed":true`)
}

func TestAnHourWithoutACardDisarms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := build(t, "")
		r.run()
		synctest.Wait()
		r.arm(site)
		time.Sleep(59 * time.Minute)
		assert.True(t, r.isArmed())
		r.insert("default")
		time.Sleep(3 * time.Hour)
		assert.True(t, r.isArmed(), "a card is in")
		r.remove()
		time.Sleep(59 * time.Minute)
		assert.True(t, r.isArmed())
		time.Sleep(2 * time.Minute)
		assert.False(t, r.isArmed())
		entries := r.office.Entries(audit.KindCompatDisarmed)
		require.Len(t, entries, 1)
		assert.Equal(t, map[string]string{"port": gothai, "origin": site, "cause": "no_card"}, entries[0].Attributes)
		assert.Equal(t, r.login.Session.User.ID, entries[0].Actor)
		r.stop()
	})
}

func TestAnHourAfterTheClickCountsWhenNoCardEverCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := build(t, "default")
		r.run()
		synctest.Wait()
		r.arm(site)
		time.Sleep(2 * time.Hour)
		assert.True(t, r.isArmed(), "a card was in at the click")
		r.machine.StopService()
		time.Sleep(61 * time.Minute)
		assert.False(t, r.isArmed(), "nobody knows of a card any more")
		r.stop()
	})
}

// Somebody else at the desk arms anew: what was armed before counts for nothing.
func TestWhoTakesTheDeskOverFindsNobodyArmed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := build(t, "")
		r.run()
		synctest.Wait()
		r.arm(site)
		r.lock()
		time.Sleep(1100 * time.Millisecond)
		assert.Len(t, r.office.Entries(audit.KindCompatDisarmed), 1, "seen within a second")
		r.stop()
	})
}

// What is kept for pages that poll does not outlive the clerk in memory either.
func TestWhatIsKeptIsDroppedWithinASecondOfTheLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := build(t, "default")
		r.run()
		synctest.Wait()
		require.Equal(t, 200, r.within(t.Context(), nhso, get(readCard, fromSite)).status)
		assert.Equal(t, 1, r.ports.Kept())
		r.lock()
		time.Sleep(1100 * time.Millisecond)
		assert.Zero(t, r.ports.Kept())
		r.stop()
	})
	synctest.Test(t, func(t *testing.T) {
		r := build(t, "default")
		r.run()
		synctest.Wait()
		require.Equal(t, 200, r.within(t.Context(), nhso, get(readCard, fromSite)).status)
		time.Sleep(59 * time.Second)
		assert.Equal(t, 1, r.ports.Kept())
		time.Sleep(2 * time.Second)
		assert.Zero(t, r.ports.Kept(), "a minute has passed, though nobody asked")
		r.within(t.Context(), nhso, get(readCard, fromSite)).fails(t, 500, "read_already", "")

		r.remove()
		r.insert("default")
		synctest.Wait()
		require.Equal(t, 200, r.within(t.Context(), nhso, get(readCard, fromSite)).status)
		r.remove()
		synctest.Wait()
		assert.Zero(t, r.ports.Kept(), "the card has left")
		r.stop()
	})
}
