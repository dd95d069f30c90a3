package mfa

import (
	"context"
	"time"
)

// EmergencySheet is the state of the sealed sheet.
type EmergencySheet struct {
	Made time.Time // zero: there never was one
	Used time.Time // zero: the seal is whole
	Void bool      // undone by a restore
}

// EmergencySheet says whether the sealed sheet is still good. It is for an
// administrator's eyes. Errors: [ErrMFARequired], [ErrRoleRefused].
func (s *Service) EmergencySheet(ctx context.Context, by By) (EmergencySheet, error) {
	return act(ctx, s, by, Demand{Act: "emergency_sheet", Roles: []Role{RoleAdmin}}, func(tx Tx, _ actor) (EmergencySheet, error) {
		c, err := tx.EmergencyCode(ctx)
		return EmergencySheet{Made: c.Created, Used: c.Used, Void: !c.Void.IsZero()}, err
	})
}

// NewEmergencyCode makes the code of a new sealed sheet, to be printed this
// once; the old sheet is worth nothing any more. A session needs a step-up by
// TOTP, since a code from paper must not beget the next one. Errors:
// [ErrMFARequired], [ErrRoleRefused], [ErrStepUpRequired].
func (s *Service) NewEmergencyCode(ctx context.Context, by By) (Hidden, error) {
	d := Demand{Act: "emergency_code", Roles: []Role{RoleAdmin}, StepUp: true}
	return act(ctx, s, by, d, func(tx Tx, a actor) (Hidden, error) {
		if by.os == "" && !freshBy(a.l.row.Factors, a.id, a.l.now, MethodTOTP) {
			return Hidden{}, ErrStepUpRequired
		}
		id, err := newID(s.random)
		if err != nil {
			return Hidden{}, err
		}
		code, err := newCode(s.random, emergencyCodeChars)
		if err != nil {
			return Hidden{}, err
		}
		hash, _ := emergencyCodeHash(code)
		if err := tx.ReplaceEmergencyCode(ctx, EmergencyCode{ID: id, Hash: hash, Created: s.now()}); err != nil {
			return Hidden{}, err
		}
		return Hide(code), tx.Record(ctx, Event{
			Kind: EventEmergencyMade, At: s.now(), Actor: a.id, Session: a.session(),
			Attributes: map[string]string{"authenticator": id},
		})
	})
}

func (s *Service) useEmergencyCode(ctx context.Context, tx Tx, l live, hash []byte) (string, error) {
	if l.user.Role != RoleAdmin { // the role may have gone since it was looked at
		return "", errWrong
	}
	id, ok, err := tx.UseEmergencyCode(ctx, hash, l.user.ID, l.now)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", errWrong
	}
	if err := s.noticeAdmins(ctx, tx, NoticeEmergencyUsed, l.user.Name); err != nil {
		return "", err
	}
	return id, tx.Record(ctx, Event{
		Kind: EventEmergencyUsed, At: l.now, Actor: l.user.ID, Subject: l.user.ID, Session: l.row.ID,
		Attributes: map[string]string{"authenticator": id, "seal": "broken"},
	})
}

// noticeAdmins tells every administrator: the sheet is theirs together.
func (s *Service) noticeAdmins(ctx context.Context, tx Tx, kind NoticeKind, detail string) error {
	users, err := tx.Users(ctx)
	if err != nil {
		return err
	}
	for _, u := range users {
		if u.Role != RoleAdmin || !u.enabled() {
			continue
		}
		if err := s.notice(ctx, tx, u.ID, kind, detail); err != nil {
			return err
		}
	}
	return nil
}
