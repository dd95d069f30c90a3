package mfa

import "time"

// Event is one thing that happened and must stand in the audit log. The store
// writes it in the transaction of the act itself, so that there is no act
// without an entry (assurance §5.1). It never holds a secret, and of a name
// that belongs to no account only a keyed hash.
type Event struct {
	Kind    EventKind
	At      time.Time
	Actor   string // id of the user who acted, "os:<uid>", or empty for nobody known
	Subject string // id of the user it is about, or "unknown:<keyed hash>" for a name without account
	Session string // id of the session, never its token; may be empty
	// Attributes are the details: short words and ids, nothing secret.
	Attributes map[string]string
}

// EventKind names what happened. The values are stored for years, so they only grow.
type EventKind string

// Authentication, success and failure.
const (
	EventPasswordAccepted EventKind = "password_accepted" // first factor right; attribute flow
	EventLoggedIn         EventKind = "logged_in"         // both factors right
	EventLoginFailed      EventKind = "login_failed"      // attributes flow, method
	EventLoginThrottled   EventKind = "login_throttled"   // a try that was not checked
	EventSteppedUp        EventKind = "stepped_up"
	EventLocked           EventKind = "session_locked"
	EventUnlocked         EventKind = "session_unlocked" // attributes locked: by_hand, idle; hold, where it holds the desk again
	EventLoggedOut        EventKind = "logged_out"
	EventSessionEnded     EventKind = "session_ended" // by its owner, from the list
	EventRefused          EventKind = "refused"       // attributes act, reason
)

// Changes to what a person logs in with.
const (
	EventGrantMade         EventKind = "grant_made"
	EventGrantRefused      EventKind = "grant_refused"
	EventEnrolmentStarted  EventKind = "enrolment_started"
	EventEnrolled          EventKind = "enrolled"
	EventFactorAdded       EventKind = "factor_added"
	EventFactorRemoved     EventKind = "factor_removed"
	EventPasswordChanged   EventKind = "password_changed"
	EventPasswordRehashed  EventKind = "password_rehashed"
	EventBackupCodesMade   EventKind = "backup_codes_made"
	EventBackupCodeUsed    EventKind = "backup_code_used"
	EventEmergencyMade     EventKind = "emergency_code_made"
	EventEmergencyUsed     EventKind = "emergency_code_used" // the seal is broken
	EventSecretsResealed   EventKind = "secrets_resealed"
	EventCredentialsVoided EventKind = "credentials_voided" // after a restore
)

// Changes to accounts, and the desk.
const (
	EventUserAdded    EventKind = "user_added"
	EventUserDisabled EventKind = "user_disabled"
	EventUserEnabled  EventKind = "user_enabled"
	EventUserReset    EventKind = "user_reset"
	EventUserUnlocked EventKind = "user_unlocked"
	EventRoleChanged  EventKind = "role_changed"
	EventDeskTaken    EventKind = "desk_taken" // attribute former: user id of who held it
	EventDeskLeft     EventKind = "desk_left"
	EventSwept        EventKind = "swept" // old rows deleted, with their numbers
)
