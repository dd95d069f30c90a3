package proofing

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"chipproof/cardreader"
	"chipproof/proofing/issuer"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

// Prover makes proofings at one desk. Its fields are set before the first call
// of [Prover.Prove] and left alone then; calls may overlap, a reader serves one.
type Prover struct {
	Readers *cardreader.Readers
	Policy  Policy
	// Schemes are the rules that are applied, see [CurrentSchemes].
	Schemes []Scheme
	// Issuer is asked about cards; nil where no service is set up.
	Issuer issuer.Checker
	Ledger Ledger
	// Signing is nil where nothing is ever signed.
	Signing    *Signing
	Pseudonyms Pseudonyms
	Now        func() time.Time
	// Test: the agent runs in test mode. Without it no simulated card is proofed.
	Test bool
	// Log gets what no caller sees, and nothing of a card; nil means nowhere.
	Log *slog.Logger
}

// Ledger keeps proofings.
type Ledger interface {
	// RecordProofing keeps a proofing, its entry in the audit log, and the use of
	// its request, durably and in one act, and gives it its number:
	// "pf-YYYYMMDD-NNNNNN", counted anew each Thai day. An error means that
	// nothing was kept, and then nothing is signed and nothing released.
	RecordProofing(ctx context.Context, r Record) (txn string, err error)
}

// Pseudonyms names citizens for the audit log (assurance §5.2). Its errors never
// hold the number.
type Pseudonyms interface {
	Pseudonym(purpose string, year int, citizenNumber string) (string, error)
}

// Prove makes one proofing, in the order of design §6. It returns a result for
// every decision, also a refusal; an error means that nobody knows, and then
// nothing was signed, and nothing kept but where signing itself failed.
//
// The card must stay in its reader until the last fact is made. Where facts of a
// clerk are wanted Prove waits for them, and asks the issuer meanwhile (docs/adr
// 0010). clerk may be nil: a desk that nobody attends.
//
// Errors: those of [cardreader] and [thaiid], and [cardreader.ErrCardRemoved] or
// [cardreader.ErrCardChanged] where the card didn't stay; [ErrSimulatorRefused],
// [ErrIssuerNotSet], [ErrKeyUnavailable], all three before the card is touched;
// the clerk's; the ledger's; ctx's own.
func (p *Prover) Prove(ctx context.Context, a Asked, clerk Clerk, progress func(thaiid.Progress)) (*Result, error) {
	result, err := p.prove(ctx, a, clerk, progress)
	if err != nil {
		return nil, fmt.Errorf("prove: %w", err)
	}
	return result, nil
}

func (p *Prover) prove(ctx context.Context, a Asked, clerk Clerk, progress func(thaiid.Progress)) (*Result, error) {
	if a.Purpose.Use != UseProof {
		return nil, errors.New("purpose is not one for proofings")
	}
	t, err := p.gather(ctx, a, progress)
	if err != nil {
		return nil, err
	}
	if err := p.complete(ctx, a, t, clerk); err != nil {
		return nil, err
	}
	record, err := p.judge(a, t, clerk)
	if err != nil {
		return nil, err
	}
	if record.Txn, err = p.Ledger.RecordProofing(ctx, record); err != nil {
		return nil, fmt.Errorf("record proofing: %w", err)
	}
	return p.answer(a, t, record)
}

// attempt is what a proofing rests on while it lasts. It is dropped with it. It
// holds a person in clear, so it hides itself.
type attempt struct {
	source   Source
	stay     cardreader.Insertion
	identity *thaiid.Identity // nil with typed evidence
	number   string           // citizen number, for the pseudonym; may be empty
	facts    Facts
	approver string // the second person, where the purpose wants one
}

// Format hides the attempt, whatever the verb.
func (attempt) Format(f fmt.State, _ rune) { io.WriteString(f, "[hidden]") }

// LogValue hides the attempt.
func (attempt) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// gather makes the facts that need no waiting: it reads the chip, and lets the
// card go, or takes what was typed.
func (p *Prover) gather(ctx context.Context, a Asked, progress func(thaiid.Progress)) (*attempt, error) {
	if a.Evidence == proof.Typed {
		if err := p.ready(a, FromTyping); err != nil {
			return nil, err
		}
		return p.typed(a), nil
	}
	source, err := p.sourceOf(ctx, a.Reader)
	if err == nil {
		err = p.ready(a, source)
	}
	if err != nil {
		return nil, err
	}
	t := &attempt{}
	t.identity, t.stay, err = readInsertion(ctx, p.Readers, a.Reader, a.readOptions(p.plan(a), progress),
		func(s *cardreader.Session) error { // the reader that was opened, should it be another one by now
			t.source = sourceOf(s.Simulated())
			return p.ready(a, t.source)
		})
	if err != nil {
		return nil, err
	}
	t.number = t.identity.CitizenID.Reveal()
	return t, p.readFacts(a, t)
}

// judge applies the rules and writes down what came of it.
func (p *Prover) judge(a Asked, t *attempt, clerk Clerk) (Record, error) {
	at := p.Now()
	desk := Desk{Attended: clerk != nil, Issuer: p.Issuer != nil}
	record := Record{
		ID: a.ID, Origin: a.Origin, Audience: a.Audience, Purpose: a.Purpose.Name,
		PolicyVersion: p.Policy.Version, PolicyDigest: p.Policy.Digest(),
		Fields: fieldNames(a.Fields), Compared: a.compared(), Needs: a.Needs, By: a.By, Approval: a.Approval, Approver: t.approver,
		Test: p.Test, At: at, Desk: desk, SchemeVersions: VersionsOf(p.Schemes), Use: UseOf(a.Request),
	}
	record.Verdict = Decide(Case{
		Purpose: a.Purpose, Needs: a.Needs, Facts: t.facts, Desk: desk, At: at, Approver: t.approver,
	}, p.Schemes)
	if t.number == "" {
		return record, nil
	}
	var err error
	record.Pseudonym, err = p.Pseudonyms.Pseudonym(a.Purpose.Name, at.In(Thailand()).Year(), t.number)
	if err != nil {
		return Record{}, fmt.Errorf("name citizen: %w", err)
	}
	return record, nil
}

// answer signs what the record says, if a request asked for that.
func (p *Prover) answer(a Asked, t *attempt, r Record) (*Result, error) {
	result := &Result{ID: a.ID, Txn: r.Txn, Purpose: r.Purpose, Verdict: r.Verdict}
	if r.Verdict.Decision == Accepted && t.identity != nil {
		result.Identity = restrict(t.identity, a.Fields)
	}
	if a.Request == nil {
		return result, nil
	}
	token, err := p.Signing.Sign(t.source, proofOf(a, r, t.identity))
	if err != nil {
		return nil, err
	}
	result.Proof = token
	return result, nil
}

// ready refuses before the card is touched what could not be answered after it.
func (p *Prover) ready(a Asked, source Source) error {
	switch {
	case source == FromSimulator && !p.Test:
		return ErrSimulatorRefused
	case a.Request == nil:
		return nil
	case p.Signing == nil:
		return ErrKeyUnavailable
	case (p.Signing.Mode == proof.Test) != p.Test:
		return errors.New("signing is for another mode") // options of our own that contradict each other
	}
	return p.Signing.Ready(source)
}

func (p *Prover) log() *slog.Logger {
	if p.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return p.Log
}

func fieldNames(fields []thaiid.Field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = string(f)
	}
	return names
}
