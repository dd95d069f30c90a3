package issuer

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/simulator/dopa"
)

// pipes is a network in memory, so that waits take no time.
type pipes struct {
	dialled chan net.Conn
	closed  chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.dialled:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error   { close(p.closed); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443} }

func (p pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.dialled <- there:
		return here, nil
	case <-ctx.Done():
		return nil, &net.OpError{Op: "dial", Net: "pipe", Err: ctx.Err()}
	}
}

// inMemory runs a test with a service and a client in a bubble of time.
func inMemory(t *testing.T, run func(t *testing.T, c *Client, service *dopa.Service)) {
	t.Helper()
	register := people() // made outside, where drawing takes no part of the time
	synctest.Test(t, func(t *testing.T) {
		service, err := dopa.New(dopa.Options{People: register})
		require.NoError(t, err)
		a, err := dopa.NewAuthority(time.Now())
		require.NoError(t, err)
		network := pipes{make(chan net.Conn), make(chan struct{})}
		ctx, stop := context.WithCancel(context.Background())
		served := make(chan error, 1)
		go func() { served <- service.Serve(ctx, network, a, dopa.AnyClient) }()
		defer func() {
			time.Sleep(time.Minute) // in which closing connections give up saying good-bye
			stop()
			assert.NoError(t, <-served)
			time.Sleep(time.Minute)
		}()
		c, err := New(Options{URL: "https://localhost/service", CA: a.Pool(), Now: time.Now})
		require.NoError(t, err)
		c.dial = network.dial
		run(t, c, service)
	})
}

func took(t *testing.T, want time.Duration, do func()) {
	t.Helper()
	start := time.Now()
	do()
	assert.Equal(t, want, time.Since(start))
}

func setPlan(t *testing.T, s *dopa.Service, yaml string) {
	t.Helper()
	plan, err := dopa.ParsePlan([]byte(yaml))
	require.NoError(t, err)
	require.NoError(t, s.SetPlan(plan))
}

func TestASlowAnswerIsWaitedForUntilTheDeadlineAndNoLonger(t *testing.T) {
	card := inserted(t, "default")
	for _, row := range []struct {
		plan string
		took time.Duration
		err  error
	}{
		{"{act: delay, ms: 3000}", 3 * time.Second, nil},
		{"{act: delay, ms: 9999}", 9999 * time.Millisecond, nil},
		{"{act: delay, ms: 10001}", 10 * time.Second, ErrUnreachable},
		{"{act: hang}", 10 * time.Second, ErrUnreachable},
		{"{act: slow, ms: 200}", 10 * time.Second, ErrUnreachable}, // each byte in time, all of them not
		// The retry has what is left of the time, not a time of its own.
		{"[{act: delay, ms: 6000}, {act: reset}]", 6 * time.Second, nil},
		{"[{act: delay, ms: 6000, times: 2}, {act: reset}]", 10 * time.Second, ErrUnreachable},
	} {
		inMemory(t, func(t *testing.T, c *Client, service *dopa.Service) {
			setPlan(t, service, row.plan)
			took(t, row.took, func() {
				answer, err := c.CheckCID(context.Background(), card)
				require.ErrorIs(t, err, row.err, row.plan)
				if err != nil {
					assert.Empty(t, answer)
				}
			})
		})
	}
}

func TestAServerThatNeverShakesHandsIsWaitedForUntilTheDeadline(t *testing.T) {
	card := inserted(t, "default")
	inMemory(t, func(t *testing.T, c *Client, _ *dopa.Service) {
		others := make(chan net.Conn, 4)
		c.dial = func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			others <- there
			go func() { // reads and says nothing
				for buffer := make([]byte, 1024); ; {
					if _, err := there.Read(buffer); err != nil {
						return
					}
				}
			}()
			return here, nil
		}
		took(t, 10*time.Second, func() {
			_, err := c.CheckCID(context.Background(), card)
			require.ErrorIs(t, err, ErrUnreachable)
		})
		took(t, 10*time.Second, func() { require.ErrorIs(t, c.Probe(context.Background()), ErrUnreachable) })
		for range 2 { // one of the question, one of the probe
			require.NoError(t, (<-others).Close())
		}
	})
}

func TestAConnectionThatIsNotMadeInHalfTheTimeIsTriedOnceMore(t *testing.T) {
	card := inserted(t, "default")
	inMemory(t, func(t *testing.T, c *Client, service *dopa.Service) {
		right, dials := c.dial, atomic.Int32{}
		c.dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			if dials.Add(1) > 1 {
				return right(ctx, network, address)
			}
			ctx, cancel := context.WithTimeoutCause(ctx, c.deadline/2, errors.New("as the dialer does"))
			defer cancel()
			<-ctx.Done()
			return nil, &net.OpError{Op: "dial", Net: network, Err: ctx.Err()}
		}
		took(t, 5*time.Second, func() {
			answer, err := c.CheckCID(context.Background(), card)
			require.NoError(t, err)
			assert.Equal(t, Passed, answer.Outcome)
		})
		assert.EqualValues(t, 2, dials.Load())
	})
}

// A morning on which the service is down: who waits how long, from the first
// clerk until it is back.
func TestClerksDoNotWaitForAServiceThatIsDown(t *testing.T) {
	card := inserted(t, "default")
	inMemory(t, func(t *testing.T, c *Client, service *dopa.Service) {
		ask := func() error {
			_, err := c.CheckCID(context.Background(), card)
			return err
		}
		setPlan(t, service, "{act: hang, until: cleared}")
		for range faultsInARow {
			took(t, 10*time.Second, func() { require.ErrorIs(t, ask(), ErrUnreachable) })
		}
		for _, pause := range []time.Duration{30, 60, 120, 240, 300, 300} {
			took(t, 0, func() { require.ErrorIs(t, ask(), ErrPaused) })
			time.Sleep(pause*time.Second - time.Nanosecond)
			took(t, 0, func() { require.ErrorIs(t, ask(), ErrPaused) })
			time.Sleep(time.Nanosecond)
			took(t, 10*time.Second, func() { require.ErrorIs(t, ask(), ErrUnreachable) })
		}
		setPlan(t, service, "[]")
		time.Sleep(longestPause)
		for range 2 {
			took(t, 0, func() { require.NoError(t, ask()) })
		}
	})
}

func TestWhoeverGoesAwayWaitsNoLonger(t *testing.T) {
	card := inserted(t, "default")
	inMemory(t, func(t *testing.T, c *Client, service *dopa.Service) {
		setPlan(t, service, "{act: hang, until: cleared}")
		ctx, cancel := context.WithCancel(context.Background())
		time.AfterFunc(2*time.Second, cancel)
		took(t, 2*time.Second, func() {
			_, err := c.CheckCID(ctx, card)
			require.ErrorIs(t, err, context.Canceled)
		})
	})
}
