package main

import (
	"context"

	"chipproof/audit"
	"chipproof/breach"
	"chipproof/cmd/internal/program"
)

// proposeUnverified proposes an incident when this program's own audit log didn't
// verify: whoever changes a log hides something.
func proposeUnverified(ctx context.Context, p *program.Program, d program.DataDir, found audit.Result) error {
	entries := ""
	if len(found.Problems) > 0 {
		entries = found.Problems[0].Entries
	}
	_, err := onRegister(ctx, p, d, agencyFlags{}, func(r *register) ([]breach.Proposal, error) {
		return r.ProposeFromAudit(ctx, max(len(found.Problems)+found.More, 1), entries)
	})
	return err
}
