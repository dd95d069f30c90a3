package compat_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api/compat"
	"chipproof/audit"
	"chipproof/proofing"
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

// A lock ends what was armed and what is kept at once, and not when somebody looks
// whether the desk is still held: a clerk who is back before that has to click anew.
func TestALockEndsWhatWasArmedAndKeptHoweverSoonItIsUnlocked(t *testing.T) {
	r := start(t, "", func(o *compat.Options) { o.Recheck = time.Hour })
	r.grant(other, everyday, proofing.AskNever)
	before := r.connect(site)
	r.arm(site)
	r.insert("default")
	assert.Equal(t, insertedFrame, before.next())
	assert.Contains(t, before.next(), `"smc-data"`)
	require.Equal(t, 200, r.raw(nhso, get(readCard, fromOther)).status)
	r.lock()
	r.unlock()
	assert.False(t, r.isArmed(), "nor does the console say so")
	r.raw(nhso, get(readCard, fromOther)).fails(t, 500, "read_already", "what was kept is not given again")

	r.remove()
	_, end := before.closed()
	assert.Equal(t, "mfa_required", end.Reason, "the former connection is over, too")
	after := r.connect(site)
	card := r.insert("default")
	assert.Equal(t, insertedFrame, after.next())
	r.remove()
	assert.Equal(t, removedFrame, after.next(), "nothing in between")
	assert.Zero(t, card.Exchanges(), "and nothing was read")
	r.arm(site)
	r.insert("default")
	assert.Equal(t, insertedFrame, after.next())
	assert.Contains(t, after.next(), `"smc-data"`, "the clerk's new click counts")
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
