package breach

// Means is what an action works by (B15).
type Means string

// People, process or technology.
const (
	MeansPeople     Means = "people"
	MeansProcess    Means = "process"
	MeansTechnology Means = "technology"
)

// MeansList are all means.
func MeansList() []Means { return []Means{MeansPeople, MeansProcess, MeansTechnology} }

// Aim is what an action is for: to contain (step 2) or to recover (step 5).
type Aim string

// The aims.
const (
	AimContain Aim = "contain"
	AimRecover Aim = "recover"
)

// ActionStarted is something we do ourselves about the breach (B12, B24). Actions
// are numbered from 1 in the order of their events.
type ActionStarted struct {
	Aim       Aim    `json:"aim" doc:"What it is for"`
	Means     Means  `json:"means" doc:"By people, process or technology"`
	Text      string `json:"text" doc:"What is done"`
	StartedAt Moment `json:"started_at" doc:"When it began"`
}

// Kind is [KindActionStarted].
func (ActionStarted) Kind() Kind { return KindActionStarted }

func (b ActionStarted) check(_ *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.require("aim", b.Aim == AimContain || b.Aim == AimRecover)
	f.require("means", among(b.Means, MeansList()))
	f.text("text", b.Text)
	f.past("started_at", b.StartedAt)
	return f.err()
}

func (b ActionStarted) apply(c *Case, _ Event) {
	c.Actions = append(c.Actions, Action{ActionStarted: b, Number: len(c.Actions) + 1})
}

// Action is an action with its end, once it has one.
type Action struct {
	ActionStarted
	Number     int    `json:"number" doc:"1, 2 …"`
	FinishedAt Moment `json:"finished_at,omitzero" doc:"When it was finished; absent until then"`
}

// ActionFinished ends an action.
type ActionFinished struct {
	Action     int    `json:"action"`
	FinishedAt Moment `json:"finished_at"`
}

// Kind is [KindActionFinished].
func (ActionFinished) Kind() Kind { return KindActionFinished }

func (b ActionFinished) check(c *Case, now Moment) error {
	if b.Action < 1 || b.Action > len(c.Actions) {
		return &RefusedError{b.Kind(), WhyUnknownNumber}
	}
	action := c.Actions[b.Action-1]
	if !action.FinishedAt.IsZero() {
		return &RefusedError{b.Kind(), WhyAlready}
	}
	f := form{kind: b.Kind(), now: now}
	f.past("finished_at", b.FinishedAt)
	f.require("finished_at", !action.StartedAt.After(b.FinishedAt))
	return f.err()
}

func (b ActionFinished) apply(c *Case, _ Event) { c.Actions[b.Action-1].FinishedAt = b.FinishedAt }

// Result is what containment came to: never nothing (B12).
type Result string

// The breach has ended, or does no further harm.
const (
	ResultEnded Result = "ended"
	ResultEased Result = "eased"
)

// Contained ends step 2, after an action was finished or an order done.
type Contained struct {
	Result Result `json:"result"`
	Text   string `json:"text"`
}

// Kind is [KindContained].
func (Contained) Kind() Kind { return KindContained }

func (b Contained) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.require("result", b.Result == ResultEnded || b.Result == ResultEased)
	f.text("text", b.Text)
	if err := f.err(); err != nil {
		return err
	}
	if !c.actedOn() {
		return &RefusedError{b.Kind(), WhyNoAction}
	}
	return nil
}

func (b Contained) apply(c *Case, e Event) {
	c.Contained = &b
	if c.containedAt.IsZero() {
		c.containedAt = e.At
	}
}

// actedOn says that something was done that could have contained the breach.
func (c *Case) actedOn() bool {
	for _, a := range c.Actions {
		if a.Aim == AimContain && !a.FinishedAt.IsZero() {
			return true
		}
	}
	for _, o := range c.Orders {
		if !o.DoneAt.IsZero() {
			return true
		}
	}
	return false
}
