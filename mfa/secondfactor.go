package mfa

import (
	"context"
	"errors"
)

// GiveTOTP gives an app's code: as the second factor of a login, or as the
// step-up of an active session. The session gets a new token and CSRF value.
// Errors: [ErrMFARequired] for a session that can't take one; [ErrThrottled];
// [ErrLoginFailed] for a wrong code as well as for one that was used.
func (s *Service) GiveTOTP(ctx context.Context, token Token, code Hidden) (Entry, error) {
	return s.giveSecond(ctx, token, MethodTOTP, func(l live) (use, error) {
		return s.matchTOTP(confirmed(l.totps), code)
	})
}

// GiveBackupCode gives one of the printed codes, where GiveTOTP would give the
// app's. It is struck off. Errors as there.
func (s *Service) GiveBackupCode(ctx context.Context, token Token, code Hidden) (Entry, error) {
	return s.giveSecond(ctx, token, MethodBackupCode, func(l live) (use, error) {
		hash, ok := backupCodeHash(l.user.ID, code.Reveal())
		if !ok {
			return nil, errWrong
		}
		return func(ctx context.Context, tx Tx) (string, error) {
			return s.useBackupCode(ctx, tx, l, hash)
		}, nil
	})
}

// GiveEmergencyCode gives the code of the sealed sheet, as the second factor of
// an administrator's login and nothing else (mfa §7). Errors as for GiveTOTP;
// every other role and an active session get [ErrLoginFailed].
func (s *Service) GiveEmergencyCode(ctx context.Context, token Token, code Hidden) (Entry, error) {
	return s.giveSecond(ctx, token, MethodEmergencyCode, func(l live) (use, error) {
		hash, ok := emergencyCodeHash(code.Reveal())
		if !ok || l.user.Role != RoleAdmin || l.state() == StateActive {
			return nil, errWrong
		}
		return func(ctx context.Context, tx Tx) (string, error) {
			return s.useEmergencyCode(ctx, tx, l, hash)
		}, nil
	})
}

// use uses up a second factor in a transaction and names its authenticator, or
// says errWrong: somebody was quicker.
type use func(context.Context, Tx) (authenticator string, err error)

// giveSecond is the one way of a second factor into a session.
func (s *Service) giveSecond(ctx context.Context, token Token, m Method, check func(live) (use, error)) (Entry, error) {
	l, err := view(ctx, s, func(tx Tx) (live, error) { return s.live(ctx, tx, token) })
	if err != nil {
		return Entry{}, err
	}
	from := flowSecondFactor
	switch l.state() {
	case StateLocked:
		return Entry{}, ErrMFARequired
	case StateActive:
		from = flowStepUp
	}
	var entry Entry
	err = s.attempt(ctx, try{
		who: userAccount(l.user), method: m, flow: from, session: l.row.ID,
		check: func(context.Context) (func(Tx) error, error) {
			use, err := check(l)
			if err != nil {
				return nil, err
			}
			return func(tx Tx) (err error) {
				entry, err = s.acceptSecond(ctx, tx, token, from, m, use)
				return err
			}, nil
		},
	})
	return entry, err
}

// acceptSecond uses up the factor and raises the session, in one transaction.
func (s *Service) acceptSecond(ctx context.Context, tx Tx, token Token, from flow, m Method, use use) (Entry, error) {
	l, err := s.live(ctx, tx, token)
	if errors.Is(err, ErrMFARequired) {
		return Entry{}, errWrong // it ended, or rose by another request, since it was looked at
	}
	if err != nil {
		return Entry{}, err
	}
	if active := l.state() == StateActive; l.state() == StateLocked || active != (from == flowStepUp) {
		return Entry{}, errWrong
	}
	authenticator, err := use(ctx, tx)
	if err != nil {
		return Entry{}, err
	}
	f := Factor{Method: m, Authenticator: authenticator, At: l.now}
	r := l.keep(f)
	if from == flowSecondFactor {
		r, err = s.finishLogin(ctx, tx, l, f)
	} else {
		err = tx.Record(ctx, Event{
			Kind: EventSteppedUp, At: l.now, Actor: l.user.ID, Subject: l.user.ID, Session: l.row.ID,
			Attributes: map[string]string{"method": string(m)},
		})
	}
	if err != nil {
		return Entry{}, err
	}
	entry, err := s.rise(ctx, tx, l, r)
	if err != nil || entry.Session.State != StateActive || from != flowSecondFactor || !s.desk {
		return entry, err
	}
	if err := s.takeDesk(ctx, tx, l); err != nil {
		return Entry{}, err
	}
	entry.Session.HoldsDesk = true
	return entry, nil
}

// matchTOTP looks for the key that a code belongs to. Every key is tried,
// whether or not one has matched, and the later step is preferred, as in
// [Match].
func (s *Service) matchTOTP(totps []TOTP, code Hidden) (use, error) {
	now := s.now()
	var (
		found TOTP
		step  int64
		stale *Secret // where it stands under an old key
	)
	for _, t := range totps {
		secret, old, err := s.openSecret(t)
		if err != nil {
			return nil, err
		}
		at, ok := Match(secret, code.Reveal(), now, t.LastStep)
		if !ok || found.ID != "" && at <= step {
			continue
		}
		found, step, stale = t, at, nil
		if old {
			stale = &secret
		}
	}
	if found.ID == "" {
		return nil, errWrong
	}
	return func(ctx context.Context, tx Tx) (string, error) {
		return found.ID, s.takeStep(ctx, tx, found, step, stale)
	}, nil
}
