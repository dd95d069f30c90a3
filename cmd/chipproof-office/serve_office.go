package main

import (
	"context"
	"errors"
	"time"

	"chipproof/api"
	"chipproof/api/console"
	"chipproof/api/office"
	"chipproof/cmd/internal/program"
	"chipproof/doctor"
	"chipproof/exposure/job"
)

// served are the rows of all that the office serves.
func served() api.Table { return office.Problems() }

// build puts server, login and the office's own parts together.
func build(ctx context.Context, s *program.Site, p *program.Program, agency agencyFlags, mail mailFlags, rules api.OriginRules) (program.Serving, error) {
	logins, err := s.Logins(ctx)
	if err != nil {
		return program.Serving{}, err
	}
	server, err := api.NewServer(api.Options{
		Title:    office.Title,
		Version:  office.Version,
		Rules:    rules,
		Problems: p.Kind.ServedProblems(),
		Gates:    office.Gates(logins),
		Log:      p.Log,
		Now:      time.Now,
	})
	if err != nil {
		return program.Serving{}, err
	}
	b, err := bureauOf(ctx, s, agency)
	if err != nil {
		return program.Serving{}, err
	}
	beside, err := besideIncidents(b, mail, p.Log)
	if err != nil {
		return program.Serving{}, errors.Join(err, b.close())
	}
	manager := job.NewManager(b.runner(), p.Log)
	parts, err := b.office(manager)
	if err != nil {
		return program.Serving{}, errors.Join(err, b.close())
	}
	office.Mount(server, parts)
	pages, err := console.New(console.Options{Mode: rules.Mode, Parts: []console.Part{console.Common(), office.Pages(parts)}})
	if err != nil {
		return program.Serving{}, errors.Join(err, b.close())
	}
	pages.Register(server)
	s.RegisterShared(server, program.Shared{Logins: logins, Machine: doctor.Here(nil, program.ThisBuild().Time)})
	return program.Serving{Server: server, Beside: append(beside, manager.Run), Close: b.close}, nil
}
