package program

import (
	"context"
	"errors"
	"fmt"

	"chipproof/mfa"
)

// UserCmd groups what is done about accounts. It acts for whoever can write the
// data folder; a clerk's account can't.
type UserCmd struct {
	Add     UserAddCmd     `cmd:"" help:"Make an account, and the one-time grant that its owner enrols with."`
	List    UserListCmd    `cmd:"" help:"List the accounts."`
	Disable UserDisableCmd `cmd:"" help:"Shut an account. Its sessions end at once."`
	Enable  UserEnableCmd  `cmd:"" help:"Open a shut account again, with the factors that it had."`
	Reset   UserResetCmd   `cmd:"" help:"Take away what a person has lost, and make a grant to enrol anew."`
	Unlock  UserUnlockCmd  `cmd:"" help:"Let an account that typed wrong too often try again."`
	Role    UserRoleCmd    `cmd:"" help:"Change what an account may do, from the next request on."`
	Sheet   UserSheetCmd   `cmd:"" help:"Make a new sealed sheet with the emergency code of the administrators. The old one is void."`
}

// UserAddCmd makes an account.
type UserAddCmd struct {
	Name string  `arg:"" help:"Name to log in with: letters (Thai ones too), digits and . _ - in between."`
	Role string  `required:"" help:"${role_help}" enum:"staff,dpo,admin" placeholder:"staff|dpo|admin"`
	JSON bool    `name:"json" help:"Print JSON."`
	Data DataDir `embed:""`
}

// Help is the long text of `user add --help`.
func (UserAddCmd) Help() string {
	return `The grant is shown this once. Hand it to the person and to nobody else: whoever has it sets the password and the app's key.`
}

// Run implements [Command].
func (c *UserAddCmd) Run(ctx context.Context, p *Program) error {
	invitation, err := OnSite(ctx, p, c.Data, func(s *Site) (mfa.Invitation, error) {
		return s.MFA.AddUser(ctx, s.By, c.Name, mfa.Role(c.Role))
	})
	if err != nil {
		return err
	}
	return p.printInvitation(invitation, c.JSON)
}

// UserListCmd lists the accounts.
type UserListCmd struct {
	JSON bool    `name:"json" help:"Print JSON."`
	Data DataDir `embed:""`
}

// Run implements [Command].
func (c *UserListCmd) Run(ctx context.Context, p *Program) error {
	accounts, err := OnSite(ctx, p, c.Data, func(s *Site) ([]mfa.Account, error) {
		return s.MFA.Accounts(ctx, s.By)
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
	Data DataDir `embed:""`
}

// alter does something to the account and prints what it has become.
func (a account) alter(ctx context.Context, p *Program, act func(*Site) error) error {
	became, err := OnSite(ctx, p, a.Data, func(s *Site) (mfa.Account, error) {
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

// UserDisableCmd shuts an account.
type UserDisableCmd struct {
	Account account `embed:""`
}

// Run implements [Command].
func (c *UserDisableCmd) Run(ctx context.Context, p *Program) error {
	return c.Account.alter(ctx, p, func(s *Site) error { return s.MFA.DisableUser(ctx, s.By, c.Account.Name) })
}

// UserEnableCmd opens a shut account again.
type UserEnableCmd struct {
	Account account `embed:""`
}

// Run implements [Command].
func (c *UserEnableCmd) Run(ctx context.Context, p *Program) error {
	return c.Account.alter(ctx, p, func(s *Site) error { return s.MFA.EnableUser(ctx, s.By, c.Account.Name) })
}

// UserUnlockCmd lets an account try again that typed wrong too often.
type UserUnlockCmd struct {
	Account account `embed:""`
}

// Run implements [Command].
func (c *UserUnlockCmd) Run(ctx context.Context, p *Program) error {
	return c.Account.alter(ctx, p, func(s *Site) error { return s.MFA.UnlockUser(ctx, s.By, c.Account.Name) })
}

// UserRoleCmd changes what an account may do.
type UserRoleCmd struct {
	Account account `embed:""`
	Role    string  `required:"" help:"${role_help}" enum:"staff,dpo,admin" placeholder:"staff|dpo|admin"`
}

// Run implements [Command].
func (c *UserRoleCmd) Run(ctx context.Context, p *Program) error {
	return c.Account.alter(ctx, p, func(s *Site) error {
		return s.MFA.SetRole(ctx, s.By, c.Account.Name, mfa.Role(c.Role))
	})
}

// UserResetCmd takes away what a person has lost.
type UserResetCmd struct {
	Account account `embed:""`
	Lost    string  `help:"What was lost: phone (and the backup codes; the password is asked for when enrolling), password (the app stays), both (you vouch for who it is, having seen the person). Default: ${default}." enum:"phone,password,both" default:"phone" placeholder:"phone|password|both"`
}

// Help is the long text of `user reset --help`.
func (UserResetCmd) Help() string {
	return `Ends the person's sessions, and their next login shows that it was done. See who asks, in person: a reset is how an account is taken over by telephone.`
}

// Run implements [Command].
func (c *UserResetCmd) Run(ctx context.Context, p *Program) error {
	invitation, err := OnSite(ctx, p, c.Account.Data, func(s *Site) (mfa.Invitation, error) {
		return s.MFA.ResetUser(ctx, s.By, c.Account.Name, mfa.Lost(c.Lost))
	})
	if err != nil {
		return err
	}
	return p.printInvitation(invitation, c.Account.JSON)
}

// UserSheetCmd makes a new sealed sheet.
type UserSheetCmd struct {
	JSON  bool    `name:"json" help:"Print JSON: {emergency_code}."`
	Sheet string  `help:"Write the sheet to this file (mode 0600), to print it, in place of the terminal. Delete the file afterwards." placeholder:"FILE"`
	Data  DataDir `embed:""`
}

// Run implements [Command].
func (c *UserSheetCmd) Run(ctx context.Context, p *Program) error {
	if c.Sheet != "" {
		if err := CheckTarget(c.Sheet, Keep); err != nil {
			return err
		}
	}
	code, err := OnSite(ctx, p, c.Data, func(s *Site) (mfa.Hidden, error) {
		return s.MFA.NewEmergencyCode(ctx, s.By)
	})
	if err != nil {
		return err
	}
	sheet := p.sealedSheet(code)
	if c.Sheet != "" {
		err = WriteFile(c.Sheet, []byte(sheet), Keep)
	}
	switch {
	case c.JSON:
		return errors.Join(err, PrintJSON(p.Out, struct {
			EmergencyCode string `json:"emergency_code"`
		}{code.Reveal()}))
	case c.Sheet == "":
		_, err = fmt.Fprint(p.Out, sheet)
	}
	return err
}
