package mfa

import (
	"context"
	"errors"
	"time"
)

// Account is a user as administrators see them.
type Account struct {
	User
	Enrolled bool      // has a password and a confirmed key
	Waits    time.Time // throttled until then; zero: not
	Locked   bool      // only [Service.UnlockUser] helps
}

var administer = []Role{RoleAdmin}

// Accounts lists all users by name. Errors: [ErrMFARequired], [ErrRoleRefused].
func (s *Service) Accounts(ctx context.Context, by By) ([]Account, error) {
	return act(ctx, s, by, Demand{Act: "list_users", Roles: administer}, func(tx Tx, _ actor) ([]Account, error) {
		users, err := tx.Users(ctx)
		if err != nil {
			return nil, err
		}
		var list []Account
		for _, u := range users {
			a, err := s.account(ctx, tx, u)
			if err != nil {
				return nil, err
			}
			list = append(list, a)
		}
		return list, nil
	})
}

func (s *Service) account(ctx context.Context, tx Tx, u User) (Account, error) {
	p, err := tx.Password(ctx, u.ID)
	if err != nil {
		return Account{}, err
	}
	totps, err := tx.TOTPs(ctx, u.ID)
	if err != nil {
		return Account{}, err
	}
	a := Account{User: u, Enrolled: p.PHC != "" && len(confirmed(totps)) > 0}
	for _, m := range append(Methods(), "") {
		row, err := tx.Throttle(ctx, ThrottleKey{userAccount(u).key, m})
		if err != nil {
			return Account{}, err
		}
		if row.NotBefore.After(s.now()) && row.NotBefore.After(a.Waits) {
			a.Waits = row.NotBefore
		}
		a.Locked = a.Locked || row.Tries >= Throttling.Limit
	}
	return a, nil
}

// AddUser makes an account and the grant for its first enrolment. Errors:
// [ErrUserNameInvalid], [ErrRoleInvalid], [ErrUserExists], and those of
// [Service.Authorise].
func (s *Service) AddUser(ctx context.Context, by By, typed string, role Role) (Invitation, error) {
	name, err := ParseUserName(typed)
	if err != nil {
		return Invitation{}, err
	}
	if _, err := ParseRole(string(role)); err != nil {
		return Invitation{}, err
	}
	return act(ctx, s, by, Demand{Act: "add_user", Roles: administer, StepUp: true}, func(tx Tx, a actor) (Invitation, error) {
		id, err := newID(s.random)
		if err != nil {
			return Invitation{}, err
		}
		u := User{ID: id, Name: name, Role: role, Created: s.now()}
		ok, err := tx.InsertUser(ctx, u)
		if err != nil {
			return Invitation{}, err
		}
		if !ok {
			return Invitation{}, ErrUserExists
		}
		if err := s.recordUser(ctx, tx, EventUserAdded, a, u, map[string]string{"role": string(role)}); err != nil {
			return Invitation{}, err
		}
		return s.invite(ctx, tx, u, PurposeEnrol, a)
	})
}

// ResetUser takes from a user what was lost and makes a grant to enrol anew. It
// ends the user's sessions, clears the throttle, and the next login shows it.
// Errors: [ErrUserUnknown], [ErrUserDisabled], [ErrOwnAccount],
// [ErrLostInvalid], and those of [Service.Authorise].
func (s *Service) ResetUser(ctx context.Context, by By, name string, lost Lost) (Invitation, error) {
	if _, err := ParseLost(string(lost)); err != nil {
		return Invitation{}, err
	}
	return onUser(ctx, s, by, "reset_user", name, func(tx Tx, a actor, u User) (Invitation, error) {
		if a.id == u.ID {
			return Invitation{}, ErrOwnAccount
		}
		if !u.enabled() {
			return Invitation{}, ErrUserDisabled
		}
		purpose, err := s.takeAway(ctx, tx, u, lost)
		if err != nil {
			return Invitation{}, err
		}
		if err := s.endSessions(ctx, tx, u.ID, "", a.id, EndReset); err != nil {
			return Invitation{}, err
		}
		if err := tx.ResetTries(ctx, userAccount(u).key); err != nil {
			return Invitation{}, err
		}
		if err := s.notice(ctx, tx, u.ID, NoticeReset, string(lost)); err != nil {
			return Invitation{}, err
		}
		if err := s.recordUser(ctx, tx, EventUserReset, a, u, map[string]string{"lost": string(lost)}); err != nil {
			return Invitation{}, err
		}
		return s.invite(ctx, tx, u, purpose, a)
	})
}

// takeAway removes the factors that a reset is about. What is left decides what
// the grant rests on; where nothing is left, all is new.
func (s *Service) takeAway(ctx context.Context, tx Tx, u User, lost Lost) (Purpose, error) {
	before, err := s.account(ctx, tx, u)
	if err != nil {
		return "", err
	}
	if lost != LostPhone || !before.Enrolled {
		if err := tx.DropPassword(ctx, u.ID); err != nil {
			return "", err
		}
	}
	if lost == LostPassword && before.Enrolled {
		return PurposePassword, nil
	}
	totps, err := tx.TOTPs(ctx, u.ID)
	if err != nil {
		return "", err
	}
	for _, t := range totps {
		if _, err := tx.DeleteTOTP(ctx, u.ID, t.ID); err != nil {
			return "", err
		}
	}
	if err := tx.ReplaceBackupCodes(ctx, u.ID, nil); err != nil {
		return "", err
	}
	if lost == LostPhone && before.Enrolled {
		return PurposePhone, nil
	}
	return PurposeEnrol, nil
}

// DisableUser shuts an account: its sessions end, its grants are void, its name
// answers like one that never was. Errors: [ErrUserUnknown], [ErrOwnAccount],
// and those of [Service.Authorise]. Only commands may shut the last
// administrator out, since only they can let one in again ([ErrLastAdmin]).
func (s *Service) DisableUser(ctx context.Context, by By, name string) error {
	return alter(ctx, s, by, "disable_user", name, func(tx Tx, a actor, u User) error {
		if a.id == u.ID {
			return ErrOwnAccount
		}
		if err := s.notTheLastAdmin(ctx, tx, a, u); err != nil {
			return err
		}
		if u.enabled() {
			u.Disabled = s.now()
		}
		if err := tx.UpdateUser(ctx, u); err != nil {
			return err
		}
		if err := tx.VoidGrants(ctx, u.ID, s.now()); err != nil {
			return err
		}
		if err := s.endSessions(ctx, tx, u.ID, "", a.id, EndDisabled); err != nil {
			return err
		}
		return s.recordUser(ctx, tx, EventUserDisabled, a, u, nil)
	})
}

// EnableUser opens a disabled account again, with the factors that it had.
// Errors: [ErrUserUnknown], and those of [Service.Authorise].
func (s *Service) EnableUser(ctx context.Context, by By, name string) error {
	return alter(ctx, s, by, "enable_user", name, func(tx Tx, a actor, u User) error {
		u.Disabled = time.Time{}
		if err := tx.UpdateUser(ctx, u); err != nil {
			return err
		}
		return s.recordUser(ctx, tx, EventUserEnabled, a, u, nil)
	})
}

// SetRole changes what a user may do, from the next request on. Errors as for
// [Service.DisableUser], and [ErrRoleInvalid].
func (s *Service) SetRole(ctx context.Context, by By, name string, role Role) error {
	if _, err := ParseRole(string(role)); err != nil {
		return err
	}
	return alter(ctx, s, by, "set_role", name, func(tx Tx, a actor, u User) error {
		if a.id == u.ID {
			return ErrOwnAccount
		}
		if role != RoleAdmin {
			if err := s.notTheLastAdmin(ctx, tx, a, u); err != nil {
				return err
			}
		}
		former := u.Role
		u.Role = role
		if err := tx.UpdateUser(ctx, u); err != nil {
			return err
		}
		if err := s.notice(ctx, tx, u.ID, NoticeRole, string(role)); err != nil {
			return err
		}
		return s.recordUser(ctx, tx, EventRoleChanged, a, u, map[string]string{"role": string(role), "former": string(former)})
	})
}

// UnlockUser clears the throttle of an account (mfa §4). Errors:
// [ErrUserUnknown], and those of [Service.Authorise].
func (s *Service) UnlockUser(ctx context.Context, by By, name string) error {
	return alter(ctx, s, by, "unlock_user", name, func(tx Tx, a actor, u User) error {
		if err := tx.ResetTries(ctx, userAccount(u).key); err != nil {
			return err
		}
		return s.recordUser(ctx, tx, EventUserUnlocked, a, u, nil)
	})
}

func alter(ctx context.Context, s *Service, by By, what, name string, fn func(Tx, actor, User) error) error {
	_, err := onUser(ctx, s, by, what, name, func(tx Tx, a actor, u User) (struct{}, error) {
		return struct{}{}, fn(tx, a, u)
	})
	return err
}

// onUser runs an administrator's act on another user's account.
func onUser[T any](ctx context.Context, s *Service, by By, what, typed string, fn func(Tx, actor, User) (T, error)) (T, error) {
	return act(ctx, s, by, Demand{Act: what, Roles: administer, StepUp: true}, func(tx Tx, a actor) (T, error) {
		var none T
		name, err := ParseUserName(typed)
		if err != nil {
			return none, errors.Join(ErrUserUnknown, err)
		}
		u, err := tx.UserNamed(ctx, name)
		if err != nil {
			return none, err
		}
		return fn(tx, a, u)
	})
}

func (s *Service) notTheLastAdmin(ctx context.Context, tx Tx, a actor, u User) error {
	if a.session() == "" || u.Role != RoleAdmin {
		return nil
	}
	users, err := tx.Users(ctx)
	if err != nil {
		return err
	}
	for _, other := range users {
		if other.ID != u.ID && other.Role == RoleAdmin && other.enabled() {
			return nil
		}
	}
	return ErrLastAdmin
}

func (s *Service) recordUser(ctx context.Context, tx Tx, kind EventKind, a actor, u User, attributes map[string]string) error {
	return tx.Record(ctx, Event{Kind: kind, At: s.now(), Actor: a.id, Subject: u.ID, Session: a.session(), Attributes: attributes})
}
