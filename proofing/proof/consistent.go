package proof

import (
	"fmt"
	"slices"
	"strings"
)

// methodOf is the check_method that a kind of fact gives (proof §3). Kinds that
// are not here give none, but for second_evidence, whose method goes by its
// nature.
var methodOf = map[string]string{
	"chip_read": "vdig", "card_inspected": "vpip", "face_visual": "pvp", "face_biometric": "bvp",
	"issuer_status": "data", "issuer_attributes": "data", "thaid_login": "auth",
}

// checkConsistent is what of step 13 concerns the proof alone: its parts say no
// more than its facts do, and none says more than an agent can.
func (p *Proof) checkConsistent() error {
	for _, a := range p.Assurance {
		confirmed := a.Level != nil && a.CandidateLevel == nil && !a.Unconfirmed
		candidate := a.Level == nil && a.CandidateLevel != nil && a.Unconfirmed
		if !confirmed && !candidate {
			return fmt.Errorf("%w: a level and its mark contradict each other", ErrDemand)
		}
	}
	if p.Verified == nil {
		if p.Decision == Accepted {
			return fmt.Errorf("%w: it was accepted and has no verified_claims", ErrDemand)
		}
		return nil
	}
	v := p.Verified.Reveal().Verification
	if v.TrustFramework != Framework {
		return fmt.Errorf("%w: its trust framework is not known", ErrDemand)
	}
	if v.VerificationProcess != p.Txn {
		return fmt.Errorf("%w: its verification is of another proofing", ErrDemand)
	}
	return p.checkEvidence(v)
}

func (p *Proof) checkEvidence(v Verification) error {
	var checks []string
	for _, evidence := range v.Evidence {
		for _, check := range evidence.CheckDetails {
			if err := p.checkDetail(check); err != nil {
				return err
			}
			checks = append(checks, check.CheckID)
		}
	}
	for _, detail := range v.AssuranceProcess.AssuranceDetails {
		for _, ref := range detail.EvidenceRef {
			if !slices.Contains(checks, ref.CheckID) {
				return fmt.Errorf("%w: it refers to a check that is not in it", ErrDemand)
			}
		}
	}
	return nil
}

// checkDetail refuses vcrypt with the rest: no kind of fact gives it, since no
// signature and no chip authentication is ever verified.
func (p *Proof) checkDetail(check CheckDetail) error {
	kind, its := strings.CutPrefix(check.CheckID, p.Txn+".")
	fact, there := p.Fact(kind)
	if !its || !there || fact.Outcome != Passed {
		return fmt.Errorf("%w: a check has no fact that passed", ErrDemand)
	}
	method, known := methodOf[kind]
	if known && method != check.CheckMethod || !known && (kind != "second_evidence" || check.CheckMethod == "vcrypt") {
		return fmt.Errorf("%w: a check's method is not that of its fact", ErrDemand)
	}
	return nil
}
