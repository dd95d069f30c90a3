package breach

// State is how far a case has come. It follows from the events and is never set
// by hand (assurance §3.8).
type State string

// The states along the five steps, and the side exits.
const (
	StateReported         State = "reported"
	StateCredible         State = "credible"
	StateConfirmed        State = "confirmed"
	StateContained        State = "contained"
	StateNotifiedOffice   State = "notified_office"
	StateNotifiedSubjects State = "notified_subjects"
	StateToldController   State = "told_controller" // for a processor, in place of both
	StateNoRisk           State = "no_risk"         // in place of both notices
	StateRecovered        State = "recovered"
	StatePrevented        State = "prevented"
	StateClosed           State = "closed"

	StateNotCredible  State = "not_credible"
	StateNotConfirmed State = "not_confirmed"
)

// State is the last rung that was reached without a gap below it. A step taken
// early, as containment before the facts, counts once the steps before are done.
func (c Case) State() State {
	switch {
	case !c.ClosedAt.IsZero():
		return StateClosed
	case c.Credibility != nil && c.Credibility.Verdict == NotCredible:
		return StateNotCredible
	case c.Established != nil && c.Established.Verdict == NotConfirmed:
		return StateNotConfirmed
	}
	state := StateReported
	for _, r := range c.rungs() {
		if !r.reached {
			break
		}
		state = r.state
	}
	return state
}

type rung struct {
	state   State
	reached bool
}

func (c *Case) rungs() []rung {
	list := []rung{
		{StateCredible, c.credible()},
		{StateConfirmed, c.confirmed()},
		{StateContained, c.Contained != nil},
	}
	switch {
	case c.Report.Role == RoleProcessor:
		list = append(list, rung{StateToldController, len(c.controllerNeeds()) == 0})
	case c.Risk() == RiskNone:
		list = append(list, rung{StateNoRisk, true})
	default:
		list = append(list, rung{StateNotifiedOffice, c.Risk() != "" && len(c.officeNeeds()) == 0})
		if c.Risk() == RiskHigh {
			list = append(list, rung{StateNotifiedSubjects, len(c.subjectsNeeds()) == 0})
		}
	}
	return append(list, rung{StateRecovered, c.Recovered != nil}, rung{StatePrevented, len(c.preventNeeds()) == 0})
}

// ExitReason is why the case left the way to notices by a side exit: not
// credible, not confirmed, no risk. Empty while it hasn't.
func (c Case) ExitReason() string {
	switch {
	case c.Credibility != nil && c.Credibility.Verdict == NotCredible:
		return c.Credibility.Reason
	case c.Established != nil && c.Established.Verdict == NotConfirmed:
		return c.Established.Reason
	case c.Risk() == RiskNone:
		return c.Assessments[len(c.Assessments)-1].Reason
	}
	return ""
}
