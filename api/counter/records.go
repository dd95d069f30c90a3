package counter

import (
	"context"
	"time"

	"chipproof/proofing"
)

// Records is what a counter keeps: package store/counter has it. Every method
// that changes something writes its audit entry in the same transaction and
// fails if it can't, so that there is no act without an entry.
type Records interface {
	OriginRows
	OriginEdits
	ApprovalRows
	ApprovalAnswers
	Requests
	Proofings
	Ledger
	Armings
}

// Requests are the signed requests that were used, or are being (proof §11,
// step 10).
type Requests interface {
	// ReserveRequest reserves jti and nonce of an asker together, in one step that
	// counts across processes and restarts; false if one of them was used before.
	ReserveRequest(ctx context.Context, use proofing.RequestUse, proofingID string, at time.Time) (bool, error)
	// FreeRequest lets one be asked again that is reserved for this proofing and
	// not used.
	FreeRequest(ctx context.Context, use proofing.RequestUse, proofingID string) error
}

// Proofings keeps what became of proofings.
type Proofings interface {
	// RecordProofing makes a decision durable, uses its request for good, and
	// gives it its number.
	RecordProofing(ctx context.Context, record proofing.Record) (txn string, err error)
	// EndProofing writes down that an attempt ended without a decision.
	EndProofing(ctx context.Context, end proofing.Ending) error
	// RecordStated writes down what a clerk has seen. Only then does it count.
	RecordStated(ctx context.Context, stated proofing.Stated) error
}

// OriginRows are the approved origins. Nobody keeps a copy of an answer: a
// change holds at the next request (agent-security §6.10).
type OriginRows interface {
	// Origin is the entry of an origin, compared byte for byte.
	Origin(ctx context.Context, origin string) (o proofing.Origin, found bool, err error)
	// Origins are all entries, sorted by origin.
	Origins(ctx context.Context) ([]proofing.Origin, error)
	// UseOrigin notes the first use of an origin on or after since; a second one
	// changes nothing.
	UseOrigin(ctx context.Context, by proofing.Actor, origin string, at, since time.Time) error
}

// OriginEdits changes the list.
type OriginEdits interface {
	// SaveOrigin adds an entry, or changes the one that the origin has, and gives
	// it as it then stands. ID, ApprovedBy and LastUse are the store's to fill.
	SaveOrigin(ctx context.Context, by proofing.Actor, o proofing.Origin) (proofing.Origin, error)
	// RevokeOrigin removes an entry by its id; false for one that is not there.
	RevokeOrigin(ctx context.Context, by proofing.Actor, id string, at time.Time) (bool, error)
}

// ApprovalRows are the requests that wait for the clerk's word. They stand in
// the database, since a command of another process may give it.
type ApprovalRows interface {
	AskApproval(ctx context.Context, a proofing.Approval) error
	Approval(ctx context.Context, id string) (a proofing.Approval, found bool, err error)
	// Approvals are those that wait at that moment in the name of whoever holds
	// the desk then, oldest first.
	Approvals(ctx context.Context, at time.Time) ([]proofing.Approval, error)
}

// ApprovalAnswers is the guard of an answer.
type ApprovalAnswers interface {
	// AnswerApproval gives an answer to one that waits. It says whether it was
	// the first and in time: of two answers one counts. The hold of the desk in
	// whose name it waits must be in force, and by's session, if there is one, the
	// one that has it; Withdrawn asks for neither.
	AnswerApproval(ctx context.Context, by proofing.Actor, id string, answer proofing.Answer, at time.Time) (bool, error)
}

// Ledger is the audit log as far as a counter writes it by itself. What is
// recorded is durable when the method returns nil; only then is anything
// released.
type Ledger interface {
	RecordRead(ctx context.Context, r proofing.Release) error
	RecordRefusal(ctx context.Context, r proofing.Refusal) error
	// RecordAgain is the clerk's click that gives an origin one more answer of a
	// card that is in.
	RecordAgain(ctx context.Context, by proofing.Actor, origin string, at time.Time) error
}

// Armings is the audit log as far as drop-in ports push.
type Armings interface {
	// RecordArming writes down that the clerk armed a site, or that it is no
	// longer armed.
	RecordArming(ctx context.Context, a proofing.Arming) error
}

// Pseudonyms names citizens for the audit log. The error never holds the number.
type Pseudonyms = proofing.Pseudonyms
