package issuer

// verdict is what a code means.
type verdict struct {
	code string
	// isError is what the service says beside that code: "true", "false", or ""
	// where no source shows it. Another word beside it is a contradiction.
	isError string
	outcome Outcome
	meaning string
	source  string
}

// verdicts are the codes that any source explains (thai-id-card §11). No
// specification is public. What isn't here is indeterminate: 1 and 3 among them,
// and whatever stands for a lost card.
func verdicts() []verdict {
	return []verdict{
		{"0", "false", Passed, "normal", "public clients of both operations"},
		{"2", "", Failed, "no longer valid, here by a change of address", "DGA exchange; IsError is not shown there"},
		{"4", "true", Failed, "no such laser code for this person, or name or birth date differs", "public clients of CheckCardByLaser"},
		{"5", "true", Indeterminate, "a field was empty: our fault", "public clients of CheckCardByLaser"},
	}
}

// judge gives the outcome of what the service said. The first line holds by
// itself whatever stands in the table: passed needs no error and code 0.
func judge(r result) Outcome {
	if r.code == "0" && r.isError == "false" {
		return Passed
	}
	for _, v := range verdicts() {
		if v.code == r.code && (v.isError == "" || v.isError == r.isError) && v.outcome != Passed {
			return v.outcome
		}
	}
	return Indeterminate
}
