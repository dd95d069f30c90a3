package audit

import "slices"

// Kind names what an entry is about. The values are stored for years, so the
// table only grows.
type Kind string

// Class groups kinds that are kept for the same time (assurance §5.4).
type Class string

// The classes.
const (
	ClassAuthentication Class = "authentication" // who logged in, or tried: traffic data
	ClassAuthorisation  Class = "authorisation"  // what was refused
	ClassAdministration Class = "administration" // staff, roles, factors, origins, keys, configuration
	ClassRead           Class = "read"           // cards read to fill a form
	ClassCompatRead     Class = "compat_read"    // cards read for a drop-in port
	ClassProofing       Class = "proofing"       // kept as the agency's policy states
	ClassBreach         Class = "breach"         // kept as the agency's policy states
	ClassScan           Class = "scan"           // scans and reports
	ClassLog            Class = "log"            // about the log itself: kept for ever
)

// The kinds that package audit and its store write themselves or look at.
const (
	KindErased   Kind = "erased"   // payloads erased on demand; attributes numbers, reason
	KindDeleted  Kind = "deleted"  // payloads deleted by retention; attributes numbers, class, before
	KindRestored Kind = "restored" // both heads of a restore, see [Restore]
	KindBackup   Kind = "backup_made"
	KindExport   Kind = "audit_exported"
	KindSheet    Kind = "sheet_made"
	KindPolicy   Kind = "retention_changed"
)

// The kinds of cards read and people proofed.
const (
	KindRead         Kind = "read"          // attributes purpose, origin, fields, pseudonym
	KindReadFailed   Kind = "read_failed"   // the same and code; nothing released
	KindReadApproved Kind = "read_approved" // the clerk's click for --ask always
	KindReadDeclined Kind = "read_declined"
	KindCompatRead   Kind = "compat_read" // attributes port, origin, fields, pseudonym
	// KindCompatArmed and KindCompatDisarmed: the clerk lets a site of a drop-in
	// port be sent the card on insertion, or no longer; attributes port, origin,
	// and cause where it was not the clerk's click.
	KindCompatArmed    Kind = "compat_armed"
	KindCompatDisarmed Kind = "compat_disarmed"
	// KindProofing is a decision: attributes as for read, and proofing, txn,
	// policy, audience, compared, facts, levels, decision, reasons, issuer_code, and
	// record, the digest of the row that the decision can be worked out from again.
	KindProofing    Kind = "proofing"
	KindFactsStated Kind = "facts_stated"   // what a clerk saw; attributes proofing, facts, printed_expiry
	KindProofingEnd Kind = "proofing_ended" // without a decision; attributes proofing, code, origin, purpose, fields
)

// The kinds of what is changed and refused.
const (
	KindRequestRefused Kind = "request_refused" // by the guard; attributes code, origin
	KindOriginAdded    Kind = "origin_added"
	KindOriginChanged  Kind = "origin_changed"
	KindOriginRevoked  Kind = "origin_revoked"
	KindOriginUsed     Kind = "origin_used" // first use of a day
	KindKeysRotated    Kind = "keys_rotated"
	KindKeyAdded       Kind = "key_added" // attributes ring, key; of a proof key signs_from
	KindKeyRetired     Kind = "key_retired"
	KindKeyRevoked     Kind = "key_revoked"
	KindPurposes       Kind = "purposes_changed" // another policy: attributes version, digest, before
	KindConfiguration  Kind = "configuration_changed"
	KindSetUp          Kind = "set_up"
	KindStarted        Kind = "started"
	KindStopped        Kind = "stopped"
)

// The kinds of the office program.
const (
	KindBreach  Kind = "breach_event"
	KindScan    Kind = "scan"
	KindFinding Kind = "finding_changed"
	KindReport  Kind = "report"
)

// KindInfo is one row of the table of kinds.
type KindInfo struct {
	Kind  Kind
	Class Class
}

// Kinds is the table of everything that is logged (assurance §5.3), sorted by
// kind. Those of logins are named as package mfa names its events.
func Kinds() []KindInfo { return slices.Clone(kinds) }

// Class is the class that entries of a kind get; false for an unknown one.
func (k Kind) Class() (Class, bool) {
	i, ok := slices.BinarySearchFunc(kinds, k, func(row KindInfo, k Kind) int {
		switch {
		case row.Kind < k:
			return -1
		case row.Kind > k:
			return 1
		}
		return 0
	})
	if !ok {
		return "", false
	}
	return kinds[i].Class, true
}

// Classes are all classes, in the order of their constants.
func Classes() []Class {
	return []Class{
		ClassAuthentication, ClassAuthorisation, ClassAdministration, ClassRead, ClassCompatRead,
		ClassProofing, ClassBreach, ClassScan, ClassLog,
	}
}

// kinds is sorted; a test holds it.
var kinds = []KindInfo{
	{KindAssetsChanged, ClassScan},
	{KindExport, ClassLog},
	{"backup_code_used", ClassAuthentication},
	{"backup_codes_made", ClassAdministration},
	{KindBackup, ClassLog},
	{KindBreach, ClassBreach},
	{KindCompatArmed, ClassCompatRead},
	{KindCompatDisarmed, ClassCompatRead},
	{KindCompatRead, ClassCompatRead},
	{KindConfiguration, ClassAdministration},
	{"credentials_voided", ClassAdministration},
	{KindDeleted, ClassLog},
	{"desk_left", ClassAuthentication},
	{"desk_taken", ClassAuthentication},
	{"emergency_code_made", ClassAdministration},
	{"emergency_code_used", ClassAuthentication},
	{"enrolled", ClassAdministration},
	{"enrolment_started", ClassAdministration},
	{KindErased, ClassLog},
	{"factor_added", ClassAdministration},
	{"factor_removed", ClassAdministration},
	{KindFactsStated, ClassProofing},
	{KindFinding, ClassScan},
	{KindFindingImported, ClassScan},
	{"grant_made", ClassAdministration},
	{"grant_refused", ClassAuthentication},
	{KindIncidentDismissed, ClassBreach},
	{KindIncidentDocument, ClassBreach},
	{KindIncidentEvent, ClassBreach},
	{KindIncidentOpened, ClassBreach},
	{KindIncidentProposed, ClassBreach},
	{KindIncidentWarned, ClassBreach},
	{KindKeyAdded, ClassAdministration},
	{KindKeyRetired, ClassAdministration},
	{KindKeyRevoked, ClassAdministration},
	{KindKeysRotated, ClassAdministration},
	{"logged_in", ClassAuthentication},
	{"logged_out", ClassAuthentication},
	{"login_failed", ClassAuthentication},
	{"login_throttled", ClassAuthentication},
	{KindOriginAdded, ClassAdministration},
	{KindOriginChanged, ClassAdministration},
	{KindOriginRevoked, ClassAdministration},
	{KindOriginUsed, ClassAdministration},
	{"password_accepted", ClassAuthentication},
	{"password_changed", ClassAdministration},
	{"password_rehashed", ClassAdministration},
	{KindProofing, ClassProofing},
	{KindProofingEnd, ClassProofing},
	{KindPurposes, ClassAdministration},
	{KindRead, ClassRead},
	{KindReadApproved, ClassRead},
	{KindReadDeclined, ClassRead},
	{KindReadFailed, ClassRead},
	{"refused", ClassAuthorisation},
	{KindReport, ClassScan},
	{KindReportMade, ClassScan},
	{KindRequestRefused, ClassAuthorisation},
	{KindRestored, ClassLog},
	{KindPolicy, ClassLog},
	{"role_changed", ClassAdministration},
	{KindScan, ClassScan},
	{KindScanEnded, ClassScan},
	{KindScanStarted, ClassScan},
	{"secrets_resealed", ClassAdministration},
	{"session_ended", ClassAuthentication},
	{"session_locked", ClassAuthentication},
	{"session_unlocked", ClassAuthentication},
	{KindSetUp, ClassAdministration},
	{KindSheet, ClassLog},
	{KindStarted, ClassAdministration},
	{"stepped_up", ClassAuthentication},
	{KindStopped, ClassAdministration},
	{"swept", ClassAdministration},
	{KindTakedownProven, ClassScan},
	{KindTaskAgain, ClassScan},
	{KindTaskClaimed, ClassScan},
	{KindTaskOpened, ClassScan},
	{"user_added", ClassAdministration},
	{"user_disabled", ClassAdministration},
	{"user_enabled", ClassAdministration},
	{"user_reset", ClassAdministration},
	{"user_unlocked", ClassAdministration},
}
