package breach

// DocumentAttached is a document of the case: what it is and its digest. The
// document itself lies where the agency keeps its files.
type DocumentAttached struct {
	Title  string `json:"title" doc:"What it is"`
	Digest string `json:"digest" doc:"SHA-256 of the document"`
}

// Kind is [KindDocument].
func (DocumentAttached) Kind() Kind { return KindDocument }

func (b DocumentAttached) check(_ *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.text("title", b.Title)
	f.digest("digest", b.Digest)
	return f.err()
}

func (b DocumentAttached) apply(c *Case, e Event) {
	c.Documents = append(c.Documents, b)
	if c.documentedAt.IsZero() {
		c.documentedAt = e.At
	}
}

// Closed ends a case. It is refused while anything is owed.
type Closed struct {
	Summary string `json:"summary"`
}

// Kind is [KindClosed].
func (Closed) Kind() Kind { return KindClosed }

func (b Closed) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.text("summary", b.Summary)
	if err := f.err(); err != nil {
		return err
	}
	var open []DutyName
	for _, d := range Duties(*c, now.Time()) {
		if !d.State.Done() {
			open = append(open, d.Duty)
		}
	}
	if len(open) > 0 {
		return &OpenError{open}
	}
	return nil
}

func (b Closed) apply(c *Case, e Event) { c.ClosedAt = e.At }

// Reopened takes a closed case up again, when something new is learned.
type Reopened struct {
	Reason string `json:"reason"`
}

// Kind is [KindReopened].
func (Reopened) Kind() Kind { return KindReopened }

func (b Reopened) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.text("reason", b.Reason)
	if err := f.err(); err != nil {
		return err
	}
	if c.ClosedAt.IsZero() {
		return &RefusedError{b.Kind(), WhyNotClosed}
	}
	return nil
}

func (b Reopened) apply(c *Case, _ Event) { c.ClosedAt = Moment{} }
