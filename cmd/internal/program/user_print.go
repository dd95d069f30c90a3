package program

import (
	"fmt"
	"text/tabwriter"
	"time"

	"chipproof/api"
	"chipproof/mfa"
)

// invitationLine is what `user add` and `user reset` print as JSON.
type invitationLine struct {
	User  string   `json:"user"`
	Role  mfa.Role `json:"role"`
	Grant string   `json:"grant"`
}

func lineOfInvitation(i mfa.Invitation) invitationLine {
	return invitationLine{i.User.Name, i.User.Role, i.Grant.Reveal()}
}

// printInvitation shows a grant, once.
func (p *Program) printInvitation(i mfa.Invitation, asJSON bool) error {
	if asJSON {
		return PrintJSON(p.Out, lineOfInvitation(i))
	}
	_, err := fmt.Fprintf(p.Out, "%s\n%s\n", p.Say.line(api.Text{
		TH: fmt.Sprintf("บัญชี %s (%s) ลงทะเบียนด้วยรหัสนี้ครั้งเดียว ภายใน %s:", i.User.Name, i.User.Role, p.Moment(i.Ends)),
		EN: fmt.Sprintf("Account %s (%s) enrols with this grant, once, until %s:", i.User.Name, i.User.Role, p.Moment(i.Ends)),
	}, "\n"), i.Grant.Reveal())
	return err
}

// Moment is a time as people of this machine read it.
func (p *Program) Moment(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

// accountState is what an account is, in one word.
type accountState string

const (
	accountActive      accountState = "active"
	accountNotEnrolled accountState = "not_enrolled"
	accountThrottled   accountState = "throttled" // typed wrong too often; the wait runs
	accountLocked      accountState = "locked"    // typed wrong far too often; only unlock helps
	accountDisabled    accountState = "disabled"
)

func stateOf(a mfa.Account) accountState {
	switch {
	case !a.Disabled.IsZero():
		return accountDisabled
	case a.Locked:
		return accountLocked
	case !a.Waits.IsZero():
		return accountThrottled
	case !a.Enrolled:
		return accountNotEnrolled
	}
	return accountActive
}

func (s accountState) text() api.Text {
	switch s {
	case accountActive:
		return api.Text{TH: "ใช้งานได้", EN: "active"}
	case accountNotEnrolled:
		return api.Text{TH: "ยังไม่ลงทะเบียน", EN: "not enrolled"}
	case accountThrottled:
		return api.Text{TH: "รอเวลา พิมพ์ผิดหลายครั้ง", EN: "waits, typed wrong"}
	case accountLocked:
		return api.Text{TH: "ถูกล็อก ต้องปลดล็อก", EN: "locked until unlocked"}
	case accountDisabled:
		return api.Text{TH: "ปิดบัญชี", EN: "disabled"}
	}
	return api.Text{TH: string(s), EN: string(s)}
}

// accountLine is an account in `user list --json`, and what the commands about
// one account print.
type accountLine struct {
	User      string       `json:"user"`
	Role      mfa.Role     `json:"role"`
	State     accountState `json:"state"`
	Enrolled  bool         `json:"enrolled"`
	Created   time.Time    `json:"created"`
	LastLogin time.Time    `json:"last_login,omitzero"`
	Waits     time.Time    `json:"waits_until,omitzero"`
}

func lineOfAccount(a mfa.Account) accountLine {
	return accountLine{a.Name, a.Role, stateOf(a), a.Enrolled, a.Created, a.LastLogin, a.Waits}
}

func (p *Program) printAccounts(accounts []mfa.Account, asJSON bool) error {
	if asJSON {
		lines := []accountLine{}
		for _, a := range accounts {
			lines = append(lines, lineOfAccount(a))
		}
		return PrintJSON(p.Out, struct {
			Users []accountLine `json:"users"`
		}{lines})
	}
	table := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
	for _, a := range accounts {
		last := "–"
		if !a.LastLogin.IsZero() {
			last = p.Moment(a.LastLogin)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", a.Name, a.Role, last, p.Say.Label(stateOf(a).text()))
	}
	return table.Flush()
}

func (p *Program) printAccount(a mfa.Account, asJSON bool) error {
	if asJSON {
		return PrintJSON(p.Out, lineOfAccount(a))
	}
	return p.printAccounts([]mfa.Account{a}, asJSON)
}
