package mfa

import (
	"errors"
	"fmt"
	"time"
)

// What a caller is told. Each has one row in the public table of problems
// (mfa §6.2). ErrLoginFailed is one answer for every wrong name, password or
// code, so that it tells nothing about an account (mfa §5).
var (
	// ErrLoginFailed is the one answer to a wrong user, password or code, and to
	// a right one that was used before.
	ErrLoginFailed = errors.New("login failed")
	// ErrMFARequired is for a session that is missing, over, locked, short of a
	// factor or due to enrol, and for a desk that nobody holds.
	ErrMFARequired = errors.New("two factors required")
	// ErrStepUpRequired is for an act that needs a second factor not older than
	// [StepUpAge].
	ErrStepUpRequired = errors.New("fresh second factor required")
	// ErrGrantRefused is for a grant that is unknown, used, void, out of time,
	// or for another purpose.
	ErrGrantRefused = errors.New("grant refused")
	// ErrCSRFRefused is for a CSRF value that is missing or another session's.
	ErrCSRFRefused = errors.New("csrf value refused")
	// ErrRoleRefused is for an act that the person's role doesn't allow.
	ErrRoleRefused = errors.New("role refused")
)

// What an administrator or the owner of an account can get wrong.
var (
	ErrUserUnknown          = errors.New("user unknown")
	ErrUserExists           = errors.New("user name is taken")
	ErrUserDisabled         = errors.New("user is disabled")
	ErrUserNameInvalid      = errors.New("user name invalid")
	ErrRoleInvalid          = errors.New("role invalid")
	ErrLostInvalid          = errors.New("reset invalid")
	ErrOwnAccount           = errors.New("not for one's own account")
	ErrLastAdmin            = errors.New("last administrator")
	ErrLastAuthenticator    = errors.New("last authenticator")
	ErrAuthenticatorUnknown = errors.New("authenticator unknown")
	ErrTooManyAuthenticator = errors.New("too many authenticators")
	ErrSessionUnknown       = errors.New("session unknown")
)

// What is wrong with the installation rather than with a request.
var (
	// ErrKeyInvalid is for a keyring or key that can't be parsed.
	ErrKeyInvalid = errors.New("key invalid")
	// ErrKeyWrong is for a key that the store was not written with.
	ErrKeyWrong = errors.New("key is not the one of this store")
	// ErrKeyMissing is for a key id that the keyring doesn't hold.
	ErrKeyMissing = errors.New("key missing")
	// ErrSealBroken is for a ciphertext that was changed, moved or cut.
	ErrSealBroken = errors.New("seal broken")
	// ErrHashInvalid is for a stored password hash that can't be parsed.
	ErrHashInvalid = errors.New("password hash invalid")
	// ErrConfigInvalid is for a [Config] that a [Service] can't be made from.
	ErrConfigInvalid = errors.New("configuration invalid")
)

// ErrThrottled is for a try that was not checked because too many went wrong
// before it (mfa §4).
type ErrThrottled struct {
	// RetryAfter is how long to wait, above zero and never above an hour.
	RetryAfter time.Duration
	// Locked says that waiting doesn't help: an administrator must unlock.
	Locked bool
}

func (e ErrThrottled) Error() string {
	return fmt.Sprintf("throttled: retry after %s", e.RetryAfter)
}

// ErrPasswordRefused is for a new password that can't be taken, with the
// reason, which the user is told (mfa §1).
type ErrPasswordRefused struct{ Reason PasswordReason }

func (e ErrPasswordRefused) Error() string {
	return "password refused: " + string(e.Reason)
}
