package main

import (
	"context"
	"errors"
	"fmt"

	"chipproof/mfa"
)

// userCmd groups what is done about accounts. It acts for whoever can write the
// data folder; a clerk's account can't.
type userCmd struct {
	Add     userAddCmd     `cmd:"" help:"Make an account, and the one-time grant that its owner enrols with."`
	List    userListCmd    `cmd:"" help:"List the accounts."`
	Disable userDisableCmd `cmd:"" help:"Shut an account. Its sessions end at once."`
	Enable  userEnableCmd  `cmd:"" help:"Open a shut account again, with the factors that it had."`
	Reset   userResetCmd   `cmd:"" help:"Take away what a person has lost, and make a grant to enrol anew."`
	Unlock  userUnlockCmd  `cmd:"" help:"Let an account that typed wrong too often try again."`
	Role    userRoleCmd    `cmd:"" help:"Change what an account may do, from the next request on."`
	Sheet   userSheetCmd   `cmd:"" help:"Make a new sealed sheet with the emergency code of the administrators. The old one is void."`
}

const roleHelp = `What the person may do: staff (serves at the counter), dpo (data protection officer: reads the audit log) or admin.`

type userAddCmd struct {
	Name string  `arg:"" help:"Name to log in with: letters (Thai ones too), digits and . _ - in between."`
	Role string  `required:"" help:"${role_help}" enum:"staff,dpo,admin" placeholder:"staff|dpo|admin"`
	JSON bool    `name:"json" help:"Print JSON."`
	Data dataDir `embed:""`
}

// Help is the long text of `user add --help`.
func (userAddCmd) Help() string {
	return `The grant is shown this once. Hand it to the person and to nobody else: whoever has it sets the password and the app's key.`
}

func (c *userAddCmd) run(ctx context.Context, p *program) error {
	invitation, err := onSite(ctx, p, c.Data, func(s *site) (mfa.Invitation, error) {
		return s.mfa.AddUser(ctx, s.by, c.Name, mfa.Role(c.Role))
	})
	if err != nil {
		return err
	}
	return p.printInvitation(invitation, c.JSON)
}

type userListCmd struct {
	JSON bool    `name:"json" help:"Print JSON."`
	Data dataDir `embed:""`
}

func (c *userListCmd) run(ctx context.Context, p *program) error {
	accounts, err := onSite(ctx, p, c.Data, func(s *site) ([]mfa.Account, error) {
		return s.mfa.Accounts(ctx, s.by)
	})
	if err != nil {
		return err
	}
	return p.printAccounts(accounts, c.JSON)
}

// account is what commands about one account share.
type account struct {
	Name string  `arg:"" help:"Name that the person logs in with."`
	JSON bool    `name:"json" help:"Print JSON."`
	Data dataDir `embed:""`
}

// alter does something to the account and prints what it has become.
func (a account) alter(ctx context.Context, p *program, act func(*site) error) error {
	became, err := onSite(ctx, p, a.Data, func(s *site) (mfa.Account, error) {
		if err := act(s); err != nil {
			return mfa.Account{}, err
		}
		return s.account(ctx, a.Name)
	})
	if err != nil {
		return err
	}
	return p.printAccount(became, a.JSON)
}

type userDisableCmd struct {
	Account account `embed:""`
}

func (c *userDisableCmd) run(ctx context.Context, p *program) error {
	return c.Account.alter(ctx, p, func(s *site) error { return s.mfa.DisableUser(ctx, s.by, c.Account.Name) })
}

type userEnableCmd struct {
	Account account `embed:""`
}

func (c *userEnableCmd) run(ctx context.Context, p *program) error {
	return c.Account.alter(ctx, p, func(s *site) error { return s.mfa.EnableUser(ctx, s.by, c.Account.Name) })
}

type userUnlockCmd struct {
	Account account `embed:""`
}

func (c *userUnlockCmd) run(ctx context.Context, p *program) error {
	return c.Account.alter(ctx, p, func(s *site) error { return s.mfa.UnlockUser(ctx, s.by, c.Account.Name) })
}

type userRoleCmd struct {
	Account account `embed:""`
	Role    string  `required:"" help:"${role_help}" enum:"staff,dpo,admin" placeholder:"staff|dpo|admin"`
}

func (c *userRoleCmd) run(ctx context.Context, p *program) error {
	return c.Account.alter(ctx, p, func(s *site) error {
		return s.mfa.SetRole(ctx, s.by, c.Account.Name, mfa.Role(c.Role))
	})
}

type userResetCmd struct {
	Account account `embed:""`
	Lost    string  `help:"What was lost: phone (and the backup codes; the password is asked for when enrolling), password (the app stays), both (you vouch for who it is, having seen the person). Default: ${default}." enum:"phone,password,both" default:"phone" placeholder:"phone|password|both"`
}

// Help is the long text of `user reset --help`.
func (userResetCmd) Help() string {
	return `Ends the person's sessions, and their next login shows that it was done. See who asks, in person: a reset is how an account is taken over by telephone.`
}

func (c *userResetCmd) run(ctx context.Context, p *program) error {
	invitation, err := onSite(ctx, p, c.Account.Data, func(s *site) (mfa.Invitation, error) {
		return s.mfa.ResetUser(ctx, s.by, c.Account.Name, mfa.Lost(c.Lost))
	})
	if err != nil {
		return err
	}
	return p.printInvitation(invitation, c.Account.JSON)
}

type userSheetCmd struct {
	JSON  bool    `name:"json" help:"Print JSON: {emergency_code}."`
	Sheet string  `help:"Write the sheet to this file (mode 0600), to print it, in place of the terminal. Delete the file afterwards." placeholder:"FILE"`
	Data  dataDir `embed:""`
}

func (c *userSheetCmd) run(ctx context.Context, p *program) error {
	if c.Sheet != "" {
		if err := checkTarget(c.Sheet, keep); err != nil {
			return err
		}
	}
	code, err := onSite(ctx, p, c.Data, func(s *site) (mfa.Hidden, error) {
		return s.mfa.NewEmergencyCode(ctx, s.by)
	})
	if err != nil {
		return err
	}
	sheet := p.sealedSheet(code)
	if c.Sheet != "" {
		err = writeFile(c.Sheet, []byte(sheet), keep)
	}
	switch {
	case c.JSON:
		return errors.Join(err, printJSON(p.out, struct {
			EmergencyCode string `json:"emergency_code"`
		}{code.Reveal()}))
	case c.Sheet == "":
		_, err = fmt.Fprint(p.out, sheet)
	}
	return err
}
