package mfa

import "context"

// NoticeKind is what the next login must show (mfa §6). There is no other road
// for notices: no e-mail.
type NoticeKind string

// The kinds.
const (
	NoticeNewDevice     NoticeKind = "new_device"
	NoticeBackupUsed    NoticeKind = "backup_code_used"
	NoticeBackupMade    NoticeKind = "backup_codes_made"
	NoticeEmergencyUsed NoticeKind = "emergency_code_used"
	NoticeFactorAdded   NoticeKind = "factor_added"
	NoticeFactorRemoved NoticeKind = "factor_removed"
	NoticePassword      NoticeKind = "password_changed"
	NoticeReset         NoticeKind = "reset"
	NoticeRole          NoticeKind = "role_changed"
)

// Notices are what happened to the caller's account since the login before this
// one, oldest first. They are shown all session long. Error: [ErrMFARequired]
// unless the session is active.
func (s *Service) Notices(ctx context.Context, token Token) ([]Notice, error) {
	return view(ctx, s, func(tx Tx) ([]Notice, error) {
		l, err := s.active(ctx, tx, token)
		if err != nil {
			return nil, err
		}
		return tx.Notices(ctx, l.user.ID, l.row.Since)
	})
}

func (s *Service) notice(ctx context.Context, tx Tx, user string, kind NoticeKind, detail string) error {
	return tx.InsertNotice(ctx, Notice{User: user, At: s.now(), Kind: kind, Detail: detail})
}

// noticeDevice: a device is new if no finished login of this user came from such
// a browser before. It is news for the user and decides nothing.
func (s *Service) noticeDevice(ctx context.Context, tx Tx, l live) error {
	if l.user.LastLogin.IsZero() {
		return nil
	}
	known, err := tx.KnownAgent(ctx, l.user.ID, l.row.Agent)
	if err != nil || known {
		return err
	}
	return s.notice(ctx, tx, l.user.ID, NoticeNewDevice, l.row.Agent)
}
