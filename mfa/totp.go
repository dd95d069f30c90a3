package mfa

import (
	"crypto/subtle"
	"fmt"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// What every authenticator app supports, and all that is offered (mfa §2.2).
const (
	CodeDigits = 6
	StepLength = 30 * time.Second
	stepWindow = 1 // steps before and after the present one
)

// Step is the number of the 30-second step that a moment belongs to (RFC 6238
// §4.2 with T0 = 0).
func Step(now time.Time) int64 {
	s := now.Unix()
	length := int64(StepLength / time.Second)
	if s < 0 {
		s -= length - 1 // Go rounds towards zero, steps go downwards
	}
	return s / length
}

// StepStart is when a step begins.
func StepStart(step int64) time.Time {
	return time.Unix(step*int64(StepLength/time.Second), 0).UTC()
}

// Code is what an app that holds secret shows at a moment: for demonstrations,
// where nobody has a phone at hand.
func Code(secret Secret, now time.Time) (Hidden, error) {
	code, err := codeOf(secret, Step(now))
	return Hide(code), err
}

func codeOf(secret Secret, step int64) (string, error) {
	code, err := hotp.GenerateCodeCustom(secret.Reveal(), uint64(step), hotp.ValidateOpts{
		Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	if err != nil {
		return "", fmt.Errorf("compute totp code: %w", err)
	}
	return code, nil
}

// Match reports the time step that code belongs to, among the steps around now
// that are later than after. It is constant in time over the window and accepts
// nothing but six ASCII digits. The library behind it trims white space and
// forgets which step matched; here it only computes codes.
//
// Should one code belong to two steps, the later one is reported: the earlier
// would leave the code good for a second use.
func Match(secret Secret, code string, now time.Time, after int64) (step int64, ok bool) {
	if !sixDigits(code) {
		return 0, false
	}
	for at := Step(now) - stepWindow; at <= Step(now)+stepWindow; at++ {
		want, err := codeOf(secret, at)
		if err != nil {
			return 0, false // can't be: the secret encodes itself
		}
		same := subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1
		if same && at > after && at >= 0 {
			step, ok = at, true
		}
	}
	return step, ok
}

func sixDigits(code string) bool {
	if len(code) != CodeDigits {
		return false
	}
	for _, c := range []byte(code) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}
