package mfa

import "context"

// CheckNewPassword says whether a password could be taken for that user name,
// before anything is stored. The error is an [ErrPasswordRefused].
func (s *Service) CheckNewPassword(password Hidden, userName string) error {
	return s.blocklist.checkPassword(password, userName)
}

// newPassword judges and hashes a password that is to be set.
func (s *Service) newPassword(ctx context.Context, u User, password Hidden) (Password, error) {
	if err := s.blocklist.checkPassword(password, u.Name); err != nil {
		return Password{}, err
	}
	stored, pepper, err := s.hasher.hash(ctx, s.keys.Load().pepper, password)
	return Password{User: u.ID, PHC: stored, Pepper: pepper, Changed: s.now()}, err
}

// ChangePassword sets a new password for the caller, after a step-up and with
// the present one. The user's other sessions end; this one gets a new token.
// Errors: [ErrMFARequired], [ErrStepUpRequired], [ErrThrottled],
// [ErrLoginFailed] for a wrong present password, [ErrPasswordRefused].
func (s *Service) ChangePassword(ctx context.Context, token Token, present, changed Hidden) (Entry, error) {
	d := Demand{Act: "change_password", StepUp: true}
	type found struct {
		l      live
		stored Password
	}
	f, err := act(ctx, s, BySession(token), d, func(tx Tx, a actor) (found, error) {
		stored, err := tx.Password(ctx, a.id)
		return found{a.l, stored}, err
	})
	if err != nil {
		return Entry{}, err
	}
	// Judged before the try, which a password that can't be taken must not cost.
	if err := s.checkChange(f.l.user, present, changed); err != nil {
		return Entry{}, err
	}
	var entry Entry
	err = s.attempt(ctx, try{
		who: userAccount(f.l.user), method: MethodPassword, flow: flowPasswordChange, session: f.l.row.ID,
		check: func(ctx context.Context) (func(Tx) error, error) {
			still, err := s.checkPassword(ctx, present, f.stored)
			if err != nil {
				return nil, err
			}
			next, err := s.newPassword(ctx, f.l.user, changed)
			if err != nil {
				return nil, err
			}
			return func(tx Tx) (err error) {
				if err := still(ctx, tx); err != nil {
					return err
				}
				entry, err = s.setPassword(ctx, tx, token, next)
				return err
			}, nil
		},
	})
	return entry, err
}

func (s *Service) checkChange(u User, present, changed Hidden) error {
	if err := s.blocklist.checkPassword(changed, u.Name); err != nil {
		return err
	}
	before, _ := normalPassword(present.Reveal())
	if after, _ := normalPassword(changed.Reveal()); after == before {
		return ErrPasswordRefused{PasswordUnchanged}
	}
	return nil
}

func (s *Service) setPassword(ctx context.Context, tx Tx, token Token, p Password) (Entry, error) {
	l, err := s.active(ctx, tx, token)
	if err != nil {
		return Entry{}, err
	}
	if err := tx.SetPassword(ctx, p); err != nil {
		return Entry{}, err
	}
	if err := s.endSessions(ctx, tx, l.user.ID, l.row.ID, l.user.ID, EndPassword); err != nil {
		return Entry{}, err
	}
	if err := s.notice(ctx, tx, l.user.ID, NoticePassword, ""); err != nil {
		return Entry{}, err
	}
	err = tx.Record(ctx, Event{Kind: EventPasswordChanged, At: l.now, Actor: l.user.ID, Subject: l.user.ID, Session: l.row.ID})
	if err != nil {
		return Entry{}, err
	}
	return s.rise(ctx, tx, l, l.keep(Factor{Method: MethodPassword, Authenticator: l.user.ID, At: l.now}))
}
