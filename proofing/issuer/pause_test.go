package issuer

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// ended is one question that went out and ended so.
func (p *pause) ended(tb require.TestingT, e ending) time.Duration {
	turn, err := p.begin()
	require.NoError(tb, err)
	return p.end(turn, e)
}

func TestAfterThreeFaultsInARowNobodyAsksForAWhile(t *testing.T) {
	c := &clock{at: noon}
	p := &pause{now: c.now}
	assert.Zero(t, p.ended(t, faulty))
	assert.Zero(t, p.ended(t, faulty))
	assert.Zero(t, p.ended(t, answered), "an answer between them: not in a row")
	assert.Zero(t, p.ended(t, faulty))
	assert.Zero(t, p.ended(t, faulty))
	assert.Equal(t, 30*time.Second, p.ended(t, faulty))

	c.move(30*time.Second - time.Nanosecond)
	_, err := p.begin()
	require.ErrorIs(t, err, ErrPaused)
	c.move(time.Nanosecond)
	_, err = p.begin()
	require.NoError(t, err)
}

func TestThePauseDoublesUntilFiveMinutes(t *testing.T) {
	c := &clock{at: noon}
	p := &pause{now: c.now}
	p.ended(t, faulty)
	p.ended(t, faulty)
	for _, seconds := range []int{30, 60, 120, 240, 300, 300} {
		length := time.Duration(seconds) * time.Second
		assert.Equal(t, length, p.ended(t, faulty))
		c.move(length)
	}
	assert.Zero(t, p.ended(t, answered))
	assert.Zero(t, p.ended(t, faulty), "an answer ends it all")
	assert.Zero(t, p.ended(t, faulty))
	assert.Equal(t, 30*time.Second, p.ended(t, faulty))
}

func TestWhenAPauseIsOverOneQuestionTries(t *testing.T) {
	c := &clock{at: noon}
	p := &pause{now: c.now}
	for range faultsInARow {
		p.ended(t, faulty)
	}
	c.move(firstPause)
	trial, err := p.begin()
	require.NoError(t, err)
	_, err = p.begin()
	require.ErrorIs(t, err, ErrPaused, "the others wait for what becomes of it")

	assert.Zero(t, p.end(trial, unknown), "whoever asked has gone")
	trial, err = p.begin()
	require.NoError(t, err, "so the next one tries")
	p.end(trial, answered)
	for range 2 {
		_, err = p.begin()
		require.NoError(t, err)
	}
}

func TestAQuestionThatWasOutAlreadyMakesThePauseNoLonger(t *testing.T) {
	c := &clock{at: noon}
	p := &pause{now: c.now}
	var out []turn
	for range 5 {
		turn, err := p.begin()
		require.NoError(t, err)
		out = append(out, turn)
	}
	lengths := make([]time.Duration, len(out))
	for i, turn := range out {
		lengths[i] = p.end(turn, faulty)
	}
	assert.Equal(t, []time.Duration{0, 0, 30 * time.Second, 0, 0}, lengths)
	c.move(firstPause)
	trial, err := p.begin()
	require.NoError(t, err)
	p.end(turn{}, faulty) // one more of the old ones
	_, err = p.begin()
	require.ErrorIs(t, err, ErrPaused, "still one question tries, and no second one")
	assert.Equal(t, 60*time.Second, p.end(trial, faulty))
}

func TestAClockThatIsPutBackMakesNoPauseLonger(t *testing.T) {
	c := &clock{at: noon}
	p := &pause{now: c.now}
	for range faultsInARow {
		p.ended(t, faulty)
	}
	c.move(-24 * time.Hour)
	_, err := p.begin()
	require.NoError(t, err)
}

func TestWhateverHappensSomebodyMayAskAfterFiveMinutes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := &clock{at: noon}
		p := &pause{now: c.now}
		var out []turn
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				if turn, err := p.begin(); err == nil {
					out = append(out, turn)
				} else if !errors.Is(err, ErrPaused) {
					t.Fatal(err)
				}
			case 1, 2, 3:
				if len(out) > 0 {
					length := p.end(out[0], ending(rapid.IntRange(0, 2).Draw(t, "ending")))
					assert.LessOrEqual(t, length, longestPause)
					out = out[1:]
				}
			case 4:
				c.move(time.Duration(rapid.Int64Range(0, int64(longestPause)).Draw(t, "later")))
			}
		}
		for _, turn := range out {
			p.end(turn, faulty)
		}
		c.move(longestPause)
		_, err := p.begin()
		assert.NoError(t, err)
	})
}
