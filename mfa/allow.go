package mfa

import (
	"context"
	"errors"
	"slices"
)

// By is in whose name something is done: a session's, or that of whoever can
// write the data directory.
type By struct {
	token Token
	os    string
}

// BySession acts for the user of a session, with that user's role and factors.
func BySession(token Token) By { return By{token: token} }

// ByOS acts for an account of the operating system that can write the data
// directory, and so for an administrator; entries say os:<uid>. Only commands
// may use it, never a request.
func ByOS(uid string) By { return By{os: "os:" + uid} }

// Demand is what an act asks of a session beyond being active.
type Demand struct {
	Act    string // for the audit entry of a refusal
	Roles  []Role // any of these; none: every role
	StepUp bool   // a second factor not older than [StepUpAge]
}

// Authorise says whether an active session may do an act that belongs to another
// package. Errors: [ErrMFARequired], [ErrRoleRefused], [ErrStepUpRequired], in
// this order; a refusal of the latter two is an audit entry.
func (s *Service) Authorise(ctx context.Context, token Token, d Demand) (Session, error) {
	shown, err := view(ctx, s, func(tx Tx) (Session, error) {
		l, err := s.active(ctx, tx, token)
		if err != nil {
			return Session{}, err
		}
		if err := l.meets(d); err != nil {
			return Session{}, err
		}
		return s.show(ctx, tx, l)
	})
	return shown, s.noteRefusal(ctx, BySession(token), d, err)
}

func (l live) meets(d Demand) error {
	if len(d.Roles) > 0 && !slices.Contains(d.Roles, l.user.Role) {
		return ErrRoleRefused
	}
	if d.StepUp && !fresh(l.row.Factors, l.user.ID, l.now) {
		return ErrStepUpRequired
	}
	return nil
}

// actor is who an act is done by, once it is allowed.
type actor struct {
	id string // user id or "os:<uid>"
	l  live   // zero for the operating system
}

func (a actor) session() string { return a.l.row.ID }

// act runs one act in a transaction in which it is also judged, so that a
// session which ends meanwhile acts no more.
func act[T any](ctx context.Context, s *Service, by By, d Demand, fn func(Tx, actor) (T, error)) (T, error) {
	out, err := update(ctx, s, func(tx Tx) (T, error) {
		var none T
		if by.os != "" {
			return fn(tx, actor{id: by.os})
		}
		l, err := s.active(ctx, tx, by.token)
		if err != nil {
			return none, err
		}
		if err := l.meets(d); err != nil {
			return none, err
		}
		return fn(tx, actor{id: l.user.ID, l: l})
	})
	return out, s.noteRefusal(ctx, by, d, err)
}

// noteRefusal writes the entry of a refusal and returns err, or why the entry
// couldn't be written.
func (s *Service) noteRefusal(ctx context.Context, by By, d Demand, err error) error {
	var reason string
	switch {
	case errors.Is(err, ErrRoleRefused):
		reason = "role"
	case errors.Is(err, ErrStepUpRequired):
		reason = "step_up"
	default:
		return err
	}
	failed := s.store.Update(ctx, func(tx Tx) error {
		row, err := tx.SessionByToken(ctx, by.token.hash())
		if err != nil {
			return err
		}
		return tx.Record(ctx, Event{
			Kind: EventRefused, At: s.now(), Actor: row.User, Subject: row.User, Session: row.ID,
			Attributes: map[string]string{"act": d.Act, "reason": reason},
		})
	})
	if failed != nil {
		return failed
	}
	return err
}
