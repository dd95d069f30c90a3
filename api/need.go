package api

import (
	"slices"

	"chipproof/mfa"
)

// Need is what a console route asks of the session that calls it. A session with
// one factor may give its second, a locked one may unlock; both may look at
// themselves and end, and nothing else (agent-security §4).
type Need string

const (
	// Active: both factors, not locked. An empty Need is this.
	Active Need = ""
	// AnySession: whatever its state. To look at it and to end it.
	AnySession Need = "any session"
	// Rising: it waits for its second factor, or it is active and gives another
	// one as a step-up.
	Rising Need = "second factor"
	// Locked: it waits for its password.
	Locked Need = "locked"
	// Enrolling: active, or opened by the sealed sheet for somebody who has no
	// authenticator and can do nothing but enrol one (mfa §7, §8).
	Enrolling Need = "enrolling"
)

func (n Need) admits(s mfa.Session) bool {
	switch n {
	case AnySession:
		return true
	case Rising:
		return s.State != mfa.StateLocked
	case Locked:
		return s.State == mfa.StateLocked
	case Enrolling:
		return s.State == mfa.StateActive || s.MustEnrol && s.Emergency
	}
	return s.State == mfa.StateActive
}

// Administrators are the roles that look after users, origins and keys.
func Administrators() []mfa.Role { return []mfa.Role{mfa.RoleAdmin} }

// Clerks are the roles that serve at a counter: in a small office the
// administrator does. The data protection officer watches, and does not.
func Clerks() []mfa.Role { return []mfa.Role{mfa.RoleStaff, mfa.RoleAdmin} }

// Officers are the roles that look after scans and incidents: the data protection
// officer.
func Officers() []mfa.Role { return []mfa.Role{mfa.RoleDPO} }

// grantedBy says whether an origin's grant opens the route.
func (r Route) grantedBy(grant Grant) bool {
	return r.Purpose == "" || slices.Contains(grant.Purposes, r.Purpose)
}

// open says whether people of that role may call the route.
func (r Route) open(role mfa.Role) bool {
	return len(r.Roles) == 0 || slices.Contains(r.Roles, role)
}
