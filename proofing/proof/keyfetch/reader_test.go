package keyfetch_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing/proof"
	"chipproof/proofing/proof/keyfetch"
)

func TestAKeySetIsReadOnceAndKept(t *testing.T) {
	keys := newKeys(t, 2)
	a := newAgency(t, serving(keys, "Cache-Control", "public, max-age=600"))
	reader := a.reader(t)
	assert.Zero(t, a.asked.Load(), "nothing is asked before somebody needs it")
	for range 3 {
		assertKeys(t, keys, reader)
		a.pass(99 * time.Second)
	}
	assert.EqualValues(t, 1, a.asked.Load())
}

func assertKeys(t *testing.T, want proof.KeySet, reader *keyfetch.Reader) {
	t.Helper()
	got, err := reader.Keys(t.Context())
	require.NoError(t, err)
	assert.Equal(t, want.Thumbprints(), got.Thumbprints())
}

func assertNoKeys(t *testing.T, reader *keyfetch.Reader) {
	t.Helper()
	got, err := reader.Keys(t.Context())
	require.ErrorIs(t, err, keyfetch.ErrUnavailable)
	assert.Empty(t, got.Thumbprints())
}

// refreshed waits for a request, which a use of old keys only starts.
func refreshed(t *testing.T, reader *keyfetch.Reader) {
	t.Helper()
	_, _ = reader.Refreshed(t.Context()) // what came of it, the next use shows
}

func TestAKeySetLivesAsLongAsItsServerSaysAndAnHourAtMost(t *testing.T) {
	for header, life := range map[string]time.Duration{
		"max-age=120":                   2 * time.Minute,
		"max-age=3600":                  time.Hour,
		"max-age=86400":                 time.Hour,
		"max-age=4294967295":            time.Minute, // a number that is none
		"public, MAX-AGE=\"300\"":       5 * time.Minute,
		"max-age=600, stale-if-error=9": 10 * time.Minute,
		"max-age=0":                     time.Minute,
		"max-age=-1":                    time.Minute,
		"no-store":                      time.Minute,
		"no-cache, max-age=3600":        time.Minute,
		"":                              10 * time.Minute,
		"private":                       10 * time.Minute,
	} {
		keys := newKeys(t, 1)
		a := newAgency(t, serving(keys, "Cache-Control", header))
		reader := a.reader(t)
		assertKeys(t, keys, reader)
		a.answers(failing)
		a.pass(life - time.Second)
		assertKeys(t, keys, reader)
		refreshed(t, reader)
		a.pass(time.Second)
		assertNoKeys(t, reader)
	}
}

func TestTheTimeThatAnAnswerSpentInCachesIsTakenOff(t *testing.T) {
	keys := newKeys(t, 1)
	a := newAgency(t, serving(keys, "Cache-Control", "max-age=3600", "Age", "3000"))
	reader := a.reader(t)
	assertKeys(t, keys, reader)
	a.answers(failing)
	a.pass(600 * time.Second)
	assertNoKeys(t, reader)
}

func TestAnUnknownKeyCausesOneRefreshAMinute(t *testing.T) {
	a := newAgency(t, serving(newKeys(t, 1), "Cache-Control", "max-age=3600"))
	reader := a.reader(t)
	for range 50 {
		refreshed(t, reader)
	}
	assert.EqualValues(t, 1, a.asked.Load())
	newer := newKeys(t, 2)
	a.answers(serving(newer, "Cache-Control", "max-age=3600"))
	a.pass(keyfetch.Pause - time.Second)
	refreshed(t, reader)
	assert.EqualValues(t, 1, a.asked.Load())
	a.pass(time.Second)
	for range 50 {
		refreshed(t, reader)
	}
	assert.EqualValues(t, 2, a.asked.Load())
	assertKeys(t, newer, reader)
}

func TestWhileRefreshingFailsKnownKeysLiveUntilTheirTimeIsOver(t *testing.T) {
	keys := newKeys(t, 1)
	a := newAgency(t, serving(keys, "Cache-Control", "max-age=600"))
	reader := a.reader(t)
	assertKeys(t, keys, reader)
	a.answers(failing)
	for range 9 {
		a.pass(time.Minute)
		got, err := reader.Refreshed(t.Context())
		require.NoError(t, err)
		assert.Equal(t, keys.Thumbprints(), got.Thumbprints())
	}
	asked := a.asked.Load()
	assert.EqualValues(t, 10, asked, "one request a minute")
	a.pass(time.Minute)
	assertNoKeys(t, reader)
	assertNoKeys(t, reader)
	assert.Equal(t, asked+1, a.asked.Load(), "one request a minute, also when nothing is known")
	a.answers(serving(keys, "Cache-Control", "max-age=600"))
	a.pass(time.Minute)
	assertKeys(t, keys, reader)
}

func TestAKeySetIsRenewedBeforeItsTimeIsOver(t *testing.T) {
	a := newAgency(t, serving(newKeys(t, 1), "Cache-Control", "max-age=600"))
	reader := a.reader(t)
	refreshed(t, reader)
	newer := newKeys(t, 1)
	a.answers(serving(newer, "Cache-Control", "max-age=600"))
	a.pass(300 * time.Second)
	_, err := reader.Keys(t.Context()) // the old ones, while it asks
	require.NoError(t, err)
	refreshed(t, reader) // waits for that request, and begins none
	assertKeys(t, newer, reader)
	assert.EqualValues(t, 2, a.asked.Load())
}

func TestManyWhoNeedKeysAtOnceShareOneRequest(t *testing.T) {
	keys := newKeys(t, 1)
	release := make(chan struct{})
	a := newAgency(t, func(w http.ResponseWriter, r *http.Request) {
		<-release
		serving(keys)(w, r)
	})
	reader := a.reader(t)

	// The one who began it leaves; the others get the answer all the same.
	leaving, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() { _, err := reader.Keys(leaving); left <- err }()
	require.Eventually(t, func() bool { return a.asked.Load() == 1 }, 10*time.Second, time.Millisecond)
	leave()
	require.ErrorIs(t, <-left, context.Canceled)

	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			got, err := reader.Keys(t.Context())
			assert.NoError(t, err)
			assert.Equal(t, keys.Thumbprints(), got.Thumbprints())
		})
	}
	close(release)
	all.Wait()
	assert.EqualValues(t, 1, a.asked.Load())
}

func TestAServerThatNeverAnswersIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reader, err := keyfetch.NewThrough(keyfetch.Options{URL: "https://" + host + "/", Clock: time.Now},
			func(context.Context, string, string) (net.Conn, error) {
				ours, _ := net.Pipe() // nobody is at the other end
				return elsewhere{ours}, nil
			})
		require.NoError(t, err)
		began := time.Now()
		_, err = reader.Keys(t.Context())
		require.ErrorIs(t, err, keyfetch.ErrUnavailable)
		assert.Equal(t, 10*time.Second, time.Since(began))
	})
}
