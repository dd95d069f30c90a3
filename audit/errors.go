package audit

import "errors"

var (
	// ErrUnavailable is for an entry that could not be written: the act that it
	// is about has not happened, and nothing may be released.
	ErrUnavailable = errors.New("audit log unavailable")
	// ErrInvalid is for an event, an entry, a checkpoint or a line of an export
	// that breaks its form.
	ErrInvalid = errors.New("audit record invalid")
	// ErrKeyInvalid is for a key or ring that can't be parsed or is of another kind.
	ErrKeyInvalid = errors.New("audit key invalid")
	// ErrWitnessInvalid is for a sheet or checkpoint that is mistyped, of another
	// log, or not signed by its key.
	ErrWitnessInvalid = errors.New("witness invalid")
	// ErrProofInvalid is for a proof that does not prove it.
	ErrProofInvalid = errors.New("log proof invalid")
	// ErrRewritten is for a log that has not grown from a head that its key signed:
	// it was cut off, put back by hand or rewritten. It is signed no further, and
	// nothing may be done under it, until a restore accounts for what is lost.
	ErrRewritten = errors.New("audit log doesn't have its last signed head")
	// ErrKept is for entries that may not be erased or deleted: those about the
	// log itself, and any that is younger than [LeastRetention].
	ErrKept = errors.New("audit entry must be kept")
	// ErrUnknown is for an entry that the log doesn't have.
	ErrUnknown = errors.New("audit entry unknown")
)
