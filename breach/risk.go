package breach

// Risk is the officer's decision on the rights and freedoms of people (B04): the
// duty to notify follows from it alone.
type Risk string

// The three decisions.
const (
	RiskNone Risk = "none"
	RiskSome Risk = "risk"
	RiskHigh Risk = "high"
)

// Factors are the seven of the notification's clause 12 (assurance §3.4,
// secondary source). Each is weighed in words.
type Factors struct {
	Breach     string `json:"breach"`      // nature and kind of the breach
	Data       string `json:"data"`        // nature, kind and volume of the data
	People     string `json:"people"`      // nature, kind and status of the people
	Severity   string `json:"severity"`    // how bad for them, how well the measures work
	WideEffect string `json:"wide_effect"` // on business or the public
	Storage    string `json:"storage"`     // the system and its security
	Controller string `json:"controller"`  // legal status, size and type
}

// List gives the factors by name, in the law's order.
func (x Factors) List() [7][2]string {
	return [7][2]string{
		{"breach", x.Breach},
		{"data", x.Data},
		{"people", x.People},
		{"severity", x.Severity},
		{"wide_effect", x.WideEffect},
		{"storage", x.Storage},
		{"controller", x.Controller},
	}
}

// Assessed is a version of the risk assessment: seven factors, ENISA's figure
// beside them, the decision and its reason (B11). An earlier version stays.
type Assessed struct {
	Factors  Factors  `json:"factors"`
	Severity Severity `json:"severity"`
	Risk     Risk     `json:"risk"`
	Reason   string   `json:"reason"`
}

// Kind is [KindAssessed].
func (Assessed) Kind() Kind { return KindAssessed }

func (b Assessed) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	for _, factor := range b.Factors.List() {
		f.text("factors."+factor[0], factor[1])
	}
	b.Severity.check(&f)
	f.require("risk", among(b.Risk, []Risk{RiskNone, RiskSome, RiskHigh}))
	f.text("reason", b.Reason)
	if err := f.err(); err != nil {
		return err
	}
	_, technical := c.Checklists[Technical]
	switch {
	case c.Report.Role != RoleController:
		return &RefusedError{b.Kind(), WhyController}
	case !c.credible():
		return &RefusedError{b.Kind(), WhyNotCredible}
	case !technical:
		return &RefusedError{b.Kind(), WhyTechnicalFirst}
	}
	return nil
}

// Assessment is a version of the risk assessment as it was recorded.
type Assessment struct {
	Assessed
	Version int    `json:"version"`
	At      Moment `json:"at"`
	By      string `json:"by"`
	Rules   string `json:"rules"`
	Figure  Figure `json:"figure"`
}

// The flags beside the figure come from what the case says, so that nobody can
// type in another number of people or a better encryption.
func (b Assessed) apply(c *Case, e Event) {
	figure := b.Severity.Figure()
	figure.Over100 = c.Nature != nil && c.Nature.People.Number > 100
	figure.Unintelligible = c.Checklists[Technical].unreadable()
	c.Assessments = append(c.Assessments, Assessment{b, len(c.Assessments) + 1, e.At, e.By, e.Rules, figure})
	if b.Risk == RiskHigh && c.highAt.IsZero() {
		c.highAt = e.At
	}
}
