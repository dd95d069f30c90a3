package mfa

import "time"

// The rows that a [Store] keeps. Times are UTC to the millisecond; a zero time
// is "never" or "not yet". Nothing in them is a clear secret.

// Password is the stored password of one user.
type Password struct {
	User    string
	PHC     string // argon2id, parameters within
	Pepper  string // id of the pepper key
	Changed time.Time
}

// TOTP is one authenticator app's key.
type TOTP struct {
	ID, User, Label string
	Secret          []byte // sealed for {totp, secret, ID}
	Created         time.Time
	Confirmed       time.Time // zero: inactive until a code confirms it
	LastStep        int64     // step of the last code taken; no code of it or before is taken again
	PendingFor      string    // id of the grant or session that may confirm it
}

// BackupCode is one of a set; unused while Used is zero.
type BackupCode struct {
	ID, User string
	Hash     []byte
	Created  time.Time
	Used     time.Time
}

// EmergencyCode is what the sealed sheet holds.
type EmergencyCode struct {
	ID      string
	Hash    []byte
	Created time.Time
	Used    time.Time
	UsedBy  string
	Void    time.Time // replaced, or undone by a restore
}

// Grant lets one user enrol once (mfa §8).
type Grant struct {
	ID, User string
	Purpose  Purpose
	Hash     []byte
	MadeBy   string // user id or "os:<uid>"
	Created  time.Time
	Ends     time.Time
	Used     time.Time
	Void     time.Time
	// Started is when its first step was done; Pending the password that takes
	// effect with the second, without PHC where the password stays.
	Started time.Time
	Pending Password
}

// SessionRow is a session as stored. Its level is nowhere in it.
type SessionRow struct {
	ID, User  string
	TokenHash []byte
	KeyID     string // key of the CSRF value
	Created   time.Time
	LastAct   time.Time
	Ends      time.Time
	LoggedIn  time.Time // when both factors were there for the first time
	Locked    time.Time // locked by hand
	Since     time.Time // the login before this one; notices are shown from here
	Ended     End
	Address   string // for the list of sessions; never for a decision
	Agent     string
	Factors   []Factor
}

// End is how a session was ended before its time.
type End struct {
	At     time.Time
	By     string // user id or "os:<uid>"
	Reason EndReason
}

// EndReason is why a session was ended.
type EndReason string

// The reasons.
const (
	EndLogout   EndReason = "logout"
	EndRevoked  EndReason = "revoked"
	EndDisabled EndReason = "disabled"
	EndReset    EndReason = "reset"
	EndPassword EndReason = "password_changed"
	EndFactor   EndReason = "factor_changed"
	EndRestore  EndReason = "restored"
)

// Rise is how a session gains a level or a factor: a new token in place of the
// old one, and the new times.
type Rise struct {
	Session  string
	From, To []byte // token hashes
	KeyID    string
	At       time.Time // becomes the last act; a lock by hand is gone
	Ends     time.Time
	LoggedIn time.Time
	Since    time.Time
	Factor   Factor // without a method: none is added
}

// Hold is who answers for what web apps ask: the desk (mfa §6.1).
type Hold struct {
	ID      string // new at every take-over, and when its session is unlocked
	Session string // empty: nobody
	User    string
	Since   time.Time
}

// Notice is something that the next login must show.
type Notice struct {
	User   string
	At     time.Time
	Kind   NoticeKind
	Detail string // label of a key, agent of a device
}

// KeyCheck is the self-check value of one key of one ring.
type KeyCheck struct {
	Ring, KeyID string
	Value       []byte
	Created     time.Time
}

// Housekeeping says what [Service.Sweep] deletes: rows that were over before
// the moment.
type Housekeeping struct {
	Sessions time.Time // ended or run out
	Grants   time.Time // used, void or run out
	Pending  time.Time // keys never confirmed
}

// Swept is how many rows were deleted.
type Swept struct{ Sessions, Grants, Pending int64 }
