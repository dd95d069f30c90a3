package keyring_test

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
	"chipproof/proofing/proof/keyring"
)

func TestANewRingSignsFromTheMomentItWasMade(t *testing.T) {
	ring := newRing(t)
	kid := signs(t, ring, start)
	assert.Equal(t, []string{kid}, published(ring, start))
	assert.Equal(t, kid, signs(t, ring, start.Add(-time.Second)), "for a clock that was set back it is as when it was made")
	assert.Equal(t, kid, signs(t, ring, start.AddDate(20, 0, 0)), "a key that nobody relieves goes on")
	assert.Empty(t, ring.Archive(start).Thumbprints())
	assert.Empty(t, ring.Denied())
}

func TestARotatedKeyIsSeenADayBeforeItSigns(t *testing.T) {
	first := newRing(t)
	now := start.Add(90 * 24 * time.Hour)
	ring := rotated(t, first, now)
	old, next := kids(ring)[0], kids(ring)[1]
	turn := now.Add(keyring.Ahead)
	gone := turn.Add(300*time.Second + 60*time.Second)

	for _, at := range []struct {
		when      time.Time
		signs     string
		published []string
		archive   []string
		states    []keyring.State
	}{
		{now, old, []string{old, next}, []string{}, []keyring.State{keyring.Current, keyring.Next}},
		{turn.Add(-time.Second), old, []string{old, next}, []string{}, []keyring.State{keyring.Current, keyring.Next}},
		{turn, next, []string{old, next}, []string{}, []keyring.State{keyring.Old, keyring.Current}},
		{gone.Add(-time.Second), next, []string{old, next}, []string{}, []keyring.State{keyring.Old, keyring.Current}},
		{gone, next, []string{next}, []string{old}, []keyring.State{keyring.Retired, keyring.Current}},
	} {
		assert.Equal(t, at.signs, signs(t, ring, at.when), at.when)
		assert.Equal(t, at.published, published(ring, at.when), at.when)
		assert.Equal(t, at.archive, ring.Archive(at.when).Thumbprints(), at.when)
		for i, state := range at.states {
			assert.Equal(t, state, ring.States(at.when)[i].State, at.when)
		}
	}
	assert.Equal(t, turn, stateOf(t, ring, old, now).Until, "the current key knows its last day")
	assert.Equal(t, turn, stateOf(t, ring, next, now).Until, "and the next its first")
	assert.Equal(t, gone, stateOf(t, ring, old, turn).Until)
	assert.Equal(t, []string{old}, kids(first), "the ring from before is as it was")
}

func TestTheOverlapIsLongerThanACacheAndAProofTogether(t *testing.T) {
	assert.Greater(t, keyring.Ahead, time.Hour+proof.Life)
	assert.Equal(t, proof.Life+time.Minute, keyring.After)
}

func TestASecondRotationWaitsForTheFirst(t *testing.T) {
	ring := rotated(t, newRing(t), start)
	_, err := ring.Rotated(rand.Reader, start.Add(keyring.Ahead-time.Second))
	require.ErrorIs(t, err, keyring.ErrRotationPending)
	assert.Len(t, kids(rotated(t, ring, start.Add(keyring.Ahead))), 3)
}

func TestARevokedKeyIsGoneAtOnceAndANewOneSigns(t *testing.T) {
	ring := newRing(t)
	stolen := signs(t, ring, start)
	now := start.Add(time.Hour)
	ring = revoked(t, ring, stolen, now)
	fresh := signs(t, ring, now)
	assert.NotEqual(t, stolen, fresh)
	assert.Equal(t, []string{fresh}, published(ring, now))
	assert.Equal(t, []string{stolen}, ring.Denied())
	assert.Equal(t, keyring.KeyState{KID: stolen, State: keyring.Revoked, Made: start, SignsFrom: start, Until: now}, stateOf(t, ring, stolen, now))
	assert.Equal(t, fresh, signs(t, ring, now.Add(-time.Second)), "nor does it sign for a clock that was set back")
	assert.Equal(t, []string{fresh}, published(ring, start.Add(-time.Hour)))
	assert.NotContains(t, ring.Archive(now.AddDate(1, 0, 0)).Thumbprints(), stolen)
}

func TestAKeyThatWaitedIsRevokedWithTheOneInCharge(t *testing.T) {
	ring := rotated(t, newRing(t), start)
	current, waiting := kids(ring)[0], kids(ring)[1]
	ring = revoked(t, ring, current, start.Add(time.Hour))
	assert.Equal(t, []string{current, waiting}, ring.Denied(), "they lay in one file")
	assert.Equal(t, kids(ring)[2], signs(t, ring, start.Add(time.Hour)))
	assert.Equal(t, kids(ring)[2], signs(t, ring, start.Add(2*keyring.Ahead)))
}

func TestRevokingAKeyThatWaitsLetsAnotherWaitForTheSameDay(t *testing.T) {
	ring := rotated(t, newRing(t), start)
	current, waiting := kids(ring)[0], kids(ring)[1]
	ring = revoked(t, ring, waiting, start.Add(time.Hour))
	other, turn := kids(ring)[2], start.Add(keyring.Ahead)
	for _, early := range []time.Duration{-time.Hour, 0, time.Hour, keyring.Ahead - time.Second} {
		assert.Equal(t, current, signs(t, ring, start.Add(early)))
		assert.Equal(t, []string{current, other}, published(ring, start.Add(early)))
	}
	assert.Equal(t, other, signs(t, ring, turn))
	assert.Equal(t, turn, stateOf(t, ring, current, start).Until)
	assert.Equal(t, []string{other}, published(ring, turn.Add(keyring.After)))
	assert.Equal(t, []string{waiting}, ring.Denied())
	_, err := ring.Rotated(rand.Reader, start.Add(2*time.Hour))
	assert.ErrorIs(t, err, keyring.ErrRotationPending)
}

func TestRevokingAnOldKeyChangesNothingElse(t *testing.T) {
	ring := rotated(t, newRing(t), start)
	old, current := kids(ring)[0], kids(ring)[1]
	turn := start.Add(keyring.Ahead)
	ring = revoked(t, ring, old, turn)
	assert.Equal(t, []string{current}, published(ring, turn), "an unexpired proof of it fails from now on")
	assert.Equal(t, current, signs(t, ring, turn))
	again := revoked(t, ring, old, turn.Add(time.Hour))
	assert.Equal(t, ring.Reveal(), again.Reveal(), "once is for good")
}

func TestAKeyThatTheRingDoesNotHoldCannotBeRevoked(t *testing.T) {
	ring := newRing(t)
	_, err := ring.Revoked(signs(t, newRing(t), start), rand.Reader, start)
	require.ErrorIs(t, err, keyring.ErrKeyUnknown)
}

func TestAClockThatWasSetBackCannotUndoARotation(t *testing.T) {
	ring := rotated(t, newRing(t), start)
	turn := start.Add(keyring.Ahead)
	ring = rotated(t, ring, turn)
	current := signs(t, ring, turn)
	ring = revoked(t, ring, current, start.Add(-time.Hour))
	assert.NotContains(t, published(ring, turn), current)
	assert.NotEmpty(t, signs(t, ring, turn), "a new key signs as soon as the clock is right again")
}

// The key that signed for nine days leaked, and the machine's battery is empty when
// it is revoked: for the wrong clock it has yet to begin.
func TestAClockThatWasSetBackBringsNoOlderKeyBack(t *testing.T) {
	ring := rotated(t, newRing(t), start.Add(time.Hour))
	old, leaked := kids(ring)[0], kids(ring)[1]
	now := start.Add(10 * 24 * time.Hour)
	require.Equal(t, leaked, signs(t, ring, now))
	ring = revoked(t, ring, leaked, start.Add(2*time.Hour))
	for _, later := range []time.Duration{0, time.Hour, 365 * 24 * time.Hour} {
		assert.NotContains(t, []string{old, leaked}, signs(t, ring, now.Add(later)), "with the clock right again")
		assert.NotContains(t, published(ring, now.Add(later)), old)
	}
}

func TestAFullRingLosesItsOldestRetiredKeys(t *testing.T) {
	ring, now := fullRing(t)
	all := kids(ring)
	parsed, err := keyring.Parse(ring.Reveal())
	require.NoError(t, err)
	assert.Len(t, parsed.Archive(now.AddDate(1, 0, 0)).Thumbprints(), 63)

	ring = revoked(t, ring, all[0], now) // on the deny list for good, so the next one has to go
	ring = rotated(t, ring, now.Add(keyring.Ahead))
	assert.Equal(t, append([]string{all[0]}, all[2:]...), kids(ring)[:63])
	assert.Len(t, kids(ring), 64)
	assert.Equal(t, all[:1], ring.Denied())
	_, err = keyring.Parse(ring.Reveal())
	require.NoError(t, err)
}

// fullRing is one with as many keys as it can hold, and the moment at which the
// last but one signs and the last one waits.
func fullRing(t *testing.T) (*keyring.Ring, time.Time) {
	t.Helper()
	ring, now := newRing(t), start
	for len(kids(ring)) < 64 {
		now = now.Add(keyring.Ahead)
		ring = rotated(t, ring, now)
	}
	return ring, now
}

func TestAKeyOfAFullRingCanBeRevokedAndAnotherSigns(t *testing.T) {
	ring, now := fullRing(t)
	now = now.Add(2 * keyring.Ahead)
	leaked := signs(t, ring, now)
	ring = revoked(t, ring, leaked, now)
	assert.Equal(t, []string{leaked}, ring.Denied())
	fresh := signs(t, ring, now)
	assert.NotEmpty(t, fresh)
	assert.Equal(t, []string{fresh}, published(ring, now))
	assert.Len(t, kids(ring), 64)
}

func TestARingFullOfRevokedKeysStillRevokesItsLastOne(t *testing.T) {
	ring := newRing(t)
	for len(kids(ring)) < 64 {
		ring = revoked(t, ring, signs(t, ring, start), start)
	}
	last := signs(t, ring, start)
	require.NotEmpty(t, last)
	full := ring
	_, err := ring.Rotated(rand.Reader, start)
	require.ErrorIs(t, err, keyring.ErrRingInvalid, "nothing of it may go")

	ring = revoked(t, ring, last, start)
	assert.Len(t, ring.Denied(), 64)
	assert.Empty(t, signs(t, ring, start.AddDate(1, 0, 0)), "and then nothing signs")
	assert.Empty(t, published(ring, start))
	parsed, err := keyring.Parse(ring.Reveal())
	require.NoError(t, err)
	assert.Equal(t, ring.Denied(), parsed.Denied())
	assert.Equal(t, last, signs(t, full, start), "the ring from before is as it was")
}

func TestNothingSignsInThePlaceOfAKeyThatWaitedInARingWithoutRoom(t *testing.T) {
	ring := newRing(t)
	for len(kids(ring)) < 63 {
		ring = revoked(t, ring, signs(t, ring, start), start)
	}
	current := signs(t, ring, start)
	ring = rotated(t, ring, start)
	ring = revoked(t, ring, kids(ring)[63], start.Add(time.Hour))
	assert.Equal(t, current, signs(t, ring, start.Add(keyring.Ahead-time.Second)))
	assert.Empty(t, signs(t, ring, start.Add(keyring.Ahead)), "an older key never takes over")
}

func TestThereIsNoRingForAModeThatIsNone(t *testing.T) {
	for _, mode := range []proof.Mode{"", "Production", "prod"} {
		_, err := keyring.New(rand.Reader, start, mode)
		require.ErrorIs(t, err, keyring.ErrRingInvalid, mode)
	}
}

func TestARingShowsItsKeysToNoVerb(t *testing.T) {
	ring := newRing(t)
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("ring", "ring", ring)
	held := struct{ Ring *keyring.Ring }{ring}
	shown := log.String() + fmt.Sprintf("%v %+v %#v %s %d %x %v %+v %#v", ring, ring, ring, ring, ring, ring, held, held, held)
	assert.Contains(t, shown, signs(t, ring, start), "the kid is no secret")
	for _, part := range strings.Split(string(ring.Reveal()), `"`) {
		if len(part) > 60 { // the DER of either half
			assert.NotContains(t, shown, part)
		}
	}
}
