package counter

import (
	"errors"
	"slices"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/thaiid"
)

// Purposes are the names of those that a policy defines, in its order: what an
// origin can be granted.
func Purposes(policy proofing.Policy) []string {
	names := make([]string, len(policy.Purposes))
	for i, p := range policy.Purposes {
		names[i] = p.Name
	}
	return names
}

// Why something is refused before any reader is looked at.
var (
	// ErrPurposeUnknown: a purpose that the agency's policy does not define.
	ErrPurposeUnknown = errors.New("purpose unknown")
	// ErrPurposeRefused: a purpose that this origin may not have, or not by this call.
	ErrPurposeRefused = errors.New("purpose refused")
	// ErrFieldRefused: a field that was not granted to this origin, or to the purpose.
	ErrFieldRefused = errors.New("field refused")
)

// DefaultGrant is what an origin gets unless the administrator says otherwise:
// to fill forms, with every field but laser_code and nhso (agent-security §6.7).
func DefaultGrant() api.Grant {
	grant := api.Grant{Purposes: []string{proofing.FormFill}}
	for _, f := range thaiid.AllFields() {
		if f != thaiid.FieldLaserCode && f != thaiid.FieldNHSO {
			grant.Fields = append(grant.Fields, string(f))
		}
	}
	return grant
}

// OwnGrant is what our own console may ask for at the routes of web apps: every
// purpose of the policy but those of the drop-in ports, with the fields that an
// origin gets by default.
func OwnGrant(policy proofing.Policy) api.Grant {
	grant := DefaultGrant()
	grant.Purposes = nil
	for _, p := range policy.Purposes {
		if p.Use != proofing.UseCompat {
			grant.Purposes = append(grant.Purposes, p.Name)
		}
	}
	return grant
}

// allow says whether a purpose and fields are granted to an origin, for a use:
// purpose known, then allowed, then the fields, to the origin and to the purpose
// (agent-security §4, step 10; proof §11, step 9). The empty origin is our own
// console.
func allow(policy proofing.Policy, use proofing.Use, origin string, grant api.Grant, purpose string, fields []string) (proofing.Purpose, error) {
	p, known := policy.Purpose(purpose)
	switch {
	case !known:
		return p, ErrPurposeUnknown
	case p.Use != use, !slices.Contains(grant.Purposes, purpose), !p.OpenTo(origin):
		return p, ErrPurposeRefused
	}
	for _, f := range fields {
		if !slices.Contains(grant.Fields, f) || !p.Allows(thaiid.Field(f)) {
			return p, &api.FieldError{Field: f, Err: ErrFieldRefused}
		}
	}
	return p, nil
}
