package cardreader_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/apdu"
	"chipproof/cardreader"
)

// readNumber is SELECT, READ and GET RESPONSE: three exchanges.
func readNumber(ctx context.Context, s *cardreader.Session) ([]byte, error) {
	ch := apdu.NewChannel(s, apdu.Form{}, apdu.DefaultLimits)
	command, err := apdu.ParseCommand(selectMOI)
	if err != nil {
		return nil, err
	}
	if err := ch.Run(ctx, command); err != nil {
		return nil, err
	}
	return ch.Do(ctx, apdu.Command{CLA: 0x80, INS: 0xB0, P2: 0x04, Data: []byte{0, 13}})
}

func open(t testing.TB, r *cardreader.Readers, reader string) *cardreader.Session {
	t.Helper()
	s, err := r.Open(t.Context(), reader)
	require.NoError(t, err)
	return s
}

// requireReads says that the reader is in working order: a card in it can be
// opened and read without touching anything.
func requireReads(t testing.TB, r *cardreader.Readers, reader string) {
	t.Helper()
	s := open(t, r, reader)
	number, err := readNumber(t.Context(), s)
	require.NoError(t, err)
	assert.Equal(t, synthetic, number)
	require.NoError(t, s.Unchanged(t.Context()))
	require.NoError(t, s.Close())
}

// took runs f and gives the time that it took, which in a bubble is exact.
func took(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

// inBubble runs a test in virtual time. The bubble fails if a goroutine is left,
// so every test in one is a test for leaks too.
func inBubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			t.Cleanup(func() { pass(time.Minute) }) // slow calls end, stuck ones don't
			f(t)
		})
	})
}

// oneCard is a desk reader with a card in it.
func oneCard(t testing.TB, o cardreader.Options) (*hardware, *cardreader.Readers) {
	h := newHardware(t, desk)
	h.insert(desk)
	return h, cardreader.New(h, o)
}

// assertHidden holds that no caller sees what only a driver says.
func assertHidden(t testing.TB, err error) {
	t.Helper()
	assert.NotErrorIs(t, err, cardreader.ErrTorn)
	assert.NotErrorIs(t, err, cardreader.ErrSharing)
}
