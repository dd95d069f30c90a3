package mfa

import (
	"context"
	"errors"
)

// Touch notes an act of the person in the console, which keeps the session from
// locking. Polling, event streams and the requests of web apps are none (mfa
// §6). Error: [ErrMFARequired] for a session that isn't active, and stays so.
func (s *Service) Touch(ctx context.Context, token Token) error {
	return s.store.Update(ctx, func(tx Tx) error {
		l, err := s.active(ctx, tx, token)
		if err != nil {
			return err
		}
		ok, err := tx.TouchSession(ctx, l.row.ID, l.now, l.now.Add(-IdleLimit))
		if err == nil && !ok {
			err = ErrMFARequired
		}
		return err
	})
}

// active is the session of token if it may act.
func (s *Service) active(ctx context.Context, tx Tx, token Token) (live, error) {
	l, err := s.live(ctx, tx, token)
	if err != nil {
		return live{}, err
	}
	if l.state() != StateActive {
		return live{}, ErrMFARequired
	}
	return l, nil
}

// Lock locks an active session by hand. It answers nothing until it is unlocked;
// the desk stays with it until somebody takes it, but what goes on in the name of
// its hold is over for good. Error: [ErrMFARequired].
func (s *Service) Lock(ctx context.Context, token Token) error {
	return s.store.Update(ctx, func(tx Tx) error {
		l, err := s.active(ctx, tx, token)
		if err != nil {
			return err
		}
		if ok, err := tx.LockSession(ctx, l.row.ID, l.now); err != nil || !ok {
			return errors.Join(ErrMFARequired, err)
		}
		return tx.Record(ctx, Event{Kind: EventLocked, At: l.now, Actor: l.user.ID, Subject: l.user.ID, Session: l.row.ID})
	})
}

// Unlock resumes a locked session by the password alone, within its 24 hours.
// It holds the desk again only if nobody took that meanwhile, and by a new hold.
// Errors:
// [ErrMFARequired] for a session that isn't locked; [ErrThrottled];
// [ErrLoginFailed].
func (s *Service) Unlock(ctx context.Context, token Token, password Hidden) (Entry, error) {
	type found struct {
		l      live
		stored Password
	}
	f, err := view(ctx, s, func(tx Tx) (found, error) {
		l, err := s.live(ctx, tx, token)
		if err != nil {
			return found{}, err
		}
		stored, err := tx.Password(ctx, l.user.ID)
		return found{l, stored}, err
	})
	if err != nil {
		return Entry{}, err
	}
	if f.l.state() != StateLocked {
		return Entry{}, ErrMFARequired
	}
	var entry Entry
	err = s.attempt(ctx, try{
		who: userAccount(f.l.user), method: MethodPassword, flow: flowUnlock, session: f.l.row.ID,
		check: func(ctx context.Context) (func(Tx) error, error) {
			refresh, err := s.checkPassword(ctx, password, f.stored)
			if err != nil {
				return nil, err
			}
			return func(tx Tx) (err error) {
				if err := refresh(ctx, tx); err != nil {
					return err
				}
				entry, err = s.resume(ctx, tx, token)
				return err
			}, nil
		},
	})
	return entry, err
}

func (s *Service) resume(ctx context.Context, tx Tx, token Token) (Entry, error) {
	l, err := s.live(ctx, tx, token)
	if errors.Is(err, ErrMFARequired) || err == nil && l.state() != StateLocked {
		return Entry{}, errWrong
	}
	if err != nil {
		return Entry{}, err
	}
	how := "by_hand"
	if l.row.Locked.IsZero() {
		how = "idle"
	}
	hold, err := s.renewHold(ctx, tx, l)
	if err != nil {
		return Entry{}, err
	}
	attributes := map[string]string{"locked": how}
	if hold != "" {
		attributes["hold"] = hold
	}
	err = tx.Record(ctx, Event{
		Kind: EventUnlocked, At: l.now, Actor: l.user.ID, Subject: l.user.ID, Session: l.row.ID, Attributes: attributes,
	})
	if err != nil {
		return Entry{}, err
	}
	return s.rise(ctx, tx, l, l.keep(Factor{Method: MethodPassword, Authenticator: l.user.ID, At: l.now}))
}

// Logout ends the session of token, in whatever state it is, and with it its
// hold of the desk. Error: [ErrMFARequired] if there is none.
func (s *Service) Logout(ctx context.Context, token Token) error {
	return s.store.Update(ctx, func(tx Tx) error {
		l, err := s.live(ctx, tx, token)
		if err != nil {
			return err
		}
		return s.endOne(ctx, tx, l, l.row.ID, EndLogout, EventLoggedOut)
	})
}
