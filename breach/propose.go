package breach

import (
	"errors"
	"fmt"
	"time"
)

var (
	// ErrProposalUnknown is for a proposal that the register doesn't have.
	ErrProposalUnknown = errors.New("proposal unknown")
	// ErrProposalSettled is for a proposal that somebody accepted or dismissed before.
	ErrProposalSettled = errors.New("proposal settled already")
)

// Alarm is what makes our own programs propose an incident.
type Alarm string

// The alarms.
const (
	AlarmLogins  Alarm = "failed_logins"  // many tries at one account, or at names that nobody has
	AlarmAudit   Alarm = "audit_failed"   // the audit log didn't verify
	AlarmGuard   Alarm = "guard_attacked" // many requests of one origin were refused
	AlarmFinding Alarm = "severe_finding" // a scan found data of severity high or critical
)

// Counted is what was counted of one thing: no person, but ids and numbers.
type Counted struct {
	Alarm        Alarm
	Of           string // account, origin or target by its id; empty for the log itself, or names that nobody has
	Number       int    // tries, refusals, findings, problems
	Since, Until Moment // the first and the last of them
	// Sign tells one state of the same thing from another, as which values a
	// target holds. Empty: what was counted on one day of Thailand is one state.
	Sign  string
	Links []Linked // evidence
}

// Limits are from how many on something is worth a proposal. Others than these
// are proposed from the first.
type Limits struct {
	Logins   int // failed at one account within the window
	Refusals int // of one origin within the window
	Window   time.Duration
}

// ShippedLimits are those of an agency that has set none: far above what a
// forgotten password or a page set up wrongly gives.
func ShippedLimits() Limits { return Limits{Logins: 20, Refusals: 200, Window: 24 * time.Hour} }

// ProposalState is what became of a proposal.
type ProposalState string

// The states.
const (
	ProposalOpen      ProposalState = "open"
	ProposalAccepted  ProposalState = "accepted"
	ProposalDismissed ProposalState = "dismissed"
)

// Proposal says that something may be an incident. An officer accepts it, which
// opens one with its evidence, or dismisses it with a reason.
type Proposal struct {
	ID    string `json:"id" doc:"The proposal's number" example:"p-2026-0001"`
	Alarm Alarm  `json:"alarm" doc:"What was noticed"`
	Of    string `json:"of" doc:"The account, web origin or target, by its id; empty for the log itself"`
	// Key is the same for the same state of the same thing; it is proposed once.
	Key       string        `json:"-"`
	Number    int           `json:"number" doc:"How much of it there is"`
	Since     Moment        `json:"since" doc:"When it was first noticed"`
	Until     Moment        `json:"until" doc:"When it was noticed last"`
	Links     []Linked      `json:"links" doc:"What it rests on"`
	State     ProposalState `json:"state" doc:"Whether somebody has settled it"`
	At        Moment        `json:"at" doc:"When it was proposed"`
	SettledBy string        `json:"settled_by,omitzero" doc:"Id of the user who settled it"`
	SettledAt Moment        `json:"settled_at,omitzero" doc:"When it was settled"`
	Reason    string        `json:"reason,omitzero" doc:"Why it was dismissed"`
	Incident  string        `json:"incident,omitzero" doc:"The incident that it became"`
}

// ProposalID is the name of the n-th proposal of a year of the common era.
func ProposalID(year, n int) string { return fmt.Sprintf("p-%04d-%04d", year, n) }

// Propose says which of the counted things are worth an incident: the same
// counts and limits, the same proposals. The register gives them their ids.
func Propose(counted []Counted, l Limits, now time.Time) []Proposal {
	out := []Proposal{}
	for _, c := range counted {
		if c.Number < c.Alarm.from(l) {
			continue
		}
		sign := c.Sign
		if sign == "" {
			sign = c.Until.Time().Format(time.DateOnly)
		}
		out = append(out, Proposal{
			Alarm: c.Alarm, Of: c.Of, Key: string(c.Alarm) + " " + c.Of + " " + sign, Number: c.Number,
			Since: c.Since, Until: c.Until, Links: c.Links, State: ProposalOpen, At: At(now),
		})
	}
	return out
}

func (a Alarm) from(l Limits) int {
	switch a {
	case AlarmLogins:
		return max(l.Logins, 1)
	case AlarmGuard:
		return max(l.Refusals, 1)
	}
	return 1
}

// Report is the report that an accepted proposal begins with, for the officer to
// change before accepting.
func (p Proposal) Report() Reported {
	source := FromSystem
	if p.Alarm == AlarmFinding {
		source = FromScanner
	}
	return Reported{Title: alarmTitles[p.Alarm], Role: RoleController, Source: source, ReportedAt: p.At}
}

var alarmTitles = map[Alarm]string{
	AlarmLogins:  "พยายามเข้าระบบไม่สำเร็จซ้ำหลายครั้ง",
	AlarmAudit:   "ตรวจสอบบันทึกการใช้งานแล้วพบว่าไม่ถูกต้อง",
	AlarmGuard:   "มีคำขอที่ถูกปฏิเสธจำนวนมากจากที่มาเดียวกัน",
	AlarmFinding: "สแกนพบข้อมูลส่วนบุคคลความรุนแรงสูง",
}

// Accept makes an incident of a proposal: its report, and its evidence linked.
// Errors: [ErrProposalSettled], those of [Keeper.Record].
func (k Keeper) Accept(p Proposal, id string, report Reported, by string, now time.Time) (Proposal, Case, error) {
	if p.State != ProposalOpen {
		return p, Case{}, fmt.Errorf("accept proposal: %w", ErrProposalSettled)
	}
	c, _, err := k.Open(id, report, by, now)
	if err != nil {
		return p, Case{}, fmt.Errorf("accept proposal: %w", err)
	}
	for _, l := range p.Links {
		if c, _, err = k.Record(c, l, by, now); err != nil {
			return p, Case{}, fmt.Errorf("accept proposal: %w", err)
		}
	}
	p.State, p.Incident, p.SettledBy, p.SettledAt = ProposalAccepted, id, by, At(now)
	return p, c, nil
}

// kindDismissed names the fields of a dismissal in a [FieldsError].
const kindDismissed Kind = "dismissed"

// Dismiss settles a proposal without an incident. Errors: [ErrProposalSettled],
// [ErrEventInvalid] without a reason, [ErrTextExposes].
func (k Keeper) Dismiss(p Proposal, reason, by string, now time.Time) (Proposal, error) {
	if p.State != ProposalOpen {
		return p, fmt.Errorf("dismiss proposal: %w", ErrProposalSettled)
	}
	f := form{kind: kindDismissed}
	f.text("reason", reason)
	f.text("by", by)
	if err := f.err(); err != nil {
		return p, fmt.Errorf("dismiss proposal: %w", err)
	}
	if err := k.checkTexts(reason); err != nil {
		return p, fmt.Errorf("dismiss proposal: %w", err)
	}
	p.State, p.Reason, p.SettledBy, p.SettledAt = ProposalDismissed, reason, by, At(now)
	return p, nil
}
