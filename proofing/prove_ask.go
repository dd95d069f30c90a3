package proofing

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

// Asked is what is asked for, by whom and in whose name. Whoever makes one has
// checked that it may be asked: signed request, purpose, fields, desk, turn.
type Asked struct {
	// ID names the proofing.
	ID string
	// Origin is who asks; empty for our own console.
	Origin string
	// Audience is the aud of the proof.
	Audience string
	Purpose  Purpose
	// Fields are those asked for and granted.
	Fields []thaiid.Field
	// Needs are facts that the clerk must state besides those the purpose needs.
	Needs []Kind
	// Evidence is chip where it is empty. With typed nothing is read.
	Evidence proof.Evidence
	// Claimed is what the citizen gave. It is compared and dropped.
	Claimed proof.Claimed
	// IssuerCheck asks the issuer though the purpose doesn't need it.
	IssuerCheck bool
	// Request is the verified request; nil for our own console, whose proofings
	// end without a proof.
	Request *proof.Request
	// Operator is who holds the desk, as the proof names them.
	Operator proof.Operator
	// By is the same person, as the audit log does.
	By Actor
	// Reader is the reader's name, see [Choose]. Not used with typed evidence.
	Reader string
	// Approval is the id of the clerk's click, where one was needed.
	Approval string
	// Text, if set, is told what the clerk may see of the card before the photo is
	// read, as [ReadOptions.Text] is; number is the citizen's, for a pseudonym. Facts
	// there are none by then.
	Text func(ctx context.Context, view View, number thaiid.CitizenID) error
}

// readOptions are what a proofing reads, and who is told meanwhile.
func (a Asked) readOptions(fields thaiid.Fields, progress func(thaiid.Progress)) ReadOptions {
	o := ReadOptions{Fields: fields, Progress: progress}
	if a.Text != nil {
		o.Text = func(ctx context.Context, text *thaiid.Identity) error {
			return a.Text(ctx, viewOf(a, text, NewFacts(), nil), text.CitizenID)
		}
	}
	return o
}

// compared are the fields of the chip that claims are held against.
func (a Asked) compared() []string {
	if a.Evidence == proof.Typed {
		return nil
	}
	return fieldNames(ClaimFields(a.Claimed))
}

// Result is what a proofing came to. Printing it shows no person, and neither does
// marshalling it: whoever answers with a part of it takes that part.
type Result struct {
	ID, Txn, Purpose string
	Verdict          Verdict
	// Identity holds the fields that were asked for. It is nil unless the
	// decision is accepted: who forgets to look at the decision finds nobody.
	Identity *thaiid.Identity
	// Proof is the signed proof; empty without a request. It holds a person in
	// clear and travels in a body and nowhere else (proof §4).
	Proof string
}

// Format hides the result, whatever the verb.
func (Result) Format(f fmt.State, _ rune) { io.WriteString(f, "[hidden]") }

// LogValue hides the result.
func (Result) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// MarshalText hides the result, so JSON and others show no more than a print.
func (Result) MarshalText() ([]byte, error) { return []byte("[hidden]"), nil }
