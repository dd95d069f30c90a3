package main

import (
	"context"
	"errors"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/cmd/internal/program"
	"chipproof/proofing/proof"
	"chipproof/store"
)

// kind is this program, for all that the two of them share.
func kind() program.Kind {
	return program.Kind{
		Name:        "chipproof",
		Description: description,
		Env:         "CHIPPROOF",
		Store:       store.Counter,
		Citizens:    true,
		Desk:        true,
		Secrets:     []string{store.ProofKeyFile, store.ProofTestKeyFile},
		MakeKeys:    makeProofKeyFiles,
		Begun:       recordFirstProofKeys,
		Restored:    completeProofKeys,
		Own:         proofProblems(),
		Served:      counter.Problems(),
		Texts: program.Texts{
			Roles: `What the person may do: staff (serves at the counter), dpo (data protection officer: reads the audit log) or admin.`,
			Returned: api.Text{
				TH: "ไม่มีฐานข้อมูลเดิมที่เทียบได้: ผู้ใช้ที่ปิดไปแล้ว เว็บไซต์ที่เพิกถอน และปัจจัยที่ถอดหลังสำรองข้อมูล กลับมาใช้ได้อีก ตรวจด้วย chipproof user list และ chipproof origin list",
				EN: "no former database to compare with: accounts disabled, web sites revoked and factors removed since the backup are good again; look with chipproof user list and chipproof origin list",
			},
		},
		Vars: helpVars(),
	}
}

func makeProofKeyFiles(keyDir string) error {
	for _, mode := range []proof.Mode{proof.Production, proof.Test} {
		if _, err := (proofKeys{keyDir, mode}).make(); err != nil {
			return err
		}
	}
	return nil
}

// recordFirstProofKeys writes down which keys for proofs a new site begins with.
func recordFirstProofKeys(ctx context.Context, opened *program.Site) error {
	s := counterSite(opened)
	for _, name := range proofRingNames() {
		k := s.proofKeys(name)
		ring, err := k.read()
		if err != nil {
			return err
		}
		if err := s.recordProofKeys(ctx, k, ring); err != nil {
			return err
		}
	}
	return nil
}

// completeProofKeys makes what no backup has: the keys for proofs, on a machine
// that has none. Relying parties must be handed the new ones.
func completeProofKeys(ctx context.Context, opened *program.Site) error {
	s := counterSite(opened)
	var failed error
	for _, ring := range proofRingNames() {
		k := s.proofKeys(ring)
		if _, err := k.read(); errors.Is(err, errProofKeyMissing) {
			failed = errors.Join(failed, s.makeProofKeys(ctx, k))
		}
	}
	return failed
}
