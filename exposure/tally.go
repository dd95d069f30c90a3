package exposure

// Summary is what a scan comes to (assurance §4.8).
type Summary struct {
	// People is the number of distinct people whose data was found.
	People int `json:"people"`
	// PeopleEstimated says that so much was found that people could not all be
	// told apart between files.
	PeopleEstimated bool          `json:"people_estimated,omitzero"`
	Findings        int           `json:"findings"`
	Classes         map[Class]int `json:"classes"`
	// Files counts targets and archive members that were read; Bytes what was
	// read of them.
	Files int   `json:"files"`
	Bytes int64 `json:"bytes"`
	// Suppressed candidates were too weak, or negative evidence spoke against
	// them. They are shown nowhere else.
	Suppressed int `json:"suppressed"`
	// Allowed are work contacts of the agency's list.
	Allowed int `json:"allowed"`
	// Omitted findings are counted here and listed nowhere, because one target
	// had too many.
	Omitted int `json:"omitted,omitzero"`
	NotRead int `json:"not_read"`
}

// Tally sums outcomes up, in any order, also those of a scan that was stopped
// and went on.
type Tally struct {
	sum    Summary
	people *people
	extra  int
}

// NewTally is an empty one.
func NewTally() *Tally {
	return &Tally{people: newPeople(), sum: Summary{Classes: map[Class]int{}}}
}

// Add takes one item's outcome.
func (t *Tally) Add(o Outcome) {
	for c, n := range o.Counts {
		t.sum.Classes[c] += n
		t.sum.Findings += n
	}
	t.sum.Files += o.Files
	t.sum.Bytes += o.Bytes
	t.sum.Suppressed += o.Suppressed
	t.sum.Allowed += o.Allowed
	t.sum.Omitted += o.Omitted
	t.sum.NotRead += len(o.NotRead)
	kept := newPeople()
	byRecord(o.Findings, func(marks []mark) {
		t.people.record(marks)
		kept.record(marks)
	})
	if o.Omitted > 0 {
		t.extra += max(0, o.People-kept.count())
		t.sum.PeopleEstimated = true
	}
}

// byRecord gives the findings record by record; they are in that order.
func byRecord(findings []Finding, f func([]mark)) {
	var marks []mark
	for i, x := range findings {
		if i > 0 && (x.Record != findings[i-1].Record || x.TargetID != findings[i-1].TargetID) {
			f(marks)
			marks = marks[:0]
		}
		marks = append(marks, mark{x.Class, x.Fingerprint})
	}
	if len(marks) > 0 {
		f(marks)
	}
}

// Summary is the sum so far.
func (t *Tally) Summary() Summary {
	s := t.sum
	s.Classes = map[Class]int{}
	for c, n := range t.sum.Classes {
		s.Classes[c] = n
	}
	s.People = t.people.count() + t.extra
	s.PeopleEstimated = s.PeopleEstimated || t.people.lost
	return s
}
