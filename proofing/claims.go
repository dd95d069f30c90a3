package proofing

import (
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

// proofOf turns a proofing that was recorded into the proof of it (proof §2),
// without what only the signer may say. The record supplies all but two things:
// the nonce, from the verified request, and the identity, of which no more goes
// in than was asked for and nothing at all unless the decision is accepted.
func proofOf(a Asked, r Record, id *thaiid.Identity) proof.Proof {
	p := proof.Proof{
		Audience: r.Audience, Nonce: a.Request.Nonce, Origin: r.Origin, Purpose: r.Purpose, Txn: r.Txn, Operator: a.Operator,
		Decision: string(r.Verdict.Decision), Facts: proofFacts(r.Verdict.Facts), Assurance: proofAssurance(r.Verdict.Assurance),
	}
	if r.Verdict.Decision != Accepted || id == nil {
		return p
	}
	given := restrict(id, a.Fields)
	p.Verified = proof.Conceal(proof.VerifiedClaims{
		Verification: verificationOf(r, given),
		Claims:       personOf(given),
	})
	if given.Fields.Has(thaiid.FieldPhoto) {
		p.PhotoDigest = new(proof.DigestOf(given.Photo.Bytes()))
	}
	return p
}

// proofFacts are facts as a proof has them: valid_until, reference and the
// issuer's own words stay behind.
func proofFacts(facts Facts) []proof.Fact {
	out := make([]proof.Fact, len(facts))
	for i, f := range facts {
		out[i] = proof.Fact{
			Kind: string(f.Kind), Outcome: string(f.Outcome), By: f.By, How: string(f.How),
			PrintedExpiry: string(f.PrintedExpiry), Fields: f.Fields,
		}
		if !f.At.IsZero() {
			out[i].At = proof.StampOf(f.At.Time())
		}
	}
	return out
}

func proofAssurance(assurance []Assurance) []proof.Assurance {
	out := make([]proof.Assurance, len(assurance))
	for i, a := range assurance {
		out[i] = proof.Assurance{
			Scheme: a.Scheme, RulesVersion: a.RulesVersion, CandidateLevel: a.CandidateLevel, Level: a.Level,
			Unconfirmed: a.Unconfirmed, Met: kindNames(a.Met), NextStep: kindNames(a.NextStep),
		}
		for _, u := range a.Unmet {
			out[i].Unmet = append(out[i].Unmet, proof.Unmet{Level: u.Level, Needs: kindNames(u.Needs)})
		}
	}
	return out
}

func kindNames(kinds []Kind) []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return names
}
