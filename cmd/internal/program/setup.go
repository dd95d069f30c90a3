package program

import (
	"context"
	"fmt"
	"os"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/mfa"
)

// SetupCmd makes the data folder.
type SetupCmd struct {
	User  string  `help:"Name of the first administrator. Default: ${default}." default:"admin" placeholder:"NAME"`
	JSON  bool    `name:"json" help:"Print one JSON object and nothing else: {user, role, grant, emergency_code}."`
	Sheet string  `help:"Write the sealed sheet to this file (mode 0600), to print it, in place of the terminal. Delete the file afterwards." placeholder:"FILE"`
	Data  DataDir `embed:""`
}

// Help is the long text of `setup --help`.
func (SetupCmd) Help() string {
	return `Makes the data folder for this account alone (mode 0700), with the database, the keys and the first administrator. Root makes one only where no other account can change anything; for a service's account run it as that account (sudo -u NAME ${program} setup).

It prints, this once, the grant that the administrator enrols with (until then nobody can log in) and the sealed sheet with the emergency code. A folder that holds data already is refused and left as it is.`
}

// First is what setup makes and shows once.
type First struct {
	Invitation mfa.Invitation
	Emergency  mfa.Hidden
}

// Run implements [Command].
func (c *SetupCmd) Run(ctx context.Context, p *Program) error {
	if c.Sheet != "" {
		if err := CheckTarget(c.Sheet, Keep); err != nil {
			return err
		}
	}
	dir, err := c.Data.find(p.Kind)
	if err != nil {
		return err
	}
	if err := c.Data.trusted(p.Kind, dir); err != nil {
		return fmt.Errorf("make data folder %s: %w", dir, err)
	}
	var made First
	err = CreateSite(ctx, p.Kind, dir, c.Data.keys(dir), func(s *Site) (err error) {
		made, err = s.Begin(ctx, c.User)
		return err
	})
	if err != nil {
		return err
	}
	return c.print(p, dir, made)
}

// Begin makes the first administrator of an empty site.
func (s *Site) Begin(ctx context.Context, user string) (First, error) {
	if err := s.MFA.InitKeys(ctx); err != nil {
		return First{}, err
	}
	if err := s.Record(ctx, audit.Event{Kind: audit.KindSetUp}); err != nil {
		return First{}, err
	}
	invitation, err := s.MFA.AddUser(ctx, s.By, user, mfa.RoleAdmin)
	if err != nil {
		return First{}, err
	}
	emergency, err := s.MFA.NewEmergencyCode(ctx, s.By)
	if err != nil {
		return First{}, err
	}
	if s.kind.Begun != nil {
		if err := s.kind.Begun(ctx, s); err != nil {
			return First{}, err
		}
	}
	return First{invitation, emergency}, nil
}

func (c *SetupCmd) print(p *Program, dir string, made First) error {
	if c.JSON {
		if err := PrintJSON(p.Out, struct {
			User          string   `json:"user"`
			Role          mfa.Role `json:"role"`
			Grant         string   `json:"grant"`
			EmergencyCode string   `json:"emergency_code"`
		}{made.Invitation.User.Name, made.Invitation.User.Role, made.Invitation.Grant.Reveal(), made.Emergency.Reveal()}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(p.Out, "%s: %s\n", p.Say.Label(api.Text{TH: "โฟลเดอร์ข้อมูล", EN: "data folder"}), dir)
		if err := p.printInvitation(made.Invitation, false); err != nil {
			return err
		}
	}
	sheet := p.sealedSheet(made.Emergency)
	switch {
	case c.Sheet != "":
		return WriteFile(c.Sheet, []byte(sheet), Keep)
	case c.JSON:
		return nil
	}
	_, err := fmt.Fprintf(p.Out, "\n%s", sheet)
	return err
}

func hostName() string {
	name, err := os.Hostname()
	if err != nil {
		return "?"
	}
	return Shown(name)
}
