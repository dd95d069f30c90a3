package breach

import "time"

// Threshold is how near its deadline a duty is when the officer is reminded of it.
type Threshold string

// The thresholds, in the order in which a duty passes them.
const (
	ThresholdWarning Threshold = "warning"    // within the warning time
	ThresholdClose   Threshold = "last_hours" // a quarter of the warning time is left
	ThresholdPast    Threshold = "overdue"    // the deadline is past
)

// Reminder is a duty to remind the officer of. Another deadline of the same duty,
// as after a correction, makes another reminder.
type Reminder struct {
	Duty
	Threshold Threshold
}

// Reminders are what the officer should have been reminded of by a moment, the
// most urgent first: each duty once, at the last threshold that it has passed.
func Reminders(cases []Case, now time.Time) []Reminder {
	warn := map[string]time.Duration{}
	for _, c := range cases {
		warn[c.ID] = c.Settings.Warn
	}
	list := []Reminder{}
	for _, d := range Warnings(Due(cases, now)) {
		r := Reminder{Duty: d, Threshold: ThresholdWarning}
		switch {
		case d.State == Overdue:
			r.Threshold = ThresholdPast
		case d.Deadline.Sub(At(now)) <= warn[d.Incident]/4:
			r.Threshold = ThresholdClose
		}
		list = append(list, r)
	}
	return list
}
