package main

import (
	"context"
	"time"

	"chipproof/exposure"
	"chipproof/exposure/job"
	officestore "chipproof/store/office"
)

// watched are scans whose severe findings are proposed as an incident, whoever ran
// or imported them. The same values at the same place are proposed once.
type watched struct {
	*officestore.Scans
	incidents *officestore.Incidents
}

// End ends a scan, and then looks at what it found: a proposal that can't be
// written says so, and the scan has ended all the same.
func (w watched) End(ctx context.Context, id string, e job.Ending) error {
	if err := w.Scans.End(ctx, id, e); err != nil {
		return err
	}
	_, err := w.incidents.ProposeFromFindings(ctx, e.Report.Findings)
	return err
}

// Import takes a report in, and then looks at what stands in it.
func (w watched) Import(ctx context.Context, by job.Actor, in job.Import, at time.Time) (job.Imported, error) {
	done, err := w.Scans.Import(ctx, by, in, at)
	if err != nil {
		return done, err
	}
	var found []exposure.Finding
	for _, item := range in.Items {
		found = append(found, item.Findings...)
	}
	_, err = w.incidents.ProposeFromFindings(ctx, found)
	return done, err
}
