package mfa

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Role is what a person may do beyond logging in.
type Role string

// The three roles of both programs.
const (
	RoleStaff Role = "staff" // serves at the counter
	RoleDPO   Role = "dpo"   // data protection officer: reads audit, keeps incidents
	RoleAdmin Role = "admin" // users, origins, keys, backup
)

// Roles are all there are.
func Roles() []Role { return []Role{RoleStaff, RoleDPO, RoleAdmin} }

// ParseRole takes the name of a role, byte for byte. Error: [ErrRoleInvalid].
func ParseRole(s string) (Role, error) {
	switch r := Role(s); r {
	case RoleStaff, RoleDPO, RoleAdmin:
		return r, nil
	}
	return "", fmt.Errorf("parse role: %w", ErrRoleInvalid)
}

// User is one account.
type User struct {
	ID        string // internal id; what audit entries and other rows hold
	Name      string // what is typed at login, in the form of [ParseUserName]
	Role      Role
	Created   time.Time
	Disabled  time.Time // zero while the account may be used
	LastLogin time.Time // last login with both factors; zero before the first
}

func (u User) enabled() bool { return u.Disabled.IsZero() }

// MaxUserName is the longest name of a user, in code points.
const MaxUserName = 64

// ParseUserName brings a typed name into its one form: NFKC, lower case, no
// space around it. Letters (Thai ones too), digits and the marks . _ - make a
// name. Error: [ErrUserNameInvalid].
func ParseUserName(typed string) (string, error) {
	if len(typed) > 4*MaxUserName || !utf8.ValidString(typed) {
		return "", fmt.Errorf("parse user name: %w", ErrUserNameInvalid)
	}
	name := norm.NFKC.String(strings.ToLower(norm.NFKC.String(strings.TrimSpace(typed))))
	n := utf8.RuneCountInString(name)
	if n == 0 || n > MaxUserName {
		return "", fmt.Errorf("parse user name: %w: %d code points", ErrUserNameInvalid, n)
	}
	for i, r := range name {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r)
		inner := i > 0 && (unicode.IsMark(r) || strings.ContainsRune("._-", r))
		if !letter && !inner {
			return "", fmt.Errorf("parse user name: %w", ErrUserNameInvalid)
		}
	}
	return name, nil
}
