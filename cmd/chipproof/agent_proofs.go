package main

import (
	"context"
	"crypto"
	"fmt"
	"time"

	"chipproof/cmd/internal/program"
	"chipproof/proofing"
	"chipproof/proofing/issuer"
	"chipproof/proofing/proof"
)

// readyToProve makes sure at the start of what a proofing needs later: a key that
// signs, in a file that nobody else reads, and the policy on record. Errors: those
// of [proofKeys.read], [keyring.ErrNoKey], [counterstore.ErrPolicyVersionUsed],
// [audit.ErrUnavailable].
func (a agent) readyToProve(ctx context.Context) error {
	if _, err := a.proofKeys().signer(); err != nil {
		return fmt.Errorf("look at the key for proofs: %w", err)
	}
	policy := a.proofs.policy
	return a.site.records.UsePolicy(ctx, a.site.asActor(), policy.Version, policy.Digest(), policy.Content(), time.Now())
}

func (a agent) proofKeys() proofKeys { return proofKeys{a.site.KeyDir, proofMode(a.mode)} }

// signing is how this agent signs: as whom, and with which key at that moment.
func (a agent) signing(ctx context.Context) (*proofing.Signing, error) {
	id := a.proofs.agentID
	if id == "" {
		var err error
		if id, err = a.site.records.AgentID(ctx); err != nil {
			return nil, err
		}
	}
	build := program.ThisBuild()
	return &proofing.Signing{
		Mode:   proofMode(a.mode),
		Issuer: a.proofs.issuer,
		Agent:  proof.Agent{ID: id, Version: build.Version, Build: build.Revision, KeyStorage: "software"},
		Key:    func() (crypto.Signer, error) { return a.proofKeys().signer() },
		Now:    time.Now,
	}, nil
}

// published is the key set that this agent shows.
func (a agent) published(context.Context) (proof.KeySet, error) {
	keys, err := a.proofKeys().published()
	if err != nil {
		return proof.KeySet{}, fmt.Errorf("%w: %w", proofing.ErrKeyUnavailable, err)
	}
	return keys, nil
}

// checker is whom to ask about a card: nobody is nil, which a nil client in an
// interface would not be.
func (p proofs) checker() issuer.Checker {
	if p.dopa == nil {
		return nil
	}
	return p.dopa
}
