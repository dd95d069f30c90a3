package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"chipproof/mfa"
)

// SessionAnswer is what a session is told about itself.
type SessionAnswer struct {
	State     sessionState `json:"state" doc:"What it may do: give its second factor; act; be unlocked" example:"active"`
	User      string       `json:"user" doc:"The user's login name" example:"malee"`
	Role      role         `json:"role" doc:"What the user may do" example:"staff"`
	AMR       []string     `json:"amr" nullable:"false" doc:"Methods given in it, by the names of RFC 8176" example:"[\"pwd\",\"otp\",\"mfa\"]"`
	ExpiresAt time.Time    `json:"expires_at" doc:"When it ends in any case. Without an act of the person it is locked after an hour"`
	CSRF      string       `json:"csrf" doc:"Belongs into X-Chipproof-CSRF of every request but GET; new at each rise of level"`

	Desk            bool      `json:"desk" doc:"Whether web apps are answered in this user's name"`
	MustEnrol       bool      `json:"must_enrol,omitzero" doc:"The user has no authenticator: this session can enrol, and nothing else"`
	Emergency       bool      `json:"emergency,omitzero" doc:"Opened by the sealed sheet: every page must say so in red"`
	NextCodeAt      time.Time `json:"next_code_at,omitzero" doc:"When the app shows a code that was not used yet; absent when it does now"`
	BackupCodesLeft *int      `json:"backup_codes_left,omitzero" nullable:"false" doc:"Unused backup codes; only while active"`
	Notices         []Notice  `json:"notices,omitzero" nullable:"false" doc:"What happened to the account since the login before this one; only while active"`
}

// Notice is something that a user must be shown.
type Notice struct {
	At     time.Time  `json:"at" doc:"When it happened"`
	Kind   noticeKind `json:"kind" doc:"What happened" example:"backup_code_used"`
	Detail string     `json:"detail,omitzero" doc:"Label of a key, browser, number of codes left, or whose name"`
}

type (
	sessionOutput struct{ Body SessionAnswer }
	// risenOutput hands out a new token with the answer.
	risenOutput struct {
		Cookie cookie `header:"Set-Cookie" doc:"The session, for this one of our three names: HttpOnly, SameSite=Strict"`
		Body   SessionAnswer
	}
)

// risen answers with what a rise of level made.
func (l *Logins) risen(ctx context.Context, e mfa.Entry) (*risenOutput, error) {
	body, err := l.answer(ctx, e.Token, e.Session)
	if err != nil {
		return nil, err
	}
	return &risenOutput{Cookie: l.hand(callOf(ctx).request, e.Token), Body: body}, nil
}

// shown answers with the session as it is now.
func (l *Logins) shown(ctx context.Context) (*sessionOutput, error) {
	token := tokenIn(ctx)
	session, err := l.service.Session(ctx, token)
	if err != nil {
		return nil, err
	}
	body, err := l.answer(ctx, token, session)
	if err != nil {
		return nil, err
	}
	return &sessionOutput{Body: body}, nil
}

func (l *Logins) answer(ctx context.Context, token mfa.Token, s mfa.Session) (SessionAnswer, error) {
	a := SessionAnswer{
		State: sessionState(s.State), User: s.User.Name, Role: role(s.User.Role), AMR: s.AMR(), ExpiresAt: s.Ends, CSRF: s.CSRF.Reveal(),
		Desk: s.HoldsDesk, MustEnrol: s.MustEnrol, Emergency: s.Emergency, NextCodeAt: s.NextCode,
	}
	if s.State != mfa.StateActive {
		return a, nil
	}
	left, err := l.service.BackupCodesLeft(ctx, token)
	if err != nil {
		return a, err
	}
	a.BackupCodesLeft = &left
	notices, err := l.service.Notices(ctx, token)
	if err != nil {
		return a, err
	}
	for _, n := range notices {
		a.Notices = append(a.Notices, Notice{At: n.At, Kind: noticeKind(n.Kind), Detail: n.Detail})
	}
	return a, nil
}

// Words that stand for a fixed set, with schemas made from the constants.
type (
	sessionState mfa.State
	role         mfa.Role
	noticeKind   mfa.NoticeKind
	method       mfa.Method
)

// Schema lists the states.
func (sessionState) Schema(huma.Registry) *huma.Schema {
	return oneOf(mfa.StateSecondFactorRequired, mfa.StateActive, mfa.StateLocked)
}

// Schema lists the roles.
func (role) Schema(huma.Registry) *huma.Schema { return oneOf(mfa.Roles()...) }

// Schema lists the methods.
func (method) Schema(huma.Registry) *huma.Schema { return oneOf(mfa.Methods()...) }

// Schema lists the kinds.
func (noticeKind) Schema(huma.Registry) *huma.Schema {
	return oneOf(mfa.NoticeNewDevice, mfa.NoticeBackupUsed, mfa.NoticeBackupMade, mfa.NoticeEmergencyUsed, mfa.NoticeFactorAdded,
		mfa.NoticeFactorRemoved, mfa.NoticePassword, mfa.NoticeReset, mfa.NoticeRole)
}

func oneOf[T ~string](words ...T) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, w := range words {
		s.Enum = append(s.Enum, string(w))
	}
	return s
}
