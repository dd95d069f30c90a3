package apdu_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/apdu"
)

// always plays a card that repeats its answers for ever, in turn.
func always(t testing.TB, answers ...string) apdu.Transmitter {
	t.Helper()
	n := 0
	return apdu.TransmitterFunc(func(context.Context, []byte) ([]byte, error) {
		answer := answers[n%len(answers)]
		n++
		return unhex(t, answer), nil
	})
}

// agent-security §11.18; OpenSC #1190 and #1731 are real cards that say 6100 for ever.
func TestCardsThatNeverFinishAreStoppedByTheRounds(t *testing.T) {
	for name, card := range map[string]apdu.Transmitter{
		"endless 61xx":             always(t, "61 00"),
		"endless 61xx with data":   always(t, "AA 61 00"),
		"endless 6Cxx":             always(t, "6C 0D"),
		"endless 6C00":             always(t, "6C 00"),
		"alternating":              always(t, "61 10", "6C 10"),
		"6Cxx with another length": always(t, "6C 01", "6C 02", "6C 03"),
	} {
		t.Run(name, func(t *testing.T) {
			ch := apdu.NewChannel(card, apdu.Form{}, apdu.Limits{Rounds: 5})
			got, err := ch.Do(t.Context(), readNumber)
			assert.ErrorIs(t, err, apdu.ErrLimit)
			assert.ErrorContains(t, err, "5 rounds")
			assert.Nil(t, got)
			assert.Equal(t, 6, ch.Exchanges(), "the command and five rounds")
		})
	}
}

func TestRunIsStoppedByTheRoundsToo(t *testing.T) {
	ch := apdu.NewChannel(always(t, "6C 0D"), apdu.Form{}, apdu.Limits{Rounds: 3})
	assert.ErrorIs(t, ch.Run(t.Context(), readNumber), apdu.ErrLimit)
	assert.Equal(t, 4, ch.Exchanges())
}

func TestAsManyRoundsAsAllowedAreGood(t *testing.T) {
	ch := apdu.NewChannel(always(t, "61 01", "AA 61 01", "BB 90 00"), apdu.Form{}, apdu.Limits{Rounds: 2})
	got, err := ch.Do(t.Context(), readNumber)
	require.NoError(t, err)
	assert.Equal(t, []byte{0xAA, 0xBB}, got)
}

func TestOneAnswerMayNotBringMoreBytesThanAllowed(t *testing.T) {
	for name, row := range map[string]struct {
		answers []string
		limit   int
		ok      bool
	}{
		"exactly the limit":         {[]string{"AA BB CC 90 00"}, 3, true},
		"one above, at once":        {[]string{"AA BB CC DD 90 00"}, 3, false},
		"one above, over two":       {[]string{"AA BB 61 02", "CC DD 90 00"}, 3, false},
		"one above, with a refusal": {[]string{"AA BB CC DD 6F 00"}, 3, false},
	} {
		t.Run(name, func(t *testing.T) {
			ch := apdu.NewChannel(always(t, row.answers...), apdu.Form{}, apdu.Limits{ResponseBytes: row.limit})
			got, err := ch.Do(t.Context(), readNumber)
			if row.ok {
				require.NoError(t, err)
				assert.Len(t, got, row.limit)
				return
			}
			assert.ErrorIs(t, err, apdu.ErrLimit)
			assert.Nil(t, got)
		})
	}
}

func TestExchangesAreCountedOverTheChannelsLife(t *testing.T) {
	ch := apdu.NewChannel(always(t, "61 01", "AA 90 00"), apdu.Form{}, apdu.Limits{Exchanges: 5})
	for range 2 {
		_, err := ch.Do(t.Context(), readNumber)
		require.NoError(t, err)
	}
	_, err := ch.Do(t.Context(), readNumber)
	assert.ErrorIs(t, err, apdu.ErrLimit)
	assert.ErrorContains(t, err, "5 exchanges")
	assert.ErrorIs(t, ch.Run(t.Context(), readNumber), apdu.ErrLimit, "and stays shut")
	assert.Equal(t, 5, ch.Exchanges(), "nothing more was sent")
}

func TestBytesAreCountedOverTheChannelsLife(t *testing.T) {
	ch := apdu.NewChannel(always(t, "AA BB 90 00"), apdu.Form{}, apdu.Limits{TotalBytes: 8})
	for range 2 {
		_, err := ch.Do(t.Context(), readNumber)
		require.NoError(t, err)
	}
	_, err := ch.Do(t.Context(), readNumber)
	assert.ErrorIs(t, err, apdu.ErrLimit)
	assert.ErrorContains(t, err, "8 bytes in all")
}

// agent-security §11.17.
func TestAnAnswerOf65KiBIsRefused(t *testing.T) {
	for name, row := range map[string]struct {
		limits apdu.Limits
		want   error
	}{
		"by the limit on all bytes":      {apdu.Limits{}, apdu.ErrLimit},
		"by the limit on one answer":     {apdu.Limits{TotalBytes: 1 << 20}, apdu.ErrResponseInvalid},
		"and an answer of 64 KiB as one": {apdu.Limits{TotalBytes: 1 << 20}, apdu.ErrLimit},
	} {
		t.Run(name, func(t *testing.T) {
			size := 65 << 10
			if row.want == apdu.ErrLimit {
				size = 64 << 10
			}
			ch := apdu.NewChannel(apdu.TransmitterFunc(func(context.Context, []byte) ([]byte, error) {
				return append(make([]byte, size), 0x90, 0x00), nil
			}), apdu.Form{}, row.limits)
			got, err := ch.Do(t.Context(), readNumber)
			assert.ErrorIs(t, err, row.want)
			assert.Nil(t, got)
		})
	}
}

func TestAZeroLimitIsTheDefault(t *testing.T) {
	ch := apdu.NewChannel(always(t, "61 00"), apdu.Form{}, apdu.Limits{})
	_, err := ch.Do(t.Context(), readNumber)
	assert.ErrorIs(t, err, apdu.ErrLimit)
	assert.Equal(t, apdu.DefaultLimits.Rounds+1, ch.Exchanges())
}
