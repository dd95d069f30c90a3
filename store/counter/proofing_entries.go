package counter

import (
	"strings"

	"chipproof/audit"
	"chipproof/proofing"
)

// proofingEvent says what was established and decided, in words; the digest ties
// the row to it. Of the issuer's answer it has the code and never the text, which
// is somebody else's and could say anything.
func proofingEvent(p proofing.Record, row []byte) audit.Event {
	v := p.Verdict
	e := audit.Event{
		Kind: audit.KindProofing, At: p.At, Actor: p.By.ID, Subject: p.Pseudonym, Session: p.By.Session,
		Attributes: map[string]string{
			"proofing": p.ID, "txn": p.Txn, "purpose": p.Purpose, "policy": p.PolicyVersion, "fields": words(p.Fields),
			"decision": string(v.Decision), "facts": factWords(v.Facts), "levels": levelWords(v.Assurance), "record": digest(row),
		},
	}
	addWords(e.Attributes, map[string]string{
		"origin": p.Origin, "audience": p.Audience, "pseudonym": p.Pseudonym, "approval": p.Approval, "approver": p.Approver,
		"compared": words(p.Compared), "reasons": words(v.Reasons), "issuer_code": v.Facts.Of(proofing.IssuerStatus).Code, "mode": mode(p.Test),
	})
	return e
}

func endingEvent(end proofing.Ending) audit.Event {
	e := audit.Event{
		Kind: audit.KindProofingEnd, At: end.At, Actor: end.By.ID, Session: end.By.Session,
		Attributes: map[string]string{"proofing": end.ID, "code": end.Code, "purpose": end.Purpose, "fields": words(end.Fields)},
	}
	addWords(e.Attributes, map[string]string{"origin": end.Origin, "mode": mode(end.Test)})
	return e
}

func statedEvent(s proofing.Stated) audit.Event {
	e := audit.Event{
		Kind: audit.KindFactsStated, At: s.At, Actor: s.By.ID, Session: s.By.Session,
		Attributes: map[string]string{"proofing": s.Proofing, "facts": string(s.Fact) + "=" + string(s.Outcome)},
	}
	addWords(e.Attributes, map[string]string{"printed_expiry": string(s.PrintedExpiry)})
	return e
}

// addWords adds those that say something.
func addWords(attributes, more map[string]string) {
	for name, value := range more {
		if value != "" {
			attributes[name] = value
		}
	}
}

func mode(test bool) string {
	if test {
		return "test"
	}
	return ""
}

// factWords are every kind as "kind=outcome", those that nobody tried too.
func factWords(facts proofing.Facts) string {
	var list []string
	for _, f := range facts {
		list = append(list, string(f.Kind)+"="+string(f.Outcome))
	}
	return words(list)
}

// levelWords are "scheme=level", with a question mark behind a level from rules
// that nobody could check (assurance §2.1), and "none" where no rule gives one.
func levelWords(assurance []proofing.Assurance) string {
	var list []string
	for _, a := range assurance {
		level, mark := a.Level, ""
		if level == nil {
			level, mark = a.CandidateLevel, "?"
		}
		word := "none"
		if level != nil && *level != "" {
			word = strings.ReplaceAll(*level, " ", "_")
		}
		list = append(list, a.Scheme+"="+word+mark)
	}
	return words(list)
}
