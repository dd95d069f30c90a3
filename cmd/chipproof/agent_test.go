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

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/cmd/internal/programtest"
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
			return openSite(ctx, dir, filepath.Join(dir, program.KeyFolder), program.SiteOptions{})
		},
	}
}

// newData makes a data folder of the test's own.
func newData(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	require.NoError(t, program.CreateSite(t.Context(), kind(), dir, filepath.Join(dir, program.KeyFolder), func(s *program.Site) error {
		_, err := s.Begin(t.Context(), "admin")
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

		res, err := programtest.Client().Get(url + "/healthz")
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, errors.Join(err, res.Body.Close()))
		assert.Equal(t, http.StatusOK, res.StatusCode)
		assert.Equal(t, "{\"ok\":true}\n", string(body))

		stop()
		require.NoError(t, <-served)
		_, err = programtest.Client().Get(url + "/healthz")
		assert.Error(t, err, "nobody listens any more")
	}
}

func TestAnAgentThatCannotStartLeavesNothingOpen(t *testing.T) {
	err := agentOn(t, simulator.NewMachine(), "192.0.2.1:8731").serve(t.Context(), func(*api.Listeners) { t.Error("it did not start") })
	assert.ErrorIs(t, err, api.ErrAddressRefused)
}

// openSite opens a folder of the test's own.
func openSite(ctx context.Context, dir, keyDir string, o program.SiteOptions) (*site, error) {
	s, err := program.OpenSite(ctx, kind(), dir, keyDir, o)
	if err != nil {
		return nil, err
	}
	return counterSite(s), nil
}

// openedSite is an open data folder of the test's own.
func openedSite(t testing.TB) *site {
	t.Helper()
	dir := newData(t)
	s, err := openSite(t.Context(), dir, filepath.Join(dir, program.KeyFolder), program.SiteOptions{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close(context.Background())) })
	return s
}
