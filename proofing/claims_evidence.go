package proofing

import (
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

const (
	// procedure names how it was done (proof §3).
	procedure = "counter-chip-read"
	// dopa is who issues the card and answers about it, thailand where.
	dopa     = "กรมการปกครอง (Department of Provincial Administration)"
	thailand = "THA" // ISO 3166-1 alpha-3
	// The two things that checks are about; the standard leaves the words open
	// (proof §12.2).
	validation   = "evidence_validation"
	verification = "verification"
)

// check is a row of proof §3, "Facts to evidence": what a fact that passed says in
// the words of OpenID Identity Assurance. vcrypt is in no row: no signature and no
// chip authentication is verified.
type check struct {
	kind   Kind
	method string
	about  string
}

// documentChecks are of the card itself, in the order in which a proof lists them.
func documentChecks() []check {
	return []check{
		{ChipRead, "vdig", validation},
		{CardInspected, "vpip", validation},
		{FaceVisual, "pvp", verification},
		{FaceBiometric, "bvp", verification},
	}
}

// recordChecks are of the issuer's record.
func recordChecks() []check {
	return []check{
		{IssuerStatus, "data", validation},
		{IssuerAttributes, "data", validation},
	}
}

// verificationOf lists what passed, and by which rules it was enough. What failed,
// was not done or had no answer can't be said here; it stands among the facts.
func verificationOf(r Record, given *thaiid.Identity) proof.Verification {
	v := proof.Verification{
		TrustFramework: proof.Framework,
		AssuranceProcess: proof.AssuranceProcess{
			Policy:    r.Purpose + ", policy " + r.PolicyVersion,
			Procedure: procedure,
		},
		Time:                lastOf(r.Verdict.Facts),
		VerificationProcess: r.Txn,
	}
	if done := r.details(documentChecks(), ""); len(done) > 0 {
		v.Evidence = append(v.Evidence, proof.EvidenceItem{Type: "document", CheckDetails: done, DocumentDetails: documentOf(given)})
	}
	if done := r.details(recordChecks(), dopa); len(done) > 0 {
		v.Evidence = append(v.Evidence, proof.EvidenceItem{
			Type: "electronic_record", CheckDetails: done,
			// The nearest of the predefined types; the record really is the card's status.
			Record: &proof.Record{Type: "population_register", Source: proof.Party{Name: dopa, CountryCode: thailand}},
		})
	}
	for _, about := range []string{validation, verification} {
		var refs []proof.EvidenceRef
		for _, c := range append(documentChecks(), recordChecks()...) {
			if c.about == about && r.Verdict.Facts.Of(c.kind).Outcome == Passed {
				refs = append(refs, proof.EvidenceRef{CheckID: r.checkID(c.kind)})
			}
		}
		if len(refs) > 0 {
			v.AssuranceProcess.AssuranceDetails = append(v.AssuranceProcess.AssuranceDetails, proof.AssuranceDetail{AssuranceType: about, EvidenceRef: refs})
		}
	}
	return v
}

// details are those of the checks that passed.
func (r Record) details(checks []check, organization string) []proof.CheckDetail {
	var done []proof.CheckDetail
	for _, c := range checks {
		if f := r.Verdict.Facts.Of(c.kind); f.Outcome == Passed {
			done = append(done, proof.CheckDetail{
				CheckMethod: c.method, Organization: organization, CheckID: r.checkID(c.kind), Time: proof.StampOf(f.At.Time()),
			})
		}
	}
	return done
}

// checkID is unique, and leads to the fact in the audit log, as the standard
// demands.
func (r Record) checkID(k Kind) string { return r.Txn + "." + string(k) }

// lastOf is when the last fact was made.
func lastOf(facts Facts) proof.Stamp {
	var last Stamp
	for _, f := range facts {
		if f.At.Time().After(last.Time()) {
			last = f.At
		}
	}
	return proof.StampOf(last.Time())
}

// documentOf is what the card says of itself, where that was asked for.
func documentOf(given *thaiid.Identity) *proof.DocumentDetails {
	d := &proof.DocumentDetails{Type: "idcard", Issuer: proof.Party{Name: dopa, CountryCode: thailand}}
	if given.Fields.Has(thaiid.FieldCard) {
		card := given.Card
		d.DocumentNumber, d.SerialNumber = card.RequestNumber.Reveal(), card.ChipNumber.Reveal()
		d.DateOfIssuance, d.DateOfExpiry = fullDate(card.IssueDate), fullDate(card.ExpiryDate)
		d.Issuer.Jurisdiction = card.Issuer.Reveal()
	}
	return d
}

// fullDate is a date whose day is known, else nothing: no day is ever made up.
func fullDate(d thaiid.Date) string {
	if d.Precision() != thaiid.PrecisionDay {
		return ""
	}
	return d.Reveal()
}
