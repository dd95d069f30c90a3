package breach

// Recovered records the state that was restored (B24).
type Recovered struct {
	RestoredAt Moment `json:"restored_at"`
	State      string `json:"state"`
}

// Kind is [KindRecovered].
func (Recovered) Kind() Kind { return KindRecovered }

func (b Recovered) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.past("restored_at", b.RestoredAt)
	f.text("state", b.State)
	if err := f.err(); err != nil {
		return err
	}
	if !c.confirmed() {
		return &RefusedError{b.Kind(), WhyNotConfirmed}
	}
	return nil
}

func (b Recovered) apply(c *Case, e Event) {
	c.Recovered = &b
	if c.recoveredAt.IsZero() {
		c.recoveredAt = e.At
	}
}

// TaskSet is a follow-up task against the same happening again (B25). Tasks are
// numbered from 1.
type TaskSet struct {
	Owner string `json:"owner" doc:"The post or unit that must do it"`
	Text  string `json:"text" doc:"What must be done"`
	DueAt Moment `json:"due_at" doc:"By when"`
}

// Kind is [KindTaskSet].
func (TaskSet) Kind() Kind { return KindTaskSet }

func (b TaskSet) check(_ *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.text("owner", b.Owner)
	f.text("text", b.Text)
	f.require("due_at", b.DueAt.sensible())
	return f.err()
}

func (b TaskSet) apply(c *Case, _ Event) {
	c.Tasks = append(c.Tasks, Task{TaskSet: b, Number: len(c.Tasks) + 1})
}

// Task is a follow-up task with what became of it.
type Task struct {
	TaskSet
	Number    int    `json:"number" doc:"1, 2 …"`
	DoneAt    Moment `json:"done_at,omitzero" doc:"When it was done"`
	CheckedAt Moment `json:"checked_at,omitzero" doc:"When it was checked"`
	Effective Answer `json:"effective,omitzero" doc:"Whether it works: yes or no"`
	How       string `json:"how,omitzero" doc:"How that was checked"`
}

// TaskDone says that a task was done.
type TaskDone struct {
	Task   int    `json:"task"`
	DoneAt Moment `json:"done_at"`
}

// Kind is [KindTaskDone].
func (TaskDone) Kind() Kind { return KindTaskDone }

func (b TaskDone) check(c *Case, now Moment) error {
	if b.Task < 1 || b.Task > len(c.Tasks) {
		return &RefusedError{b.Kind(), WhyUnknownNumber}
	}
	if !c.Tasks[b.Task-1].DoneAt.IsZero() {
		return &RefusedError{b.Kind(), WhyAlready}
	}
	f := form{kind: b.Kind(), now: now}
	f.past("done_at", b.DoneAt)
	return f.err()
}

func (b TaskDone) apply(c *Case, _ Event) { c.Tasks[b.Task-1].DoneAt = b.DoneAt }

// TaskChecked is the check whether a task that was done works. Where it doesn't,
// a later task must.
type TaskChecked struct {
	Task      int    `json:"task"`
	CheckedAt Moment `json:"checked_at"`
	Effective Answer `json:"effective"` // yes or no
	How       string `json:"how"`       // how it was checked
}

// Kind is [KindTaskChecked].
func (TaskChecked) Kind() Kind { return KindTaskChecked }

func (b TaskChecked) check(c *Case, now Moment) error {
	if b.Task < 1 || b.Task > len(c.Tasks) {
		return &RefusedError{b.Kind(), WhyUnknownNumber}
	}
	task := c.Tasks[b.Task-1]
	if task.DoneAt.IsZero() {
		return &RefusedError{b.Kind(), WhyNoAction}
	}
	if !task.CheckedAt.IsZero() {
		return &RefusedError{b.Kind(), WhyAlready}
	}
	f := form{kind: b.Kind(), now: now}
	f.past("checked_at", b.CheckedAt)
	f.require("checked_at", !task.DoneAt.After(b.CheckedAt))
	f.require("effective", b.Effective == Yes || b.Effective == No)
	f.text("how", b.How)
	return f.err()
}

func (b TaskChecked) apply(c *Case, e Event) {
	t := &c.Tasks[b.Task-1]
	t.CheckedAt, t.Effective, t.How = b.CheckedAt, b.Effective, b.How
	c.preventedAt = latest(c.preventedAt, e.At)
}

// Reviewed is the review of the security measures under the law's seven headings (B26).
type Reviewed struct {
	Technology  string `json:"technology"`
	Context     string `json:"context"`
	Environment string `json:"environment"`
	Standards   string `json:"standards"` // accepted ones, of like bodies
	Purpose     string `json:"purpose"`   // nature and purpose of collecting, using, disclosing
	Resources   string `json:"resources"`
	Feasibility string `json:"feasibility"`
}

// Kind is [KindReviewed].
func (Reviewed) Kind() Kind { return KindReviewed }

// List gives the headings by name, in the law's order.
func (b Reviewed) List() [7][2]string {
	return [7][2]string{
		{"technology", b.Technology},
		{"context", b.Context},
		{"environment", b.Environment},
		{"standards", b.Standards},
		{"purpose", b.Purpose},
		{"resources", b.Resources},
		{"feasibility", b.Feasibility},
	}
}

func (b Reviewed) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	for _, heading := range b.List() {
		f.text(heading[0], heading[1])
	}
	if err := f.err(); err != nil {
		return err
	}
	if !c.confirmed() {
		return &RefusedError{b.Kind(), WhyNotConfirmed}
	}
	return nil
}

func (b Reviewed) apply(c *Case, e Event) {
	c.Reviewed = &b
	if c.reviewedAt.IsZero() {
		c.reviewedAt = e.At
	}
}
