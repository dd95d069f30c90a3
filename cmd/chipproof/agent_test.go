package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/simulator"
)

// agentOn is an agent over m on a free port, in test mode.
func agentOn(m *simulator.Machine, listen string) agent {
	return agent{
		driver: m, mode: api.Test, listen: []string{listen}, origins: []string{testOrigin},
		log: slog.New(slog.DiscardHandler),
	}
}

func TestAnAgentServesUntilItsContextEndsAndLeavesThePort(t *testing.T) {
	listen := "localhost:0"
	for range 2 { // the second one gets the port that the first has left
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error, 1)
		where := make(chan string, 1)
		go func() {
			served <- agentOn(simulator.NewMachine("A"), listen).serve(ctx, func(l *api.Listeners) { where <- l.URL() })
		}()
		url := <-where
		listen = strings.TrimPrefix(url, "http://")

		res, err := client().Get(url + "/healthz")
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, errors.Join(err, res.Body.Close()))
		assert.Equal(t, http.StatusOK, res.StatusCode)
		assert.Equal(t, "{\"ok\":true}\n", string(body))

		stop()
		require.NoError(t, <-served)
		_, err = client().Get(url + "/healthz")
		assert.Error(t, err, "nobody listens any more")
	}
}

func TestAnAgentThatCannotStartLeavesNothingOpen(t *testing.T) {
	a := agentOn(simulator.NewMachine(), "localhost:0")
	a.origins = []string{"ftp://example.org"}
	err := a.serve(t.Context(), func(*api.Listeners) { t.Error("it did not start") })
	assert.ErrorIs(t, err, api.ErrOriginInvalid)

	a = agentOn(simulator.NewMachine(), "192.0.2.1:8731")
	err = a.serve(t.Context(), func(*api.Listeners) { t.Error("it did not start") })
	assert.ErrorIs(t, err, api.ErrAddressRefused)
}

func TestPartsThatRunTogetherEndTogether(t *testing.T) {
	wrong := errors.New("wrong")
	waits := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

	err := together(t.Context(), waits, func(context.Context) error { return wrong }, waits)
	assert.ErrorIs(t, err, wrong)

	assert.NoError(t, together(t.Context(), waits, func(context.Context) error { return nil }), "one that is done ends the others")

	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	assert.ErrorIs(t, together(ctx, waits, waits), context.DeadlineExceeded)
}
