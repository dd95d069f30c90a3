package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"chipproof/cardreader"
	"chipproof/cmd/internal/program"
)

// eventLine is a change in `readers --watch --json`.
type eventLine struct {
	Time   time.Time            `json:"time"`
	Event  cardreader.EventKind `json:"event"`
	Reader string               `json:"reader,omitzero"`
	ATR    string               `json:"atr,omitzero"`
	// Code says why, for service_lost.
	Code string `json:"code,omitzero"`
}

// watch prints changes until it is stopped, or until nobody reads them.
func (c *readersCmd) watch(ctx context.Context, p *program.Program, readers *cardreader.Readers) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	err := readers.Follow(ctx, func(e cardreader.Event) {
		if errors.Is(e.Err, cardreader.ErrNotBuiltIn) {
			stop(e.Err) // it will never come back
			return
		}
		if err := c.printEvent(p, lineOf(e, time.Now())); err != nil {
			stop(fmt.Errorf("print event: %w", err))
		}
	})
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	if !errors.Is(err, context.Canceled) {
		return err
	}
	return nil // stopped, as it is meant to be
}

func lineOf(e cardreader.Event, now time.Time) eventLine {
	line := eventLine{Time: now.Truncate(time.Millisecond), Event: e.Kind, Reader: e.Reader, ATR: hex.EncodeToString(e.ATR)}
	if e.Err != nil {
		line.Code = kind().Problems().Find(e.Err).Code
	}
	return line
}

func (c *readersCmd) printEvent(p *program.Program, e eventLine) error {
	if c.JSON {
		return program.PrintJSON(p.Out, e)
	}
	text := e.Time.Format(time.TimeOnly) + " " + string(e.Event)
	for _, part := range []string{program.Shown(e.Reader), e.ATR, e.Code} {
		if part != "" {
			text += "  " + part
		}
	}
	_, err := fmt.Fprintln(p.Out, text)
	return err
}
