package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/simulator"
)

// agentOn is an agent over m on a free port, in test mode, with data of its own.
func agentOn(t *testing.T, m *simulator.Machine, listen string) agent {
	t.Helper()
	dir := newData(t)
	return agent{
		proofs: shippedProofs(),
		driver: m, mode: api.Test, listen: []string{listen}, log: slog.New(slog.DiscardHandler),
		open: func(ctx context.Context) (*site, error) {
			return openSite(ctx, dir, filepath.Join(dir, keyFolder), siteOptions{})
		},
	}
}

// newData makes a data folder of the test's own.
func newData(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	require.NoError(t, createSite(t.Context(), dir, filepath.Join(dir, keyFolder), func(s *site) error {
		_, err := s.begin(t.Context(), "admin")
		return err
	}))
	return dir
}

func TestAnAgentServesUntilItsContextEndsAndLeavesThePort(t *testing.T) {
	a := agentOn(t, simulator.NewMachine("A"), "localhost:0")
	for range 2 { // the second one gets the port that the first has left
		ctx, stop := context.WithCancel(t.Context())
		served := make(chan error, 1)
		where := make(chan string, 1)
		go func() { served <- a.serve(ctx, func(l *api.Listeners) { where <- l.URL() }) }()
		url := <-where
		a.listen = []string{strings.TrimPrefix(url, "http://")}

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
	err := agentOn(t, simulator.NewMachine(), "192.0.2.1:8731").serve(t.Context(), func(*api.Listeners) { t.Error("it did not start") })
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
