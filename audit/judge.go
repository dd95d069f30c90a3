package audit

import "golang.org/x/mod/sumdb/tlog"

// judge compares every claim with the head that the log has at its size.
func (v *verification) judge() {
	good := int64(0) // the largest size up to which a claim holds
	signed := false  // by anyone: what doesn't hold is a problem of its own
	v.result.Unsigned = v.next
	for _, c := range v.claims {
		verdict := v.verdict(c)
		if verdict == VerdictHeld {
			good = c.Size
			if c.own {
				v.result.Unsigned = v.next - c.Size
			}
		}
		signed = signed || c.Kind == WitnessCheckpoint && c.Size > 0
		v.report(c, verdict, good)
	}
	if !signed && v.next > 0 {
		v.problem(Problem{Code: ProblemUnsigned, Entries: span{0, v.next - 1}.String()})
	}
}

func (v *verification) verdict(c claim) Verdict {
	if head, ok := v.heads[c.Size]; ok && c.Has(head) {
		return VerdictHeld
	}
	otherwise := VerdictConflict
	if c.Size > v.next {
		otherwise = VerdictTruncated
	}
	for _, r := range v.result.Restores {
		switch found := r.excuse(c.Sighting); {
		case found == VerdictLost:
			return VerdictLost
		case found == VerdictLostUnnamed && !c.own: // a restore knows what the log itself keeps
			otherwise = VerdictLostUnnamed
		}
	}
	return otherwise
}

// excuse says whether a restore accounts for a sighting that the log doesn't
// have: [VerdictLost], [VerdictLostUnnamed], or empty if it doesn't. The last head
// known is excused whatever its time says: no log has it that went on otherwise.
func (r Restore) excuse(s Sighting) Verdict {
	lost, named := r.mayHaveLost(s.Size, s.At)
	switch {
	case s.Size > r.Backup.Size && s.Head == r.Known:
		return VerdictLost
	case lost && named && (s.Size < r.Known.Size || s.agrees(r.Known)):
		return VerdictLost
	case lost && !named:
		return VerdictLostUnnamed
	}
	return ""
}

// Excuses says whether a checkpoint that the log doesn't have is from the stretch
// that this restore took away. Only one that [OpenRestore] gave may be asked. It
// is less strict than a verdict: a backup that was restored twice has left two
// heads of one size, of which the last restore knows one.
func (r Restore) Excuses(c Checkpoint) bool {
	lost, _ := r.mayHaveLost(c.Size, c.At)
	return lost || c.Size > r.Backup.Size && c.Head == r.Known
}

func (v *verification) report(c claim, verdict Verdict, good int64) {
	if !c.own {
		v.result.Witnesses[c.index].Verdict = verdict
	}
	p := Problem{Source: c.source}
	switch verdict {
	case VerdictTruncated:
		p.Code, p.Entries = ProblemTruncated, span{v.next, c.Size - 1}.String()
	case VerdictConflict:
		p.Code = ProblemWitnessConflict
		if c.own {
			p.Code = ProblemCheckpoint
		}
		if good < c.Size { // the change is in what the last good claim didn't cover
			p.Entries = span{good, c.Size - 1}.String()
		}
	case VerdictHeld, VerdictLost, VerdictLostUnnamed, VerdictInvalid:
		return
	}
	v.problem(p)
}

// agrees compares a witness with the last head known of a lost stretch. That too
// may come from words, of which the end of the root is zero.
func (s Sighting) agrees(known Head) bool {
	if [tlog.HashSize - rootBytes]byte(known.Root[rootBytes:]) == [tlog.HashSize - rootBytes]byte{} {
		s.Kind = WitnessWords
	}
	return s.Has(known)
}
