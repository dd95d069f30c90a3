package mfa

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"
)

// Purpose is what a grant is good for, and nothing else.
type Purpose string

// The purposes follow the recovery row of NIST's AAL2 (mfa §1): the grant is
// one code, and beside it stands a factor that the user still has. Without one,
// the administrator has proven the identity again, in person.
const (
	PurposeEnrol    Purpose = "enrol"          // new password, new key: first enrolment, or all is lost
	PurposePhone    Purpose = "reset_phone"    // the present password, new key
	PurposePassword Purpose = "reset_password" // new password, the present key
)

// GrantLife is how long a grant is good: printed on a Friday, used on a Monday.
const GrantLife = 72 * time.Hour

// Lost is what a user has lost when an administrator resets the account.
type Lost string

// What can be lost.
const (
	LostPhone    Lost = "phone"    // and the backup codes
	LostPassword Lost = "password" // only
	LostBoth     Lost = "both"     // the administrator vouches for the identity
)

// ParseLost takes one of the three words. Error: [ErrLostInvalid].
func ParseLost(s string) (Lost, error) {
	switch l := Lost(s); l {
	case LostPhone, LostPassword, LostBoth:
		return l, nil
	}
	return "", fmt.Errorf("parse reset: %w", ErrLostInvalid)
}

// Invitation is a grant in clear, shown once to who made it.
type Invitation struct {
	User    User
	Purpose Purpose
	Grant   Hidden
	Ends    time.Time
}

// invite makes a grant; those that the user had are void from now on.
func (s *Service) invite(ctx context.Context, tx Tx, u User, p Purpose, a actor) (Invitation, error) {
	id, err := newID(s.random)
	if err != nil {
		return Invitation{}, err
	}
	raw, err := randomBytes(s.random, tokenBytes)
	if err != nil {
		return Invitation{}, err
	}
	now := s.now()
	inv := Invitation{User: u, Purpose: p, Grant: Hide(base64.RawURLEncoding.EncodeToString(raw)), Ends: now.Add(GrantLife)}
	if err := tx.VoidGrants(ctx, u.ID, now); err != nil {
		return Invitation{}, err
	}
	err = tx.InsertGrant(ctx, Grant{
		ID: id, User: u.ID, Purpose: p, Hash: grantHash(inv.Grant), MadeBy: a.id, Created: now, Ends: inv.Ends,
	})
	if err != nil {
		return Invitation{}, err
	}
	return inv, tx.Record(ctx, Event{
		Kind: EventGrantMade, At: now, Actor: a.id, Subject: u.ID, Session: a.session(),
		Attributes: map[string]string{"grant": id, "purpose": string(p), "ends": inv.Ends.Format(time.RFC3339)},
	})
}

func grantHash(g Hidden) []byte { return hashSecret("grant", g.Reveal()) }

// granted is what a grant opens.
type granted struct {
	grant  Grant
	user   User
	stored Password
	keys   []TOTP // that the code of the second step may come from
}

// granted finds a grant that can still be used. Whatever is wrong with it, and
// whoever it was for, the answer is [ErrGrantRefused].
func (s *Service) granted(ctx context.Context, tx Tx, typed Hidden) (granted, error) {
	g, err := tx.GrantByHash(ctx, grantHash(typed))
	if err != nil {
		return granted{}, err
	}
	if typed.empty() || g.ID == "" || !g.Used.IsZero() || !g.Void.IsZero() || !s.now().Before(g.Ends) {
		return granted{}, ErrGrantRefused
	}
	user, err := tx.User(ctx, g.User)
	if err != nil {
		return granted{}, err
	}
	if !user.enabled() {
		return granted{}, ErrGrantRefused
	}
	stored, err := tx.Password(ctx, user.ID)
	if err != nil {
		return granted{}, err
	}
	totps, err := tx.TOTPs(ctx, user.ID)
	if err != nil {
		return granted{}, err
	}
	return granted{grant: g, user: user, stored: stored, keys: g.keys(totps)}, nil
}

// keys: a reset of the password rests on the keys in use, every other grant on
// the one that its first step made.
func (g Grant) keys(totps []TOTP) []TOTP {
	if g.Purpose == PurposePassword {
		return confirmed(totps)
	}
	var own []TOTP
	for _, t := range totps {
		if t.Confirmed.IsZero() && t.PendingFor == pendingForGrant(g.ID) {
			own = append(own, t)
		}
	}
	return own
}

// refuseGrant writes the entry of a refused grant and answers.
func (s *Service) refuseGrant(ctx context.Context, typed Hidden) error {
	err := s.store.Update(ctx, func(tx Tx) error {
		g, err := tx.GrantByHash(ctx, grantHash(typed))
		if err != nil {
			return err
		}
		return tx.Record(ctx, Event{
			Kind: EventGrantRefused, At: s.now(), Subject: g.User, Attributes: map[string]string{"grant": g.ID},
		})
	})
	if err != nil {
		return err
	}
	return ErrGrantRefused
}
