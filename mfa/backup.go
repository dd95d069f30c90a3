package mfa

import (
	"context"
	"strconv"
)

func count(n int) string { return strconv.Itoa(n) }

// BackupCodesLeft is how many of the caller's codes are unused.
// Error: [ErrMFARequired] unless the session is active.
func (s *Service) BackupCodesLeft(ctx context.Context, token Token) (int, error) {
	return view(ctx, s, func(tx Tx) (int, error) {
		l, err := s.active(ctx, tx, token)
		if err != nil {
			return 0, err
		}
		return tx.BackupCodes(ctx, l.user.ID)
	})
}

// NewBackupCodes makes a set in place of the old one, to be shown this once.
// The user's other sessions end. Errors: [ErrMFARequired], [ErrStepUpRequired].
func (s *Service) NewBackupCodes(ctx context.Context, token Token) ([]Hidden, error) {
	return act(ctx, s, BySession(token), Demand{Act: "backup_codes", StepUp: true}, func(tx Tx, a actor) ([]Hidden, error) {
		codes, err := s.makeBackupCodes(ctx, tx, a.id, a.session())
		if err != nil {
			return nil, err
		}
		if err := s.endSessions(ctx, tx, a.id, a.session(), a.id, EndFactor); err != nil {
			return nil, err
		}
		return codes, s.notice(ctx, tx, a.id, NoticeBackupMade, "")
	})
}

func (s *Service) makeBackupCodes(ctx context.Context, tx Tx, user, session string) ([]Hidden, error) {
	now := s.now()
	var (
		shown []Hidden
		rows  []BackupCode
	)
	for range BackupCodeCount {
		id, err := newID(s.random)
		if err != nil {
			return nil, err
		}
		code, err := newCode(s.random, backupCodeChars)
		if err != nil {
			return nil, err
		}
		hash, _ := backupCodeHash(user, code)
		shown = append(shown, Hide(code))
		rows = append(rows, BackupCode{ID: id, User: user, Hash: hash, Created: now})
	}
	if err := tx.ReplaceBackupCodes(ctx, user, rows); err != nil {
		return nil, err
	}
	return shown, tx.Record(ctx, Event{
		Kind: EventBackupCodesMade, At: now, Actor: user, Subject: user, Session: session,
		Attributes: map[string]string{"codes": count(len(rows))},
	})
}

func (s *Service) useBackupCode(ctx context.Context, tx Tx, l live, hash []byte) (string, error) {
	id, ok, err := tx.UseBackupCode(ctx, l.user.ID, hash, l.now)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errWrong
	}
	left, err := tx.BackupCodes(ctx, l.user.ID)
	if err != nil {
		return "", err
	}
	if err := s.notice(ctx, tx, l.user.ID, NoticeBackupUsed, count(left)); err != nil {
		return "", err
	}
	return id, tx.Record(ctx, Event{
		Kind: EventBackupCodeUsed, At: l.now, Actor: l.user.ID, Subject: l.user.ID, Session: l.row.ID,
		Attributes: map[string]string{"authenticator": id, "left": count(left)},
	})
}
