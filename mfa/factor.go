package mfa

import "time"

// Method is a way to prove who one is.
type Method string

// The methods so far. Passkeys and codes to a phone will join them.
const (
	MethodPassword      Method = "password"
	MethodTOTP          Method = "totp"
	MethodBackupCode    Method = "backup_code"
	MethodEmergencyCode Method = "emergency_code"
)

// Methods are all there are.
func Methods() []Method {
	return []Method{MethodPassword, MethodTOTP, MethodBackupCode, MethodEmergencyCode}
}

// Factor is one proof given in a session: the shape that every method has.
type Factor struct {
	Method        Method
	Authenticator string // id of the TOTP key or code; of a password, the user's id
	At            time.Time
	// Owner is the user whom the authenticator belongs to when the factor is
	// read, found by the store in the authenticator's own row; empty once it is
	// gone. A factor whose owner isn't the session's user counts for nothing.
	Owner string
}

// Times that bound a session (mfa §1, §6). The five minutes of a step-up and the
// ten for the second factor are ours.
const (
	IdleLimit     = time.Hour        // without an act of the person: locked
	AbsoluteLimit = 24 * time.Hour   // after the login with both factors: over
	HalfOpenLimit = 10 * time.Minute // from the first factor to the second
	StepUpAge     = 5 * time.Minute
)

// kind is what a factor rests on. Two methods of one kind are one factor: a
// code from paper stands in for the phone, never for the password.
type kind int

const (
	somethingKnown kind = iota + 1
	somethingHeld
)

func (m Method) kind() kind {
	switch m {
	case MethodPassword:
		return somethingKnown
	case MethodTOTP, MethodBackupCode, MethodEmergencyCode:
		return somethingHeld
	}
	return 0
}

// counts says whether a factor is user's own and not older than age. One from
// the future is as good as one of now: the clock was set back, and the session
// ends by its own end.
func (f Factor) counts(user string, now time.Time, age time.Duration) bool {
	return user != "" && f.Owner == user && f.Method.kind() != 0 && now.Sub(f.At) < age
}

// factorAge is how old a factor may be: as old as a session that it opened. Its
// first one is given up to [HalfOpenLimit] before the login is finished.
const factorAge = AbsoluteLimit + HalfOpenLimit

// kinds is how many distinct kinds of factor count.
func kinds(factors []Factor, user string, now time.Time) int {
	seen := map[kind]bool{}
	for _, f := range factors {
		if f.counts(user, now, factorAge) {
			seen[f.Method.kind()] = true
		}
	}
	return len(seen)
}

// fresh says whether a second factor not older than [StepUpAge] stands in the
// session row: method and time, nothing else (mfa §6). The emergency code is
// none; see [Service.AddTOTP].
func fresh(factors []Factor, user string, now time.Time) bool {
	return freshBy(factors, user, now, MethodTOTP) || freshBy(factors, user, now, MethodBackupCode)
}

func freshBy(factors []Factor, user string, now time.Time, m Method) bool {
	for _, f := range factors {
		if f.Method == m && f.counts(user, now, StepUpAge) {
			return true
		}
	}
	return false
}
