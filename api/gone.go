package api

import (
	"context"
	"errors"
)

// codeClientGone is logged and counted and never answered: a client that leaves
// is neither a failure of ours nor of the log.
const codeClientGone = "client_gone"

func clientGone() Row { return Row{Code: codeClientGone} }

// gone says whether err is but the work of a request that was given up because
// its client left: it says so itself, or it is one that no row knows, as a
// database answers that is called back in the middle. A failure that has a row of
// its own stays what it is, so that a log that can't be written is noticed
// although the client did not wait to hear of it.
func gone(ctx context.Context, row Row, err error) bool {
	if !errors.Is(context.Cause(ctx), context.Canceled) {
		return false
	}
	return errors.Is(err, context.Canceled) || row.Code == internalError().Code && !errors.Is(err, errPanic)
}
