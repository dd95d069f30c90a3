package mfa_test

import (
	"errors"
	"time"

	"chipproof/mfa"
)

func isThrottled(err error) bool {
	_, ok := errors.AsType[mfa.ErrThrottled](err)
	return ok
}

// isRefusal: the answer is no, and not that something broke.
func isRefusal(err error) bool {
	return isThrottled(err) || errors.Is(err, mfa.ErrLoginFailed) || errors.Is(err, mfa.ErrMFARequired)
}

func refusedFor(err error) mfa.PasswordReason {
	refused, _ := errors.AsType[mfa.ErrPasswordRefused](err)
	return refused.Reason
}

func throttle(err error) (wait time.Duration, locked bool) {
	e, _ := errors.AsType[mfa.ErrThrottled](err)
	return e.RetryAfter, e.Locked
}
