package mfa

import (
	"context"
	"time"
)

// Store is where everything of this package stands.
//
// Update runs fn in one serialisable transaction, durable when it returns nil;
// if fn or the commit fails, nothing of it has happened. View runs fn over one
// consistent state and must not write. Both pass fn's error through unchanged.
// fn must not call the store again.
type Store interface {
	Update(ctx context.Context, fn func(Tx) error) error
	View(ctx context.Context, fn func(Tx) error) error
}

// Tx is what a transaction offers. Methods that return a bool are guards: one
// conditional statement that says whether it changed exactly one row, so that
// of two callers, or two processes, at most one hears true.
type Tx interface {
	UserRows
	UserEdits
	PasswordRows
	TOTPRows
	TOTPEdits
	TOTPGuards
	BackupCodeRows
	EmergencyCodeRows
	GrantRows
	GrantEdits
	ThrottleGuard
	ThrottleRows
	SessionRows
	SessionEdits
	SessionEnds
	DeskRows
	NoticeRows
	ClockRow
	KeyRows
	KeyUse
	Restoring
	AuditLog
}

// AuditLog writes an event into the same transaction. If it fails, the act is
// undone and the caller gets that error: no act without an entry.
type AuditLog interface {
	Record(ctx context.Context, e Event) error
}

// UserRows reads accounts. Error: [ErrUserUnknown].
type UserRows interface {
	User(ctx context.Context, id string) (User, error)
	UserNamed(ctx context.Context, name string) (User, error)
	Users(ctx context.Context) ([]User, error) // by name
}

// UserEdits changes accounts.
type UserEdits interface {
	InsertUser(ctx context.Context, u User) (bool, error) // false: the name is taken
	UpdateUser(ctx context.Context, u User) error         // role, disabled, last login
}

// PasswordRows keeps one password a user. One who has none gets a zero row.
type PasswordRows interface {
	Password(ctx context.Context, user string) (Password, error)
	SetPassword(ctx context.Context, p Password) error
	DropPassword(ctx context.Context, user string) error
}

// TOTPRows reads and makes keys, confirmed and not.
type TOTPRows interface {
	TOTPs(ctx context.Context, user string) ([]TOTP, error) // oldest first
	AllTOTPs(ctx context.Context) ([]TOTP, error)
	InsertTOTP(ctx context.Context, t TOTP) error
}

// TOTPEdits removes keys and seals them anew.
type TOTPEdits interface {
	DeleteTOTP(ctx context.Context, user, id string) (bool, error)
	DeletePendingTOTP(ctx context.Context, pendingFor string) error
	// ResealTOTP replaces one sealed form by another, if it is still the first.
	ResealTOTP(ctx context.Context, id string, from, to []byte) (bool, error)
}

// TOTPGuards are the one-time guards of mfa §2.3.
type TOTPGuards interface {
	// AdvanceStep takes step, if it is later than every step taken before and
	// the key is confirmed.
	AdvanceStep(ctx context.Context, id string, step int64) (bool, error)
	// ConfirmTOTP activates an inactive key and takes the step of the code that
	// did it.
	ConfirmTOTP(ctx context.Context, id string, step int64, at time.Time) (bool, error)
}

// BackupCodeRows keeps one set of codes a user.
type BackupCodeRows interface {
	BackupCodes(ctx context.Context, user string) (unused int, err error)
	// ReplaceBackupCodes voids what is unused and puts a new set, which may be
	// empty, in its place. Used ones stay, for the sessions that rest on them.
	ReplaceBackupCodes(ctx context.Context, user string, set []BackupCode) error
	// UseBackupCode strikes off one unused code of this user and names it.
	UseBackupCode(ctx context.Context, user string, hash []byte, at time.Time) (id string, ok bool, err error)
}

// EmergencyCodeRows keeps the one code of the sealed sheet.
type EmergencyCodeRows interface {
	// EmergencyCode is the newest; a zero row if there never was one.
	EmergencyCode(ctx context.Context) (EmergencyCode, error)
	// ReplaceEmergencyCode voids what is unused and puts c in its place.
	ReplaceEmergencyCode(ctx context.Context, c EmergencyCode) error
	UseEmergencyCode(ctx context.Context, hash []byte, user string, at time.Time) (id string, ok bool, err error)
}

// GrantRows reads and makes grants. An unknown hash gives a zero row.
type GrantRows interface {
	GrantByHash(ctx context.Context, hash []byte) (Grant, error)
	InsertGrant(ctx context.Context, g Grant) error
	// UseGrant uses up a grant that is started, unused, not void and not past its end.
	UseGrant(ctx context.Context, id string, now time.Time) (bool, error)
}

// GrantEdits changes grants.
type GrantEdits interface {
	// StartGrant notes the first step, under the condition of UseGrant but that
	// of being started. It may be done again.
	StartGrant(ctx context.Context, id string, pending Password, now time.Time) (bool, error)
	VoidGrants(ctx context.Context, user string, at time.Time) error
}

// ThrottleGuard takes tries before anything is checked (mfa §4).
type ThrottleGuard interface {
	// ReserveTry takes one try of key, if its count is below b.Limit and its
	// wait is over, and sets the wait that a failure costs.
	ReserveTry(ctx context.Context, key ThrottleKey, b Backoff, now time.Time) (Reservation, bool, error)
	// ReturnTry gives a try back, together with the wait that it set.
	ReturnTry(ctx context.Context, r Reservation) error
}

// ThrottleRows reads and clears counters.
type ThrottleRows interface {
	Throttle(ctx context.Context, key ThrottleKey) (Throttle, error)
	ResetTries(ctx context.Context, account string) error
}

// SessionRows reads and makes sessions. An unknown token gives a zero row.
type SessionRows interface {
	SessionByToken(ctx context.Context, hash []byte) (SessionRow, error)
	Sessions(ctx context.Context, user string) ([]SessionRow, error) // not ended, newest first
	InsertSession(ctx context.Context, s SessionRow) error
}

// SessionEdits changes a session that has not ended.
type SessionEdits interface {
	// RaiseSession exchanges the token, if it is still r.From, and adds a factor.
	RaiseSession(ctx context.Context, r Rise) (bool, error)
	// TouchSession notes an act at now, if the one before came later than
	// idleSince and the session isn't locked by hand.
	TouchSession(ctx context.Context, id string, now, idleSince time.Time) (bool, error)
	LockSession(ctx context.Context, id string, at time.Time) (bool, error)
}

// SessionEnds ends sessions and reads those that the desk needs.
type SessionEnds interface {
	Session(ctx context.Context, id string) (SessionRow, error) // zero row if unknown
	EndSession(ctx context.Context, id string, e End) (bool, error)
	// EndSessions ends all of a user but the one excepted, which may be empty,
	// and says how many.
	EndSessions(ctx context.Context, user, except string, e End) (int64, error)
}

// DeskRows keeps who holds the desk: one row.
type DeskRows interface {
	Desk(ctx context.Context) (Hold, error)
	// TakeDesk puts h in place of the hold with the id former.
	TakeDesk(ctx context.Context, h Hold, former string) (bool, error)
	// LeaveDesk empties it, if that session holds it.
	LeaveDesk(ctx context.Context, session string) (bool, error)
}

// NoticeRows keeps what the next login must show.
type NoticeRows interface {
	InsertNotice(ctx context.Context, n Notice) error
	Notices(ctx context.Context, user string, since time.Time) ([]Notice, error) // oldest first
	// KnownAgent says whether a login of this user came from that agent before.
	KnownAgent(ctx context.Context, user, agent string) (bool, error)
}

// ClockRow counts accepted codes in a row that came from a neighbouring step.
type ClockRow interface {
	// NoteStep takes -1, 0 or 1: a step of the same sign as the run's lengthens
	// it, another begins a new one, 0 ends it.
	NoteStep(ctx context.Context, offset int) error
	// StepRun is the run's length, below zero for codes of steps before ours.
	StepRun(ctx context.Context) (int, error)
}

// KeyRows keeps self-check values and deletes what is over.
type KeyRows interface {
	KeyChecks(ctx context.Context) ([]KeyCheck, error)
	InsertKeyCheck(ctx context.Context, c KeyCheck) (bool, error) // false: there is one
	Sweep(ctx context.Context, h Housekeeping) (Swept, error)
}

// KeyUse counts what rests on pepper keys: passwords, and those that wait in
// grants which can still be used. (What rests on the other ring is read from
// the sealed values themselves.)
type KeyUse interface {
	PepperUse(ctx context.Context, now time.Time) (map[string]int, error)
}

// Restoring undoes what a backup brings back to life (assurance §5.1).
type Restoring interface {
	VoidCodes(ctx context.Context, at time.Time) error  // backup codes, emergency code, grants
	EndAllSessions(ctx context.Context, e End) error    // and empties the desk
	MoveStepGuards(ctx context.Context, to int64) error // never backwards
}
