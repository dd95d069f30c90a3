package mfa

import (
	"context"
	"errors"
)

// StartEnrolment is the first step of a grant: a password, and out comes the key
// for the app. The password is new, or for [PurposePhone] the present one, which
// is checked like any login. It may be done again until the second step. Errors:
// [ErrGrantRefused], [ErrPasswordRefused]; [ErrThrottled], [ErrLoginFailed].
func (s *Service) StartEnrolment(ctx context.Context, grant, password Hidden) (NewKey, error) {
	g, err := view(ctx, s, func(tx Tx) (granted, error) { return s.granted(ctx, tx, grant) })
	if err == nil {
		var key NewKey
		if g.grant.Purpose == PurposePhone {
			key, err = s.startWithPresent(ctx, g, grant, password)
		} else {
			key, err = s.startWithNew(ctx, g, grant, password)
		}
		if err == nil {
			return key, nil
		}
	}
	if errors.Is(err, ErrGrantRefused) {
		err = s.refuseGrant(ctx, grant)
	}
	return NewKey{}, err
}

func (s *Service) startWithPresent(ctx context.Context, g granted, grant, password Hidden) (key NewKey, err error) {
	err = s.attempt(ctx, try{
		who: userAccount(g.user), method: MethodPassword, flow: flowEnrolment,
		check: func(ctx context.Context) (func(Tx) error, error) {
			refresh, err := s.checkPassword(ctx, password, g.stored)
			if err != nil {
				return nil, err
			}
			return func(tx Tx) (err error) {
				if err := refresh(ctx, tx); err != nil {
					return err
				}
				key, err = s.startGrant(ctx, tx, grant, Password{})
				return err
			}, nil
		},
	})
	return key, err
}

func (s *Service) startWithNew(ctx context.Context, g granted, grant, password Hidden) (NewKey, error) {
	pending, err := s.newPassword(ctx, g.user, password)
	if err != nil {
		return NewKey{}, err
	}
	return update(ctx, s, func(tx Tx) (NewKey, error) {
		return s.startGrant(ctx, tx, grant, pending)
	})
}

func (s *Service) startGrant(ctx context.Context, tx Tx, grant Hidden, pending Password) (NewKey, error) {
	g, err := s.granted(ctx, tx, grant)
	if err != nil {
		return NewKey{}, err
	}
	ok, err := tx.StartGrant(ctx, g.grant.ID, pending, s.now())
	if err != nil {
		return NewKey{}, err
	}
	if !ok {
		return NewKey{}, ErrGrantRefused
	}
	var key NewKey
	if g.grant.Purpose != PurposePassword {
		if key, err = s.insertKey(ctx, tx, g.user, "", pendingForGrant(g.grant.ID)); err != nil {
			return NewKey{}, err
		}
	}
	return key, tx.Record(ctx, Event{
		Kind: EventEnrolmentStarted, At: s.now(), Actor: g.user.ID, Subject: g.user.ID,
		Attributes: map[string]string{"grant": g.grant.ID, "purpose": string(g.grant.Purpose)},
	})
}

// FinishEnrolment is the second step: a code of the app. With it the grant is
// used up, password and key take effect, and the user logs in like everybody
// else, with the next code. The answer are new backup codes, to be shown this
// once; none for a reset of the password alone, where the old ones stay good.
// Errors: [ErrGrantRefused], also for a grant without first step;
// [ErrThrottled], [ErrLoginFailed].
func (s *Service) FinishEnrolment(ctx context.Context, grant, code Hidden) ([]Hidden, error) {
	g, err := view(ctx, s, func(tx Tx) (granted, error) { return s.granted(ctx, tx, grant) })
	if err == nil && g.grant.Started.IsZero() {
		err = ErrGrantRefused
	}
	var codes []Hidden
	if err == nil {
		err = s.attempt(ctx, try{
			who: userAccount(g.user), method: MethodTOTP, flow: flowEnrolment,
			check: func(context.Context) (func(Tx) error, error) {
				use, err := s.matchTOTP(g.keys, code)
				if err != nil {
					return nil, err
				}
				return func(tx Tx) (err error) {
					codes, err = s.enrol(ctx, tx, grant, use)
					return err
				}, nil
			},
		})
	}
	if errors.Is(err, ErrGrantRefused) {
		err = s.refuseGrant(ctx, grant)
	}
	return codes, err
}

// enrol makes everything true that the grant promised, in one transaction.
func (s *Service) enrol(ctx context.Context, tx Tx, grant Hidden, use use) ([]Hidden, error) {
	g, err := s.granted(ctx, tx, grant)
	if err != nil {
		return nil, err
	}
	now := s.now()
	ok, err := tx.UseGrant(ctx, g.grant.ID, now)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, ErrGrantRefused
	}
	key, err := use(ctx, tx)
	if err != nil {
		return nil, err
	}
	if g.grant.Pending.PHC != "" {
		p := g.grant.Pending
		p.User, p.Changed = g.user.ID, now
		if err := tx.SetPassword(ctx, p); err != nil {
			return nil, err
		}
	}
	if err := s.endSessions(ctx, tx, g.user.ID, "", g.user.ID, EndFactor); err != nil {
		return nil, err
	}
	if err := tx.ResetTries(ctx, userAccount(g.user).key); err != nil {
		return nil, err
	}
	err = tx.Record(ctx, Event{
		Kind: EventEnrolled, At: now, Actor: g.user.ID, Subject: g.user.ID,
		Attributes: map[string]string{"grant": g.grant.ID, "purpose": string(g.grant.Purpose), "authenticator": key},
	})
	if err != nil {
		return nil, err
	}
	if g.grant.Purpose == PurposePassword {
		return nil, s.notice(ctx, tx, g.user.ID, NoticePassword, "")
	}
	if err := s.notice(ctx, tx, g.user.ID, NoticeFactorAdded, ""); err != nil {
		return nil, err
	}
	return s.makeBackupCodes(ctx, tx, g.user.ID, "")
}
