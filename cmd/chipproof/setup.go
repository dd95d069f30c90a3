package main

import (
	"context"
	"fmt"
	"os"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/mfa"
)

type setupCmd struct {
	User  string  `help:"Name of the first administrator. Default: ${default}." default:"admin" placeholder:"NAME"`
	JSON  bool    `name:"json" help:"Print one JSON object and nothing else: {user, role, grant, emergency_code}."`
	Sheet string  `help:"Write the sealed sheet to this file (mode 0600), to print it, in place of the terminal. Delete the file afterwards." placeholder:"FILE"`
	Data  dataDir `embed:""`
}

// Help is the long text of `setup --help`.
func (setupCmd) Help() string {
	return `Makes the data folder for this account alone (mode 0700), with the database, the keys and the first administrator. Root makes one only where no other account can change anything; for a service's account run it as that account (sudo -u NAME chipproof setup).

It prints, this once, the grant that the administrator enrols with (until then nobody can log in) and the sealed sheet with the emergency code. A folder that holds data already is refused and left as it is.`
}

// first is what setup makes and shows once.
type first struct {
	invitation mfa.Invitation
	emergency  mfa.Hidden
}

func (c *setupCmd) run(ctx context.Context, p *program) error {
	if c.Sheet != "" {
		if err := checkTarget(c.Sheet, keep); err != nil {
			return err
		}
	}
	dir, err := c.Data.path(dataPaths(), privileged())
	if err != nil {
		return err
	}
	if err := c.Data.trusted(dir); err != nil {
		return fmt.Errorf("make data folder %s: %w", dir, err)
	}
	var made first
	err = createSite(ctx, dir, c.Data.keys(dir), func(s *site) (err error) {
		made, err = s.begin(ctx, c.User)
		return err
	})
	if err != nil {
		return err
	}
	return c.print(p, dir, made)
}

// begin makes the first administrator of an empty site.
func (s *site) begin(ctx context.Context, user string) (first, error) {
	if err := s.mfa.InitKeys(ctx); err != nil {
		return first{}, err
	}
	if err := s.record(ctx, audit.Event{Kind: audit.KindSetUp}); err != nil {
		return first{}, err
	}
	invitation, err := s.mfa.AddUser(ctx, s.by, user, mfa.RoleAdmin)
	if err != nil {
		return first{}, err
	}
	emergency, err := s.mfa.NewEmergencyCode(ctx, s.by)
	if err != nil {
		return first{}, err
	}
	for _, name := range proofRingNames() {
		k := s.proofKeys(name)
		ring, err := k.read()
		if err != nil {
			return first{}, err
		}
		if err := s.recordProofKeys(ctx, k, ring); err != nil {
			return first{}, err
		}
	}
	return first{invitation, emergency}, nil
}

func (c *setupCmd) print(p *program, dir string, made first) error {
	if c.JSON {
		if err := printJSON(p.out, struct {
			User          string   `json:"user"`
			Role          mfa.Role `json:"role"`
			Grant         string   `json:"grant"`
			EmergencyCode string   `json:"emergency_code"`
		}{made.invitation.User.Name, made.invitation.User.Role, made.invitation.Grant.Reveal(), made.emergency.Reveal()}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(p.out, "%s: %s\n", p.say.label(api.Text{TH: "โฟลเดอร์ข้อมูล", EN: "data folder"}), dir)
		if err := p.printInvitation(made.invitation, false); err != nil {
			return err
		}
	}
	sheet := p.sealedSheet(made.emergency)
	switch {
	case c.Sheet != "":
		return writeFile(c.Sheet, []byte(sheet), keep)
	case c.JSON:
		return nil
	}
	_, err := fmt.Fprintf(p.out, "\n%s", sheet)
	return err
}

func hostName() string {
	name, err := os.Hostname()
	if err != nil {
		return "?"
	}
	return shown(name)
}
