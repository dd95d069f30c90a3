package mfa

import (
	"context"
	"errors"
	"time"
)

// Holder is the person who answers for what web apps ask, with the hold by
// which they do.
type Holder struct {
	Hold Hold
	User User
	// Factors are those of the session that holds it.
	Factors []Factor
}

// AMR are the methods of [Holder.Factors] by the names of RFC 8176.
func (h Holder) AMR() []string { return amr(h.Factors) }

// AuthTime is when the last factor was given.
func (h Holder) AuthTime() time.Time { return latest(h.Factors) }

// Holder is who holds the desk at this moment: their session is active, and
// nobody took over. Error: [ErrMFARequired] if nobody does.
func (s *Service) Holder(ctx context.Context) (Holder, error) {
	return view(ctx, s, func(tx Tx) (Holder, error) {
		hold, err := tx.Desk(ctx)
		if err != nil {
			return Holder{}, err
		}
		l, err := s.holding(ctx, tx, hold)
		return Holder{Hold: hold, User: l.user, Factors: l.row.Factors}, err
	})
}

// StillHolds says whether hold, taken from [Service.Holder] earlier, is in
// force: not left, ended or taken over, nor locked since, even if it was unlocked
// again. What waits in its name is signed only then. Error: [ErrMFARequired].
func (s *Service) StillHolds(ctx context.Context, hold Hold) error {
	now, err := s.Holder(ctx)
	if err == nil && now.Hold.ID != hold.ID {
		err = ErrMFARequired
	}
	return err
}

func (s *Service) holding(ctx context.Context, tx Tx, hold Hold) (live, error) {
	if hold.Session == "" {
		return live{}, ErrMFARequired
	}
	row, err := tx.Session(ctx, hold.Session)
	if err != nil {
		return live{}, err
	}
	l, err := s.liveRow(ctx, tx, row)
	if err != nil {
		return live{}, err
	}
	if l.state() != StateActive {
		return live{}, ErrMFARequired
	}
	return l, nil
}

// TakeDesk gives the desk to an active session, and ends the hold of whoever had
// it (รับเวรต่อ). A finished login does the same by itself. Error:
// [ErrMFARequired], also where the program has no desk.
func (s *Service) TakeDesk(ctx context.Context, token Token) error {
	return s.store.Update(ctx, func(tx Tx) error {
		l, err := s.active(ctx, tx, token)
		if err != nil {
			return err
		}
		if !s.desk {
			return ErrMFARequired
		}
		return s.takeDesk(ctx, tx, l)
	})
}

func (s *Service) takeDesk(ctx context.Context, tx Tx, l live) error {
	former, err := tx.Desk(ctx)
	if err != nil || former.Session == l.row.ID {
		return err
	}
	id, err := newID(s.random)
	if err != nil {
		return err
	}
	ok, err := tx.TakeDesk(ctx, Hold{ID: id, Session: l.row.ID, User: l.user.ID, Since: l.now}, former.ID)
	if err != nil {
		return err
	}
	if !ok {
		return errDeskMoved
	}
	attributes := map[string]string{"hold": id}
	if former.Session != "" {
		attributes["former"] = former.User
		attributes["former_session"] = former.Session
	}
	return tx.Record(ctx, Event{
		Kind: EventDeskTaken, At: l.now, Actor: l.user.ID, Subject: l.user.ID, Session: l.row.ID, Attributes: attributes,
	})
}

// renewHold gives the desk back to a session that is resumed, if nobody took it
// meanwhile, by a hold of its own: what began before the lock has ended with it,
// however soon the lock was opened. It returns the new id, empty if the desk is
// not the session's.
func (s *Service) renewHold(ctx context.Context, tx Tx, l live) (string, error) {
	former, err := tx.Desk(ctx)
	if err != nil || former.Session != l.row.ID {
		return "", err
	}
	id, err := newID(s.random)
	if err != nil {
		return "", err
	}
	hold := former
	hold.ID = id
	ok, err := tx.TakeDesk(ctx, hold, former.ID)
	if err == nil && !ok {
		err = errDeskMoved
	}
	return id, err
}

// errDeskMoved can be seen only over a store whose transactions aren't
// serialisable: the hold changed between two statements of one of them.
var errDeskMoved = errors.New("take desk: hold changed within a transaction")

// LeaveDesk empties the desk, if the caller's active session holds it; else
// nothing happens. Error: [ErrMFARequired].
func (s *Service) LeaveDesk(ctx context.Context, token Token) error {
	return s.store.Update(ctx, func(tx Tx) error {
		l, err := s.active(ctx, tx, token)
		if err != nil {
			return err
		}
		return s.emptyDesk(ctx, tx, l.row.ID, l.user.ID, "left")
	})
}

// emptyDesk takes the desk from a session that holds it, and says why.
func (s *Service) emptyDesk(ctx context.Context, tx Tx, session, actor, why string) error {
	hold, err := tx.Desk(ctx)
	if err != nil {
		return err
	}
	left, err := tx.LeaveDesk(ctx, session)
	if err != nil || !left {
		return err
	}
	return tx.Record(ctx, Event{
		Kind: EventDeskLeft, At: s.now(), Actor: actor, Subject: hold.User, Session: session,
		Attributes: map[string]string{"hold": hold.ID, "reason": why},
	})
}
