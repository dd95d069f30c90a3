package mfa

import (
	"context"
	"time"
)

// NeighbourRun is how many codes of a neighbouring step in a row make the clock
// suspect (mfa §2.4).
const NeighbourRun = 3

// ClockReport is what accepted codes say about the machine's clock. It is shown
// to everyone alike, before any name is typed, so it tells nothing about an
// account; and it never widens the window.
type ClockReport struct {
	Now time.Time
	// Run is how many codes in a row came from the step before ours (below zero)
	// or the one after it (above).
	Run     int
	Suspect bool
}

// Clock reads the report.
func (s *Service) Clock(ctx context.Context) (ClockReport, error) {
	return view(ctx, s, func(tx Tx) (ClockReport, error) {
		run, err := tx.StepRun(ctx)
		return ClockReport{Now: s.now(), Run: run, Suspect: run >= NeighbourRun || run <= -NeighbourRun}, err
	})
}
