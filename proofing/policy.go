package proofing

import (
	"slices"

	"chipproof/proofing/thaiid"
)

// The purposes that ship, and that every policy has (assurance §2.5).
const (
	// FormFill: fill a form, no judgement, no signature.
	FormFill = "form_fill"
	// IdentityProofing: prove who someone is; never by a plain read.
	IdentityProofing = "identity_proofing"
	// Compat: what the drop-in ports read for, and only they.
	Compat = "compat"
)

// Policy is what the agency lets a card be read for. [ParsePolicy] and
// [DefaultPolicy] make one; the zero Policy has no purposes and grants nothing.
type Policy struct {
	// Version is the agency's own word for it, as proofs name it.
	Version  string
	Purposes []Purpose

	content []byte
	digest  string
}

// Purpose is one thing that a card may be read for.
type Purpose struct {
	Name  string
	Title Text
	Use   Use
	// Fields are the most that may be asked for it.
	Fields []thaiid.Field
	// Needs are the facts without which it isn't accepted, besides Level.
	Needs []Kind
	// Level is nil where the facts are all it needs.
	Level *LevelNeed
	// Origins are the web sites that may ask for it, as far as the origin list
	// grants it to them; empty for all of those.
	Origins []string
	Printed Printed
	// TwoPersons: whoever stated a fact can't approve the proofing.
	TwoPersons bool
	// AskIssuerByLaserCode: typed evidence with a laser code may be put to the
	// issuer. It never changes a decision (assurance §2.2, property 3), and it tells
	// whoever asks whether data that leaked are right: off unless an agency says
	// otherwise.
	AskIssuerByLaserCode bool
}

// Text is a short text in both languages.
type Text struct{ TH, EN string }

// Use says on which road a purpose is asked for.
type Use string

const (
	// UseRead: plain reads, without judgement or signature.
	UseRead Use = "read"
	// UseProof: proofings.
	UseProof Use = "proof"
	// UseCompat: the drop-in ports.
	UseCompat Use = "compat"
)

// Printed says how the citizen number stands on the slip (assurance §1).
type Printed string

const (
	// PrintedMasked: a few digits. It is the default.
	PrintedMasked Printed = "masked"
	// PrintedWhole: all of them.
	PrintedWhole Printed = "whole"
)

// LevelNeed is the least level of a scheme that a purpose accepts. One of Level
// and CandidateLevel is set: who is content with rules that nobody could check
// against the standard says so by that name (assurance §2.5).
type LevelNeed struct {
	Scheme         string
	Level          string
	CandidateLevel string
}

// Purpose is the one of that name; an unknown one is refused.
func (p Policy) Purpose(name string) (Purpose, bool) {
	i := slices.IndexFunc(p.Purposes, func(q Purpose) bool { return q.Name == name })
	if i < 0 {
		return Purpose{}, false
	}
	return p.Purposes[i], true
}

// Content is the file it came from, to be kept for [Recompute].
func (p Policy) Content() []byte { return slices.Clone(p.content) }

// Digest is the SHA-256 of Content in hex.
func (p Policy) Digest() string { return p.digest }

// OpenTo says whether that origin may ask for it as far as the policy goes; the
// origin list has its own word. The empty origin is our own console, which ends
// without a proof and may ask for every purpose.
func (p Purpose) OpenTo(origin string) bool {
	return origin == "" || len(p.Origins) == 0 || slices.Contains(p.Origins, origin)
}

// Allows says whether a field may be asked for it.
func (p Purpose) Allows(f thaiid.Field) bool { return slices.Contains(p.Fields, f) }
