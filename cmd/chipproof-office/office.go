package main

import (
	"context"
	"crypto/rand"
	"time"

	"chipproof/api/office"
	"chipproof/breach/letters"
	"chipproof/breach/reading"
	"chipproof/cmd/internal/program"
	"chipproof/exposure"
	"chipproof/exposure/job"
	officestore "chipproof/store/office"
)

// bureau is an open data folder with the office's rows in it: what commands and
// `serve` work with.
type bureau struct {
	*program.Site
	agency    agencyFlags
	key       exposure.Key
	allow     exposure.Allow // work contacts
	scans     watched
	tasks     *officestore.Tasks
	assets    *officestore.Assets
	incidents *officestore.Incidents
	scanner   *exposure.Scanner // reads what an officer writes
	mailer    office.Mailer     // nil where no mail server is set up
}

// bureauOf is over a folder that is open already. Whoever gets one closes it,
// which leaves the folder open.
func bureauOf(ctx context.Context, s *program.Site, agency agencyFlags) (*bureau, error) {
	key, err := officestore.ExposureKey(ctx, s.Store, s.Audit, s.Rings[program.RingSecrets], job.Actor{ID: s.Actor}, rand.Reader, time.Now())
	if err != nil {
		return nil, err
	}
	maker, err := agency.maker()
	if err != nil {
		return nil, err
	}
	allow, err := agency.allow()
	if err != nil {
		return nil, err
	}
	scanner, err := exposure.NewScanner(exposure.Options{Key: key, Now: time.Now})
	if err != nil {
		return nil, err
	}
	incidents := officestore.NewIncidents(s.Store, s.Audit, officestore.IncidentOptions{
		Reader: reading.New(scanner), Own: maker.Agency.Own(), Clock: time.Now,
	})
	return &bureau{
		Site: s, agency: agency, key: key, allow: allow, scanner: scanner,
		scans:     watched{officestore.NewScans(s.Store, s.Audit, key, time.Now), incidents},
		tasks:     officestore.NewTasks(s.Store, s.Audit, key),
		assets:    officestore.NewAssets(s.Store, s.Audit),
		incidents: incidents,
	}, nil
}

func (b *bureau) close() error { return b.scanner.Close() }

// runner runs scans in this program's name.
func (b *bureau) runner() *job.Runner {
	return job.NewRunner(job.Options{
		Ledger: b.scans, Places: b.scans, Holds: b.scans, Key: b.key, Version: program.ThisBuild().Version, Now: time.Now, Allow: b.allow,
	})
}

// office is what is served, scans run by runs.
func (b *bureau) office(runs office.Runs) (office.Office, error) {
	exposures, err := office.NewExposures(office.ExposureOptions{
		Scans: b.scans, Files: b.scans, Findings: b.scans, Trend: b.scans, Tasks: b.tasks, TaskActs: b.tasks, Assets: b.assets,
		Imports: b.scans, Runs: runs, Owners: b.owners, Key: b.key,
		Letterhead: b.agency.letterhead(), Contact: b.agency.contact(), Now: time.Now,
	})
	if err != nil {
		return office.Office{}, err
	}
	incidents, err := office.NewIncidents(office.IncidentOptions{
		Rows: b.incidents, Acts: b.incidents, Proposals: b.incidents, Reader: reading.New(b.scanner), Mailer: b.mailer, Now: time.Now,
		Letters: func(context.Context) (letters.Maker, error) { return b.agency.maker() },
	})
	if err != nil {
		return office.Office{}, err
	}
	return office.Office{Exposures: exposures, Incidents: incidents}, nil
}

// owners are the accounts that a task can be given to: those that are not shut.
func (b *bureau) owners(ctx context.Context) ([]office.Owner, error) {
	accounts, err := b.MFA.Accounts(ctx, b.By)
	if err != nil {
		return nil, err
	}
	var list []office.Owner
	for _, a := range accounts {
		if a.Disabled.IsZero() {
			list = append(list, office.Owner{ID: a.ID, Name: a.Name, Role: string(a.Role)})
		}
	}
	return list, nil
}
