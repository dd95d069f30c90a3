package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestWhatFailsIsLoggedAndDoneAgainAfterTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		ctx, cancel := context.WithCancel(t.Context())
		start, runs := time.Now(), []time.Duration{}
		go every(ctx, time.Minute, slog.New(slog.NewTextHandler(&log, nil)), "warning not sent", func() error {
			runs = append(runs, time.Since(start))
			if len(runs) == 2 {
				return errors.New("the server is away")
			}
			return nil
		})
		time.Sleep(2*time.Minute + time.Second) // in the bubble
		cancel()
		synctest.Wait()
		assert.Equal(t, []time.Duration{0, time.Minute, 2 * time.Minute}, runs)
		assert.Equal(t, 1, bytes.Count(log.Bytes(), []byte("warning not sent")))
		assert.Contains(t, log.String(), "the server is away")
	})
}
