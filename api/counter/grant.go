package counter

import (
	"errors"
	"slices"

	"chipproof/api"
	"chipproof/proofing/thaiid"
)

// Purposes that ship (design §6). Others are defined in the agency's policy.
const (
	// FormFill: fill a form, no judgement, no signature.
	FormFill = "form_fill"
	// IdentityProofing: prove who someone is; never by a plain read.
	IdentityProofing = "identity_proofing"
	// Compat: what the drop-in ports read for, and only they.
	Compat = "compat"
)

// Purposes are all that there are so far.
func Purposes() []string { return []string{FormFill, IdentityProofing, Compat} }

// Why a read is refused before any reader is looked at.
var (
	// ErrPurposeUnknown: a purpose that no policy defines.
	ErrPurposeUnknown = errors.New("purpose unknown")
	// ErrPurposeRefused: a purpose that this origin may not have, or not by a plain read.
	ErrPurposeRefused = errors.New("purpose refused")
	// ErrFieldRefused: a field that this origin was not granted.
	ErrFieldRefused = errors.New("field refused")
)

// DefaultGrant is what an origin gets unless the administrator says otherwise:
// to fill forms, with every field but laser_code and nhso (agent-security §6.7).
func DefaultGrant() api.Grant {
	grant := api.Grant{Purposes: []string{FormFill}}
	for _, f := range thaiid.AllFields() {
		if f != thaiid.FieldLaserCode && f != thaiid.FieldNHSO {
			grant.Fields = append(grant.Fields, string(f))
		}
	}
	return grant
}

// allow says whether a plain read for that purpose and those fields is granted:
// purpose known, then allowed, then the fields (agent-security §4, step 10).
func allow(grant api.Grant, purpose string, fields []field) error {
	switch purpose {
	case FormFill:
	case IdentityProofing, Compat:
		return ErrPurposeRefused
	default:
		return ErrPurposeUnknown
	}
	if !slices.Contains(grant.Purposes, purpose) {
		return ErrPurposeRefused
	}
	for _, f := range fields {
		if !slices.Contains(grant.Fields, string(f)) {
			return &api.FieldError{Field: string(f), Err: ErrFieldRefused}
		}
	}
	return nil
}
