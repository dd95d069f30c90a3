package job

import "chipproof/exposure"

// Totals is what all findings of a filter come to.
type Totals struct {
	// People is the number of distinct people, as [exposure.Summary] counts them.
	People          int
	PeopleEstimated bool
	Findings        int
	Targets         int // files and pages
	By              map[exposure.Severity]int
}
