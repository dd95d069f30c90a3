package exposure

import "time"

// TaskState is how a takedown or remediation stands (A04, A07).
type TaskState string

// The states. They follow from the record; nobody sets one.
const (
	// TaskOpen: nothing proves yet that the data is gone.
	TaskOpen TaskState = "open"
	// TaskOverdue: open, and past its time. It alarms.
	TaskOverdue TaskState = "overdue"
	// TaskClaimed: somebody said that it is done; only a scan can prove it.
	TaskClaimed TaskState = "claimed"
	// TaskStopped: a later scan met every place and found the data at none.
	TaskStopped TaskState = "stopped"
	// TaskAgain: it was stopped, and a later scan found the data again.
	TaskAgain TaskState = "again"
)

// Task is a finding that somebody must end.
type Task struct {
	Owner  string
	Opened time.Time
	Due    time.Time
	// Claimed is when the owner said that it is done; zero before.
	Claimed time.Time
	Takedown
}

// State judges a task by what scans have met, at a time. Takedown.Since is taken
// as it is; where it is zero, what was seen after Opened counts.
func (t Task) State(seen []Observation, now time.Time) TaskState {
	if t.Since.IsZero() {
		t.Since = t.Opened
	}
	var before []Observation
	for _, o := range seen {
		if !o.At.After(now) {
			before = append(before, o)
		}
	}
	if len(Unproven(t.Takedown, before)) == 0 {
		return TaskStopped
	}
	switch {
	case t.wasStopped(before):
		return TaskAgain
	case now.After(t.Due):
		return TaskOverdue
	case !t.Claimed.IsZero() && !t.Claimed.After(now):
		return TaskClaimed
	}
	return TaskOpen
}

// wasStopped says that some earlier stretch of the observations proved it.
func (t Task) wasStopped(seen []Observation) bool {
	for _, last := range seen {
		var until []Observation
		for _, o := range seen {
			if !o.At.After(last.At) {
				until = append(until, o)
			}
		}
		if len(Unproven(t.Takedown, until)) == 0 {
			return true
		}
	}
	return false
}
