package keyring_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/proofing/proof/keyring"
)

// step is something that was done to the ring under test, and the ring after it.
type step struct {
	at   time.Time
	ring *keyring.Ring
}

// history drives a ring through a life of rotations and revocations, forward in
// time, and gives the ring after each of them.
func history(t *rapid.T) []step { return life(t, 0) }

// life is a history in which the clock may be wrong: behind the change before by as
// much as back.
func life(t *rapid.T, back time.Duration) []step {
	steps := []step{{start, newRing(t)}}
	for range rapid.IntRange(0, 8).Draw(t, "steps") {
		last := steps[len(steps)-1]
		now := last.at.Add(time.Duration(rapid.Int64Range(-int64(back/time.Second), int64(2*keyring.Ahead/time.Second)).Draw(t, "later")) * time.Second)
		ring := last.ring
		if rapid.Bool().Draw(t, "rotate") {
			next, err := ring.Rotated(nil, now)
			if err != nil {
				require.ErrorIs(t, err, keyring.ErrRotationPending)
				next = ring
			}
			ring = next
		} else {
			ring = revoked(t, ring, rapid.SampledFrom(kids(ring)).Draw(t, "kid"), now)
		}
		steps = append(steps, step{now, ring})
	}
	return steps
}

func moment(t *rapid.T, from time.Time) time.Time {
	return from.Add(time.Duration(rapid.Int64Range(0, int64(3*keyring.Ahead/time.Second)).Draw(t, "moment")) * time.Second)
}

func TestAtEveryMomentExactlyOneKeySignsAndItIsPublished(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := history(t)
		last := steps[len(steps)-1]
		now := moment(t, last.at)
		kid := signs(t, last.ring, now)
		require.NotEmpty(t, kid, "some key always signs, whatever was revoked")
		var current []string
		for _, k := range last.ring.States(now) {
			if k.State == keyring.Current {
				current = append(current, k.KID)
			}
		}
		require.Equal(t, []string{kid}, current)
		require.Contains(t, published(last.ring, now), kid)
		require.NotContains(t, last.ring.Denied(), kid)
	})
}

func TestWhatWasSignedVerifiesUntilItExpires(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := history(t)
		ring, now := steps[len(steps)-1].ring, moment(t, steps[len(steps)-1].at)
		kid := signs(t, ring, now)
		for _, later := range []time.Duration{0, time.Second, 299 * time.Second, 300 * time.Second} {
			require.Contains(t, published(ring, now.Add(later)), kid, "a proof of %s lives for 300 s", now)
		}
	})
}

func TestAKeyThatTakesOverByRotationWasPublishedADayBefore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring, now := newRing(t), start
		for range rapid.IntRange(1, 4).Draw(t, "rotations") {
			now = now.Add(keyring.Ahead + time.Duration(rapid.Int64Range(0, 1_000_000).Draw(t, "later"))*time.Second)
			ring = rotated(t, ring, now)
			next := kids(ring)[len(kids(ring))-1]
			for early := now; early.Before(now.Add(keyring.Ahead)); early = early.Add(time.Hour) {
				require.Contains(t, published(ring, early), next)
				require.NotEqual(t, next, signs(t, ring, early))
			}
			require.Equal(t, next, signs(t, ring, now.Add(keyring.Ahead)))
		}
	})
}

func TestAfterTheOverlapOnlyTheNewKeyIsPublished(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := history(t)
		ring, at := steps[len(steps)-1].ring, steps[len(steps)-1].at
		late := at.Add(keyring.Ahead + keyring.After)
		require.Equal(t, []string{signs(t, ring, late)}, published(ring, late))
	})
}

func TestARevokedKeyIsInNoSetAndDeniedForEver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := history(t)
		now := moment(t, steps[len(steps)-1].at)
		denied := []string{}
		for _, s := range steps {
			for _, kid := range denied {
				require.Contains(t, s.ring.Denied(), kid, "nothing takes a key off the list")
			}
			denied = s.ring.Denied()
			for _, kid := range denied {
				require.NotContains(t, published(s.ring, now), kid)
				require.NotContains(t, s.ring.Archive(now).Thumbprints(), kid)
				require.NotEqual(t, kid, signs(t, s.ring, now))
			}
		}
	})
}

func TestEveryKeyIsInExactlyOnePlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := history(t)
		ring, now := steps[len(steps)-1].ring, moment(t, steps[len(steps)-1].at)
		all := slices.Concat(published(ring, now), ring.Archive(now).Thumbprints(), ring.Denied())
		require.ElementsMatch(t, kids(ring), all)
	})
}

func TestARingComesBackFromItsFileAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := history(t)
		ring := steps[len(steps)-1].ring
		read, err := keyring.ParseFor(ring.Mode(), ring.Reveal())
		require.NoError(t, err)
		require.Equal(t, ring.Reveal(), read.Reveal())
		now := moment(t, start)
		require.Equal(t, ring.States(now), read.States(now))
		require.Equal(t, signs(t, ring, now), signs(t, read, now))
		require.Equal(t, published(ring, now), published(read, now))
	})
}

// Whatever the clock says, now or at any change before: what signs is not revoked,
// and not older than what signed after the last change.
func TestNoClockBringsARevokedOrAnOlderKeyBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		steps := life(t, 10*keyring.Ahead)
		newest := -1
		var last *keyring.Ring
		for _, s := range steps {
			ring := s.ring
			if ring == last {
				continue // revoking a key again changes nothing, and so notes no time
			}
			last = ring
			all := kids(ring)
			after := slices.Index(all, signs(t, ring, s.at))
			require.GreaterOrEqual(t, after, newest, "no change brings an older key back")
			newest = after
			now := s.at.Add(time.Duration(rapid.Int64Range(-int64(20*keyring.Ahead/time.Second), int64(20*keyring.Ahead/time.Second)).Draw(t, "moment")) * time.Second)
			kid := signs(t, ring, now)
			require.GreaterOrEqual(t, slices.Index(all, kid), after)
			require.NotContains(t, ring.Denied(), kid)
			require.Contains(t, published(ring, now), kid)
			for _, denied := range ring.Denied() {
				require.NotContains(t, published(ring, now), denied)
			}
			read, err := keyring.Parse(ring.Reveal())
			require.NoError(t, err)
			require.Equal(t, kid, signs(t, read, now))
		}
	})
}

// A life longer than a ring has room for: it goes on, and what was revoked stays so.
func TestARingNeverRunsOutOfRoomForRotations(t *testing.T) {
	ring, now, denied := newRing(t), start, []string{}
	for i := range 150 {
		now = now.Add(keyring.Ahead)
		if i%10 == 0 {
			current := signs(t, ring, now)
			ring, denied = revoked(t, ring, current, now), append(denied, current)
			now = now.Add(keyring.Ahead)
		}
		ring = rotated(t, ring, now)
		require.LessOrEqual(t, len(kids(ring)), 64)
		require.NotEmpty(t, signs(t, ring, now))
		require.Equal(t, denied, ring.Denied())
	}
	_, err := keyring.Parse(ring.Reveal())
	require.NoError(t, err)
}
