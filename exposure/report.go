package exposure

import (
	"time"
)

// Report is a scan as a whole, in the shape of assurance §4.8.
type Report struct {
	Tool    string    `json:"tool"`
	Version string    `json:"version"`
	Rules   string    `json:"rules"`
	Started time.Time `json:"started"`
	Ended   time.Time `json:"ended"`
	// Complete says that the scan came to its end.
	Complete bool `json:"complete"`
	// Roots are the targets as they were given, masked, and RootIDs their ids,
	// in the same order.
	Roots   []string `json:"roots"`
	RootIDs []string `json:"root_ids"`
	// Scanned are the ids of all targets that were read to their end.
	Scanned  []string  `json:"scanned"`
	Findings []Finding `json:"findings"`
	Summary  Summary   `json:"summary"`
	NotRead  []NotRead `json:"not_read"`
}

// Stamp is what a report says of the scan itself.
type Stamp struct {
	Version        string
	Started, Ended time.Time
	Complete       bool
	Roots          []string
}

// Report puts outcomes together. Root names are masked here.
func (s *Scanner) Report(stamp Stamp, outcomes []Outcome) Report {
	r := Report{
		Tool: "chipproof-office", Version: stamp.Version, Rules: Rules, Complete: stamp.Complete,
		Started: stamp.Started.Truncate(time.Second), Ended: stamp.Ended.Truncate(time.Second),
		Roots: []string{}, RootIDs: []string{}, Scanned: []string{}, Findings: []Finding{}, NotRead: []NotRead{},
	}
	for _, root := range stamp.Roots {
		shown, _ := s.detector.Another().Plain(root)
		r.Roots = append(r.Roots, shown)
		r.RootIDs = append(r.RootIDs, s.key.TargetID(root))
	}
	tally := NewTally()
	for _, o := range outcomes {
		tally.Add(o)
		r.Findings = append(r.Findings, o.Findings...)
		r.NotRead = append(r.NotRead, o.NotRead...)
		if len(o.NotRead) == 0 && o.Omitted == 0 {
			r.Scanned = append(r.Scanned, o.TargetID)
		}
	}
	r.Summary = tally.Summary()
	return r
}
