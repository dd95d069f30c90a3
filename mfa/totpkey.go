package mfa

import "context"

func secretPlace(id string) Place { return Place{Table: "totp", Column: "secret", Row: id} }

func (s *Service) sealSecret(id string, secret Secret) ([]byte, error) {
	return s.keys.Load().ring.Seal(s.random, secretPlace(id), secret.raw[:])
}

func (s *Service) openSecret(t TOTP) (secret Secret, stale bool, err error) {
	raw, stale, err := s.keys.Load().ring.Open(secretPlace(t.ID), t.Secret)
	if err != nil {
		return Secret{}, false, err
	}
	secret, err = secretFrom(raw)
	return secret, stale, err
}

// takeStep is the one-time guard (mfa §2.3): of all who bring a code of this
// step or an earlier one, in whatever session or process, one passes. A secret
// under an old key is sealed anew on this occasion; stale is nil for others.
func (s *Service) takeStep(ctx context.Context, tx Tx, t TOTP, step int64, stale *Secret) error {
	now := s.now()
	take := func() (bool, error) { return tx.AdvanceStep(ctx, t.ID, step) }
	if t.Confirmed.IsZero() {
		take = func() (bool, error) { return tx.ConfirmTOTP(ctx, t.ID, step, now) }
	}
	ok, err := take()
	if err != nil {
		return err
	}
	if !ok {
		return errWrong
	}
	if stale != nil {
		if err := s.reseal(ctx, tx, t, *stale); err != nil {
			return err
		}
	}
	return tx.NoteStep(ctx, int(step-Step(now)))
}

func (s *Service) reseal(ctx context.Context, tx Tx, t TOTP, secret Secret) error {
	sealed, err := s.sealSecret(t.ID, secret)
	if err != nil {
		return err
	}
	// Somebody who sealed it anew at the same time did the same work.
	_, err = tx.ResealTOTP(ctx, t.ID, t.Secret, sealed)
	return err
}

// Reseal brings every secret that stands under an old key under the current
// one, rather than waiting for its next use, and says how many.
func (s *Service) Reseal(ctx context.Context, by By) (int, error) {
	return act(ctx, s, by, Demand{Act: "reseal", Roles: []Role{RoleAdmin}, StepUp: true}, func(tx Tx, a actor) (int, error) {
		totps, err := tx.AllTOTPs(ctx)
		if err != nil {
			return 0, err
		}
		n := 0
		for _, t := range totps {
			secret, stale, err := s.openSecret(t)
			if err != nil {
				return 0, err
			}
			if !stale {
				continue
			}
			if err := s.reseal(ctx, tx, t, secret); err != nil {
				return 0, err
			}
			n++
		}
		return n, tx.Record(ctx, Event{
			Kind: EventSecretsResealed, At: s.now(), Actor: a.id, Session: a.session(),
			Attributes: map[string]string{"key": s.keys.Load().ring.Current(), "secrets": count(n)},
		})
	})
}
