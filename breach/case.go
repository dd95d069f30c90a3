package breach

import (
	"fmt"
	"slices"
)

// Case is an incident as its events tell it. Read it; only a [Keeper] adds to it.
type Case struct {
	ID       string
	Settings Settings
	Events   []Event

	Report       Reported
	ReportedAt   Moment // as last corrected
	AwareAt      Moment // as last corrected
	Links        []Linked
	Credibility  *Credibility
	Facts        []Fact
	Checklists   map[Area]Checklist
	Nature       *Nature
	Established  *Established
	Assessments  []Assessment
	Actions      []Action
	Contained    *Contained
	Orders       []Order
	Contact      *Contact
	Notices      []Notice
	Explained    *DelayExplained
	Decisions    []OfficeDecided
	Prepared     *SubjectsPrepared
	Lists        []List
	Published    []Publication
	Told         *ControllerTold
	Acknowledged *ControllerAcknowledged
	Recovered    *Recovered
	Tasks        []Task
	Reviewed     *Reviewed
	Documents    []DocumentAttached
	ClosedAt     Moment // zero while the case is open

	// When what meets a duty was first recorded, by our clock.
	judgedAt, credibleAt, establishedAt, confirmedAt, containedAt, highAt Moment
	deliveredAt, reachedAt, recoveredAt, preventedAt, reviewedAt          Moment
	documentedAt                                                          Moment
	checkedAt                                                             map[Area]Moment
}

// Replay makes a case of its whole history. Every event is judged again as it
// was when it was added, so that a history which nobody could have written is
// found out. Error: [ErrHistoryBroken].
func Replay(events []Event, s Settings) (Case, error) {
	if len(events) == 0 {
		return Case{}, fmt.Errorf("replay incident: %w: no event", ErrHistoryBroken)
	}
	c := Case{ID: events[0].Incident, Settings: s}
	for i, e := range events {
		if e.Body == nil || e.Incident != c.ID || e.Number != i+1 {
			return Case{}, fmt.Errorf("replay incident: %w: event %d", ErrHistoryBroken, i+1)
		}
		if err := c.admit(e); err != nil {
			return Case{}, fmt.Errorf("replay incident: %w: event %d: %w", ErrHistoryBroken, i+1, err)
		}
		e.Body.apply(&c, e)
		c.Events = append(c.Events, e)
	}
	return c, nil
}

// admit says why a case can't take an event.
func (c *Case) admit(e Event) error {
	if err := e.wellFormed(); err != nil {
		return err
	}
	kind := e.Body.Kind()
	switch {
	case e.Rules != RuleSet:
		return fmt.Errorf("%s: %w: rules of another version", kind, ErrEventInvalid)
	case len(c.Events) == 0 && kind != KindReported:
		return fmt.Errorf("%s: %w: a case begins with its report", kind, ErrEventInvalid)
	case !c.ClosedAt.IsZero() && kind != KindReopened:
		return &RefusedError{kind, WhyClosed}
	}
	return e.Body.check(c, e.At)
}

func (c *Case) credible() bool { return c.Credibility != nil && c.Credibility.Verdict == Credible }

func (c *Case) confirmed() bool {
	return c.credible() && c.Established != nil && c.Established.Verdict == Confirmed
}

// dropped says that the case has left by a side exit: there was no breach.
func (c *Case) dropped() bool {
	return c.Credibility != nil && c.Credibility.Verdict == NotCredible ||
		c.Established != nil && c.Established.Verdict == NotConfirmed
}

// Risk is the officer's last decision; empty while there is none, which counts
// as risk.
func (c Case) Risk() Risk {
	if len(c.Assessments) == 0 {
		return ""
	}
	return c.Assessments[len(c.Assessments)-1].Risk
}

// notice is the notice to the Office that counts: the first with a receipt, or
// the first of all while none has one.
func (c *Case) notice() *Notice {
	if len(c.Notices) == 0 {
		return nil
	}
	i := slices.IndexFunc(c.Notices, func(n Notice) bool { return n.Receipt != nil })
	return &c.Notices[max(i, 0)]
}

// Timing is how a notice to the Office stands to its clocks (B16, B17).
type Timing string

// The timings; exactly 72 hours and exactly 15 days are in time.
const (
	TimingInTime    Timing = "in_time"
	TimingLate      Timing = "late"
	TimingOutOfTime Timing = "out_of_time"
)

// Timing says how the notice to the Office stands to the clocks, empty while
// there is none.
func (c Case) Timing() Timing {
	n := c.notice()
	switch {
	case n == nil:
		return ""
	case n.SentAt.After(c.AwareAt.Add(DelayClock)):
		return TimingOutOfTime
	case n.SentAt.After(c.AwareAt.Add(NoticeClock)):
		return TimingLate
	}
	return TimingInTime
}
