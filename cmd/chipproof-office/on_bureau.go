package main

import (
	"context"
	"errors"

	"chipproof/cmd/internal/program"
	"chipproof/exposure/job"
)

// onBureau opens the data folder with the office's rows for one act of whoever
// runs the command. `serve` may run beside it.
func onBureau[T any](ctx context.Context, p *program.Program, d program.DataDir, agency agencyFlags, act func(*bureau) (T, error)) (T, error) {
	return program.OnSite(ctx, p, d, func(s *program.Site) (done T, err error) {
		b, err := bureauOf(ctx, s, agency)
		if err != nil {
			return done, err
		}
		defer func() { err = errors.Join(err, b.close()) }()
		return act(b)
	})
}

// by is in whose name the command acts.
func (b *bureau) by() job.Actor { return job.Actor{ID: b.Actor} }

// names are those of the accounts, by their ids.
func (b *bureau) names(ctx context.Context) (map[string]string, error) {
	accounts, err := b.MFA.Accounts(ctx, b.By)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, a := range accounts {
		names[a.ID] = a.Name
	}
	return names, nil
}
