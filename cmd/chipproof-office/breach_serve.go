package main

import (
	"context"
	"log/slog"
	"time"
)

// How often `serve` looks whether the officer must be warned, and whether the
// audit log of the last while calls for an incident.
const (
	warnEvery    = time.Minute
	proposeEvery = 10 * time.Minute
)

// besideIncidents lets the bureau send e-mail, where that is set up, and gives what
// runs beside the register while it is served.
func besideIncidents(b *bureau, mail mailFlags, log *slog.Logger) ([]func(context.Context), error) {
	r := registerOf(b)
	beside := []func(context.Context){func(ctx context.Context) {
		every(ctx, proposeEvery, log, "audit log not looked through", func() error {
			fresh, err := r.ProposeFromLog(ctx)
			for _, p := range fresh {
				log.Warn("possible incident", "proposal", p.ID, "alarm", string(p.Alarm))
			}
			return err
		})
	}}
	server, err := mail.server()
	if err != nil || server == nil {
		return beside, err
	}
	b.mailer = server
	if mail.Officer == "" {
		return beside, nil
	}
	w := &warner{r, server, mail.Officer}
	return append(beside, func(ctx context.Context) {
		every(ctx, warnEvery, log, "warning not sent, tried again later", func() error {
			sent, err := w.send(ctx, time.Now())
			if sent > 0 {
				log.Info("officer warned by e-mail", "duties", sent)
			}
			return err
		})
	}), nil
}

// every does something at once and then after each interval, until ctx ends. What
// fails is logged and done again.
func every(ctx context.Context, interval time.Duration, log *slog.Logger, failed string, do func() error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		if err := do(); err != nil && ctx.Err() == nil {
			log.Warn(failed, "cause", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
