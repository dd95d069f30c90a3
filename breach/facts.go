package breach

// Verdict answers one of the two questions of step 1.
type Verdict string

// The verdicts: on credibility (B06) and on the breach itself (B10).
const (
	Credible     Verdict = "credible"
	NotCredible  Verdict = "not_credible"
	Confirmed    Verdict = "confirmed"
	NotConfirmed Verdict = "not_confirmed"
)

// Credibility says whether there is reasonable ground to believe the report, and
// why (B06). A later one takes the place of an earlier one, which stays visible.
type Credibility struct {
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason"`
}

// Kind is [KindCredibility].
func (Credibility) Kind() Kind { return KindCredibility }

func (b Credibility) check(_ *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.require("verdict", b.Verdict == Credible || b.Verdict == NotCredible)
	f.text("reason", b.Reason)
	return f.err()
}

func (b Credibility) apply(c *Case, e Event) {
	c.Credibility = &b
	if c.judgedAt.IsZero() {
		c.judgedAt = e.At
	}
	if b.Verdict == Credible && c.credibleAt.IsZero() {
		c.credibleAt = e.At
	}
}

// Fact is one line of the fact log (B10): what was seen, when, and by which
// source. It can't be changed or taken away; a later fact can contradict it.
type Fact struct {
	SeenAt Moment `json:"seen_at"`
	Source string `json:"source"`
	Text   string `json:"text"`
}

// Kind is [KindFact].
func (Fact) Kind() Kind { return KindFact }

func (b Fact) check(_ *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.past("seen_at", b.SeenAt)
	f.text("source", b.Source)
	f.text("text", b.Text)
	return f.err()
}

func (b Fact) apply(c *Case, _ Event) { c.Facts = append(c.Facts, b) }

// Established ends step 1: the breach is confirmed or not, and why (B10).
type Established struct {
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason"`
}

// Kind is [KindEstablished].
func (Established) Kind() Kind { return KindEstablished }

// A breach is confirmed only with its nature stated and the moment of awareness
// set: without that moment the clock of the law could never be seen.
func (b Established) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.require("verdict", b.Verdict == Confirmed || b.Verdict == NotConfirmed)
	f.text("reason", b.Reason)
	switch err := f.err(); {
	case err != nil:
		return err
	case !c.credible():
		return &RefusedError{b.Kind(), WhyNotCredible}
	case b.Verdict == Confirmed && c.AwareAt.IsZero():
		return &RefusedError{b.Kind(), WhyNotAware}
	case b.Verdict == Confirmed && c.Nature == nil:
		return &RefusedError{b.Kind(), WhyNatureMissing}
	}
	return nil
}

func (b Established) apply(c *Case, e Event) {
	c.Established = &b
	if c.establishedAt.IsZero() {
		c.establishedAt = e.At
	}
	if b.Verdict == Confirmed && c.confirmedAt.IsZero() {
		c.confirmedAt = e.At
	}
}
