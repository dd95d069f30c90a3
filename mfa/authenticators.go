package mfa

import (
	"context"
	"slices"
	"strings"
	"time"
)

// MaxAuthenticators bounds the keys of one user: each adds three codes to what a
// guess may hit.
const MaxAuthenticators = 5

// PendingLimit is how long a new key waits for the code that confirms it.
const PendingLimit = 10 * time.Minute

const maxLabel = 64

// Authenticator is a confirmed TOTP key, as its owner sees it.
type Authenticator struct {
	ID, Label string
	Confirmed time.Time
}

// NewKey is a TOTP key to be put into an app. It is worth nothing until a code
// confirms it. Where the user keeps the key in use (a reset of the password
// alone), it is empty.
type NewKey struct {
	ID     string
	Secret Secret // as text, for typing in
	URI    Hidden // otpauth://…
}

// QR is the URI as a PNG picture.
func (k NewKey) QR() ([]byte, error) { return qrPNG(k.URI.Reveal()) }

// Authenticators lists the caller's confirmed keys, oldest first.
// Error: [ErrMFARequired] unless the session is active.
func (s *Service) Authenticators(ctx context.Context, token Token) ([]Authenticator, error) {
	return view(ctx, s, func(tx Tx) ([]Authenticator, error) {
		l, err := s.active(ctx, tx, token)
		if err != nil {
			return nil, err
		}
		var list []Authenticator
		for _, t := range confirmed(l.totps) {
			list = append(list, Authenticator{t.ID, t.Label, t.Confirmed})
		}
		return list, nil
	})
}

// mayAdd says whether a session may enrol a key of its user's own: after a
// step-up, or once within five minutes of the emergency code that opened it,
// which is step-up for this act alone (mfa §7).
func (l live) mayAdd() error {
	if l.emergencyAllowance() {
		return nil
	}
	if l.state() != StateActive {
		return ErrMFARequired
	}
	if !fresh(l.row.Factors, l.user.ID, l.now) {
		return ErrStepUpRequired
	}
	return nil
}

func (l live) emergencyAllowance() bool {
	if l.state() == StateLocked || kinds(l.row.Factors, l.user.ID, l.now) < 2 {
		return false
	}
	return slices.ContainsFunc(l.row.Factors, func(f Factor) bool {
		return f.Method == MethodEmergencyCode && f.counts(l.user.ID, l.now, StepUpAge) &&
			!slices.ContainsFunc(confirmed(l.totps), func(t TOTP) bool { return !t.Confirmed.Before(f.At) })
	})
}

// AddTOTP begins to add a key; [Service.ConfirmTOTP] completes it within
// [PendingLimit]. Errors: [ErrMFARequired], [ErrStepUpRequired],
// [ErrTooManyAuthenticator].
func (s *Service) AddTOTP(ctx context.Context, token Token, label string) (NewKey, error) {
	key, err := update(ctx, s, func(tx Tx) (NewKey, error) {
		l, err := s.live(ctx, tx, token)
		if err != nil {
			return NewKey{}, err
		}
		if err := l.mayAdd(); err != nil {
			return NewKey{}, err
		}
		if len(confirmed(l.totps)) >= MaxAuthenticators {
			return NewKey{}, ErrTooManyAuthenticator
		}
		return s.insertKey(ctx, tx, l.user, label, pendingForSession(l.row.ID))
	})
	return key, s.noteRefusal(ctx, BySession(token), Demand{Act: "add_factor"}, err)
}

func pendingForSession(id string) string { return "session:" + id }
func pendingForGrant(id string) string   { return "grant:" + id }

// insertKey makes an inactive key in place of the one that waited for the same
// grant or session.
func (s *Service) insertKey(ctx context.Context, tx Tx, user User, label, pendingFor string) (NewKey, error) {
	id, err := newID(s.random)
	if err != nil {
		return NewKey{}, err
	}
	secret, err := NewSecret(s.random)
	if err != nil {
		return NewKey{}, err
	}
	sealed, err := s.sealSecret(id, secret)
	if err != nil {
		return NewKey{}, err
	}
	if err := tx.DeletePendingTOTP(ctx, pendingFor); err != nil {
		return NewKey{}, err
	}
	label = strings.TrimSpace(clip(label))
	if r := []rune(label); len(r) > maxLabel {
		label = string(r[:maxLabel])
	}
	err = tx.InsertTOTP(ctx, TOTP{
		ID: id, User: user.ID, Label: label, Secret: sealed, Created: s.now(), PendingFor: pendingFor,
	})
	return NewKey{ID: id, Secret: secret, URI: Hide(otpauthURI(s.issuer, user.Name, secret))}, err
}

// ConfirmTOTP activates the key that this session added, by a code of it. The
// user's other sessions end, and this one gets a new token. The code proves the
// key but is no step-up. Errors: [ErrMFARequired], [ErrStepUpRequired],
// [ErrAuthenticatorUnknown], [ErrThrottled], [ErrLoginFailed].
func (s *Service) ConfirmTOTP(ctx context.Context, token Token, id string, code Hidden) (Entry, error) {
	l, err := view(ctx, s, func(tx Tx) (live, error) { return s.mayConfirm(ctx, tx, token) })
	if err != nil {
		return Entry{}, err
	}
	pending := l.pending(id)
	if len(pending) == 0 {
		return Entry{}, ErrAuthenticatorUnknown
	}
	var entry Entry
	err = s.attempt(ctx, try{
		who: userAccount(l.user), method: MethodTOTP, flow: flowAddFactor, session: l.row.ID,
		check: func(context.Context) (func(Tx) error, error) {
			use, err := s.matchTOTP(pending, code)
			if err != nil {
				return nil, err
			}
			return func(tx Tx) (err error) {
				entry, err = s.confirmOwn(ctx, tx, token, pending[0], use)
				return err
			}, nil
		},
	})
	return entry, err
}

// mayConfirm asks less than mayAdd: the five minutes may run out while a person
// finds the app, since only a session that was allowed to add has a key to confirm.
func (s *Service) mayConfirm(ctx context.Context, tx Tx, token Token) (live, error) {
	l, err := s.live(ctx, tx, token)
	if err != nil {
		return live{}, err
	}
	if l.state() == StateActive || l.mustEnrol() && l.emergency() && kinds(l.row.Factors, l.user.ID, l.now) == 2 {
		return l, nil
	}
	return live{}, ErrMFARequired
}

func (l live) pending(id string) []TOTP {
	return slices.DeleteFunc(slices.Clone(l.totps), func(t TOTP) bool {
		return t.ID != id || !t.Confirmed.IsZero() || t.PendingFor != pendingForSession(l.row.ID) ||
			l.now.Sub(t.Created) >= PendingLimit
	})
}

func (s *Service) confirmOwn(ctx context.Context, tx Tx, token Token, t TOTP, use use) (Entry, error) {
	l, err := s.mayConfirm(ctx, tx, token)
	if err != nil {
		return Entry{}, errWrong
	}
	if len(confirmed(l.totps)) >= MaxAuthenticators {
		return Entry{}, ErrTooManyAuthenticator
	}
	if _, err := use(ctx, tx); err != nil {
		return Entry{}, err
	}
	// A grant that still waits was for somebody without a key.
	if err := tx.VoidGrants(ctx, l.user.ID, l.now); err != nil {
		return Entry{}, err
	}
	if err := s.factorChanged(ctx, tx, l, EventFactorAdded, NoticeFactorAdded, t); err != nil {
		return Entry{}, err
	}
	return s.rise(ctx, tx, l, l.keep(Factor{}))
}

// RemoveTOTP takes a key away. The user's other sessions end; a session that was
// opened by this very key must give another second factor. Errors:
// [ErrMFARequired], [ErrStepUpRequired], [ErrAuthenticatorUnknown],
// [ErrLastAuthenticator].
func (s *Service) RemoveTOTP(ctx context.Context, token Token, id string) error {
	_, err := act(ctx, s, BySession(token), Demand{Act: "remove_factor", StepUp: true}, func(tx Tx, a actor) (struct{}, error) {
		own := confirmed(a.l.totps)
		i := slices.IndexFunc(own, func(t TOTP) bool { return t.ID == id })
		if i < 0 {
			return struct{}{}, ErrAuthenticatorUnknown
		}
		if len(own) == 1 {
			return struct{}{}, ErrLastAuthenticator
		}
		ok, err := tx.DeleteTOTP(ctx, a.id, id)
		if err != nil {
			return struct{}{}, err
		}
		if !ok {
			return struct{}{}, ErrAuthenticatorUnknown
		}
		return struct{}{}, s.factorChanged(ctx, tx, a.l, EventFactorRemoved, NoticeFactorRemoved, own[i])
	})
	return err
}

func (s *Service) factorChanged(ctx context.Context, tx Tx, l live, kind EventKind, news NoticeKind, t TOTP) error {
	if err := s.endSessions(ctx, tx, l.user.ID, l.row.ID, l.user.ID, EndFactor); err != nil {
		return err
	}
	if err := s.notice(ctx, tx, l.user.ID, news, t.Label); err != nil {
		return err
	}
	return tx.Record(ctx, Event{
		Kind: kind, At: l.now, Actor: l.user.ID, Subject: l.user.ID, Session: l.row.ID,
		Attributes: map[string]string{"method": string(MethodTOTP), "authenticator": t.ID},
	})
}
