package breach

import (
	"fmt"
	"slices"
	"time"
)

// DutyName names a duty; it is unique within an incident.
type DutyName string

// The duties, in the order of [Duties] (assurance §3.8). Orders are order_1,
// order_2 and so on: see [OrderDuty].
const (
	DutyCredibility DutyName = "assess_credibility"
	DutyFacts       DutyName = "establish_facts"
	DutyContain     DutyName = "contain"
	DutyRisk        DutyName = "assess_risk"
	DutyOffice      DutyName = "notify_office"
	DutyDelay       DutyName = "explain_delay"
	DutySubjects    DutyName = "notify_subjects"
	DutyRecord      DutyName = "keep_record"
	DutyController  DutyName = "tell_controller"
	DutyRecover     DutyName = "recover"
	DutyPrevent     DutyName = "prevent_and_review"

	dutyOrder DutyName = "order"
)

// OrderDuty is the duty of the n-th order.
func OrderDuty(n int) DutyName { return DutyName(fmt.Sprintf("order_%d", n)) }

// DutyState is how a duty stands at a moment.
type DutyState string

// The states of a duty.
const (
	Open    DutyState = "open"     // not met, and further off than the warning time
	DueSoon DutyState = "due_soon" // not met, in time, within the warning time
	Overdue DutyState = "overdue"  // not met, deadline past
	Late    DutyState = "late"     // met, after the deadline
	Met     DutyState = "met"      // met in time, or without a deadline
)

// Done says that the duty is met, in time or late.
func (s DutyState) Done() bool { return s == Met || s == Late }

// Duty is what is owed, as `breach due --json` prints it.
type Duty struct {
	Incident string    `json:"incident"`
	Duty     DutyName  `json:"duty"`
	Deadline *Moment   `json:"deadline"` // null where there is none
	State    DutyState `json:"state"`
	Law      string    `json:"law"`
	Penalty  string    `json:"penalty"`
	Needs    []string  `json:"needs"` // what is still missing; empty once met
}

// Due gives the duties of all incidents at a moment, in the order of the cases.
func Due(cases []Case, now time.Time) []Duty {
	all := []Duty{}
	for _, c := range cases {
		all = append(all, Duties(c, now)...)
	}
	return all
}

// AnyOverdue says that something is overdue: the exit code of `breach due`.
func AnyOverdue(duties []Duty) bool {
	return slices.ContainsFunc(duties, func(d Duty) bool { return d.State == Overdue })
}

// Warnings are the duties to warn about, the most urgent first.
func Warnings(duties []Duty) []Duty {
	return ByUrgency(slices.DeleteFunc(slices.Clone(duties), func(d Duty) bool {
		return d.State != DueSoon && d.State != Overdue
	}))
}

// ByUrgency gives the duties that aren't met by deadline, those without one
// last, and then those that are met.
func ByUrgency(duties []Duty) []Duty {
	sorted := slices.Clone(duties)
	rank := func(d Duty) int {
		switch {
		case d.State.Done():
			return 2
		case d.Deadline == nil:
			return 1
		}
		return 0
	}
	slices.SortStableFunc(sorted, func(a, b Duty) int {
		if by := rank(a) - rank(b); by != 0 || rank(a) != 0 {
			return by
		}
		return int(a.Deadline.Sub(*b.Deadline) / time.Second)
	})
	return sorted
}

// NextChange is the first moment after now at which a duty changes its state by
// the clock alone, and whether there is one: when to look again.
func NextChange(c Case, now time.Time) (time.Time, bool) {
	var next Moment
	consider := func(m Moment) {
		if m.After(At(now)) && (next.IsZero() || next.After(m)) {
			next = m
		}
	}
	for _, d := range Duties(c, now) {
		if d.Deadline != nil && !d.State.Done() {
			consider(d.Deadline.Add(-c.Settings.Warn))
			consider(d.Deadline.Add(time.Second))
		}
	}
	return next.Time(), !next.IsZero()
}
