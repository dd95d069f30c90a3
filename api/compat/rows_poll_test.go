package compat_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/proofing"
)

// polls asks every 0.8 s for so long, and gives what came, in order.
func (r *rig) polls(d time.Duration, path string, lines ...string) []answer {
	var all []answer
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(800 * time.Millisecond) {
		all = append(all, r.within(r.Context(), nhso, get(path, lines...)))
	}
	return all
}

func TestC5APageThatPollsCausesOneChipReadAnInsertion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := build(t, "default")
		r.grant(other, everyday, proofing.AskNever)
		r.run()
		synctest.Wait()
		r.within(t.Context(), nhso, get(readCard, fromSite))
		once := r.card.Exchanges()
		require.Positive(t, once)

		all := r.polls(2*time.Minute, readCard, fromSite)
		assert.Equal(t, once, r.card.Exchanges(), "one read in two minutes")
		given := 0
		for i, a := range all {
			if a.status == 200 {
				assert.Equal(t, given, i, "answers come first")
				given++
				continue
			}
			a.fails(t, 500, "read_already", "after that as without a card")
		}
		assert.InDelta(t, 75, given, 1, "for 60 s")
		assert.Len(t, r.office.Entries(audit.KindCompatRead), 1, "none for an answer given again")
		assert.Len(t, r.office.Entries(audit.KindRequestRefused), 1, "and of those refused one")

		r.within(t.Context(), nhso, get(readCard, fromOther))
		assert.Equal(t, 2*once, r.card.Exchanges(), "another origin has its own")
		r.polls(2*time.Minute, readCard, fromOther)
		assert.Equal(t, 2*once, r.card.Exchanges())
		assert.Len(t, r.office.Entries(audit.KindCompatRead), 2)

		r.remove()
		synctest.Wait()
		r.within(t.Context(), nhso, get(readCard, fromSite)).fails(t, 500, "card_absent", "")
		card := r.insert("default")
		synctest.Wait()
		assert.Equal(t, 200, r.within(t.Context(), nhso, get(readCard, fromSite)).status, "a new insertion")
		assert.Equal(t, once, card.Exchanges())
		r.stop()
	})
}

func TestC5WhatIsKeptGoesWithTheCardAndWithTheClerk(t *testing.T) {
	for why, row := range map[string]struct {
		leave  func(r *rig)
		status int
		code   string
	}{
		"another card": {func(r *rig) {
			r.remove()
			r.insert("year-only")
		}, 200, ""},
		"taken over": {func(r *rig) { r.office.Enrolled("somchai", mfa.RoleStaff).Login() }, 500, "read_already"},
		"unplugged":  {func(r *rig) { require.NoError(r, r.machine.Unplug(reader)) }, 418, "reader_not_found"},
	} {
		t.Run(why, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := build(t, "default")
				r.run()
				synctest.Wait()
				first := r.within(t.Context(), nhso, get(readCard, fromSite))
				require.Equal(t, 200, first.status, first.body)
				row.leave(r)
				a := r.within(t.Context(), nhso, get(readCard, fromSite))
				assert.NotContains(t, a.body, "1101700230708")
				if row.code == "" {
					assert.Equal(t, row.status, a.status)
				} else {
					a.fails(t, row.status, row.code, why)
				}
				r.stop()
			})
		})
	}
}

// Pages ask faster than a card is read: those calls wait for the one read.
func TestC5CallsDuringAReadShareIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := build(t, "default")
		r.run()
		synctest.Wait()
		answers := make(chan answer, 20)
		for range cap(answers) {
			go func() { answers <- r.within(t.Context(), nhso, get(readCard, fromSite)) }()
		}
		for range cap(answers) {
			assert.Equal(t, 200, (<-answers).status)
		}
		assert.Len(t, r.office.Entries(audit.KindCompatRead), 1)
		r.stop()
	})
}

// An answer counts when it has left; a page that leaves has used up nothing.
func TestC5APageThatLeavesStopsTheRead(t *testing.T) {
	r := build(t, "default")
	r.run()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	func() {
		defer func() { assert.NotNil(t, recover(), "its connection is given up") }()
		r.within(ctx, nhso, get(readCard, fromSite))
	}()
	require.Eventually(t, func() bool {
		return r.within(t.Context(), nhso, get(readCard, fromSite)).status == 200
	}, 10*time.Second, time.Millisecond)
}

// What an administrator takes from an entry is not given at its next call, kept or
// not (agent-security §6.10).
func TestAKeptAnswerIsNotGivenOnOtherTermsThanItWasReadOn(t *testing.T) {
	for why, change := range map[string]func(*rig){
		"fewer fields":       func(r *rig) { r.grant(site, []string{"citizen_id"}, proofing.AskNever) },
		"the clerk is asked": func(r *rig) { r.grant(site, everyday, proofing.AskAlways) },
	} {
		r := start(t, "default")
		require.Equal(t, 200, r.raw(nhso, get(readImage, fromSite)).status)
		change(r)
		r.raw(nhso, get(readImage, fromSite)).fails(t, 500, "read_already", why)
		r.stop()
	}
}
