package proofing

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json"
)

// ErrNotRecomputable is what [Recompute] returns where the record and what is
// given beside it don't belong together.
var ErrNotRecomputable = errors.New("record can't be recomputed")

// Recompute works the verdict out again from what was stored: the record's
// facts, desk and moment, the versions of the rules that it names, and the
// policy of its digest. The bytes are those of the stored verdict as
// [EncodeVerdict] writes it, years later (assurance §2.2, property 7). It
// returns [ErrNotRecomputable], and [ErrSchemeUnknown] for rules that this
// program doesn't have.
func Recompute(r Record, policy []byte) ([]byte, error) {
	book, err := openRulebook(ruleFiles)
	if err != nil {
		return nil, err
	}
	return book.recompute(r, policy)
}

// EncodeVerdict writes a verdict, always in the same bytes.
func EncodeVerdict(v Verdict) ([]byte, error) {
	content, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode verdict: %w", err)
	}
	return content, nil
}

func (b rulebook) recompute(r Record, policy []byte) ([]byte, error) {
	p, err := ParseStoredPolicy(policy)
	if err != nil {
		return nil, fmt.Errorf("recompute: %w: %w", ErrNotRecomputable, err)
	}
	if p.Digest() != r.PolicyDigest {
		return nil, fmt.Errorf("recompute: %w: the policy is another one", ErrNotRecomputable)
	}
	purpose, known := p.Purpose(r.Purpose)
	if !known {
		return nil, fmt.Errorf("recompute: %w: the policy has no purpose %.40q", ErrNotRecomputable, r.Purpose)
	}
	// The stored rows say in which order the schemes were applied, and nothing else.
	var schemes []Scheme
	for _, row := range r.Verdict.Assurance {
		s, err := b.scheme(row.Scheme, r.SchemeVersions[row.Scheme])
		if err != nil {
			return nil, fmt.Errorf("recompute: %w", err)
		}
		schemes = append(schemes, s)
	}
	if len(VersionsOf(schemes)) != len(r.SchemeVersions) || len(schemes) != len(r.SchemeVersions) {
		return nil, fmt.Errorf("recompute: %w: its rows are not of the rules that it names", ErrNotRecomputable)
	}
	return EncodeVerdict(Decide(Case{
		Purpose: purpose, Needs: r.Needs, Facts: r.Verdict.Facts, Desk: r.Desk, At: r.At, Approver: r.Approver,
	}, schemes))
}
