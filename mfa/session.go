package mfa

import (
	"context"
	"encoding/base64"
	"slices"
	"time"
)

// State is what a session may do. It is computed each time, from the factors
// given in the session and their times; it stands in no row (mfa §6).
type State string

// The states. A session that is over is no session, and has none.
const (
	StateSecondFactorRequired State = "second_factor_required"
	StateActive               State = "active"
	StateLocked               State = "locked"
)

// Session is what may be known of a session by whoever holds its token.
type Session struct {
	ID      string
	User    User
	State   State
	Factors []Factor
	Created time.Time
	LastAct time.Time
	Ends    time.Time
	// MustEnrol says that the user has no authenticator yet: this session can
	// enrol, see itself, end itself, and nothing else.
	MustEnrol bool
	// Emergency says that the sealed sheet opened it: every page says so.
	Emergency bool
	HoldsDesk bool
	// CSRF is the value that requests with effects must bring.
	CSRF Hidden
	// NextCode is when an authenticator shows a code that wasn't used yet; zero
	// when the one shown now can be used. A page counts down to it, rather than
	// calling a used code wrong (mfa §2.3).
	NextCode time.Time
}

// AMR are the session's methods by the names of RFC 8176, for the member amr.
func (v Session) AMR() []string { return amr(v.Factors) }

func amr(factors []Factor) []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, f := range factors {
		switch f.Method {
		case MethodPassword:
			add("pwd")
		case MethodTOTP, MethodBackupCode, MethodEmergencyCode:
			add("otp")
		}
	}
	if len(names) == 2 {
		names = append(names, "mfa")
	}
	return names
}

// latest is when the last of some factors was given.
func latest(factors []Factor) time.Time {
	var at time.Time
	for _, f := range factors {
		if f.At.After(at) {
			at = f.At
		}
	}
	return at
}

// CheckCSRF compares the value that a request brought, in constant time.
// Error: [ErrCSRFRefused].
func (v Session) CheckCSRF(value string) error {
	if v.CSRF.empty() || !equalSecret(v.CSRF.Reveal(), value) {
		return ErrCSRFRefused
	}
	return nil
}

// Entry is a session with the token that opens it, handed out once: the old
// token is worth nothing any more.
type Entry struct {
	Token   Token
	Session Session
}

// Session is the one that token opens. Error: [ErrMFARequired] for one that is
// unknown or over. It is no act of the person: see [Service.Touch].
func (s *Service) Session(ctx context.Context, token Token) (Session, error) {
	return view(ctx, s, func(tx Tx) (Session, error) {
		l, err := s.live(ctx, tx, token)
		if err != nil {
			return Session{}, err
		}
		return s.show(ctx, tx, l)
	})
}

// live is a session that is not over, with what its level is computed from.
type live struct {
	row   SessionRow
	user  User
	totps []TOTP
	now   time.Time
}

func (s *Service) live(ctx context.Context, tx Tx, token Token) (live, error) {
	if token.empty() {
		return live{}, ErrMFARequired
	}
	row, err := tx.SessionByToken(ctx, token.hash())
	if err != nil {
		return live{}, err
	}
	return s.liveRow(ctx, tx, row)
}

func (s *Service) liveRow(ctx context.Context, tx Tx, row SessionRow) (live, error) {
	now := s.now()
	over := row.ID == "" || !row.Ended.At.IsZero() || !now.Before(row.Ends)
	if over || !s.keys.Load().ring.holds(row.KeyID) {
		return live{}, ErrMFARequired
	}
	user, err := tx.User(ctx, row.User)
	if err != nil {
		return live{}, err
	}
	if !user.enabled() {
		return live{}, ErrMFARequired
	}
	totps, err := tx.TOTPs(ctx, user.ID)
	if err != nil {
		return live{}, err
	}
	l := live{row: row, user: user, totps: totps, now: now}
	if l.lapsed() {
		return live{}, ErrMFARequired
	}
	return l, nil
}

// lapsed: a finished login that has lost a factor since, because its own
// authenticator was removed, waits for another no longer than an idle session
// waits to be locked. After that one factor alone must not bring it back.
func (l live) lapsed() bool {
	return !l.row.LoggedIn.IsZero() && l.idle() && l.state() == StateSecondFactorRequired
}

func (l live) idle() bool { return l.now.Sub(l.row.LastAct) >= IdleLimit }

func (l live) state() State {
	switch {
	case kinds(l.row.Factors, l.user.ID, l.now) < 2 || l.mustEnrol():
		return StateSecondFactorRequired
	case !l.row.Locked.IsZero() || l.idle():
		return StateLocked
	}
	return StateActive
}

// mustEnrol: without a confirmed authenticator there is no second factor to
// ask for, and nothing but enrolling may be done about it (mfa §8).
func (l live) mustEnrol() bool { return len(confirmed(l.totps)) == 0 }

func (l live) emergency() bool {
	return slices.ContainsFunc(l.row.Factors, func(f Factor) bool { return f.Method == MethodEmergencyCode })
}

func (s *Service) show(ctx context.Context, tx Tx, l live) (Session, error) {
	csrf, err := s.csrf(l.row)
	if err != nil {
		return Session{}, err
	}
	hold, err := tx.Desk(ctx)
	if err != nil {
		return Session{}, err
	}
	state := l.state()
	return Session{
		ID: l.row.ID, User: l.user, State: state, Factors: l.row.Factors,
		Created: l.row.Created, LastAct: l.row.LastAct, Ends: l.row.Ends,
		MustEnrol: l.mustEnrol(), Emergency: l.emergency(),
		HoldsDesk: state == StateActive && hold.Session == l.row.ID,
		CSRF:      csrf, NextCode: l.nextCode(),
	}, nil
}

func (l live) nextCode() time.Time {
	var next time.Time
	for _, t := range confirmed(l.totps) {
		from := StepStart(t.LastStep + 1)
		if !from.After(l.now) {
			return time.Time{}
		}
		if next.IsZero() || from.Before(next) {
			next = from
		}
	}
	return next
}

// csrf is derived from the token's hash under a key of ours. So it needs no
// column, changes with every new token, and who gets hold of a cookie alone
// can't compute it.
func (s *Service) csrf(row SessionRow) (Hidden, error) {
	sum, err := s.keys.Load().ring.mac(row.KeyID, "csrf", row.ID, string(row.TokenHash))
	if err != nil {
		return Hidden{}, err
	}
	return Hide(base64.RawURLEncoding.EncodeToString(sum)), nil
}

func confirmed(totps []TOTP) []TOTP {
	return slices.DeleteFunc(slices.Clone(totps), func(t TOTP) bool { return t.Confirmed.IsZero() })
}

// rise gives the session a new token with what r says, if its token is still
// the one that l was loaded by, and shows it as it then is.
func (s *Service) rise(ctx context.Context, tx Tx, l live, r Rise) (Entry, error) {
	token, err := newToken(s.random)
	if err != nil {
		return Entry{}, err
	}
	r.Session, r.From, r.To = l.row.ID, l.row.TokenHash, token.hash()
	r.KeyID, r.At = s.keys.Load().ring.Current(), l.now
	ok, err := tx.RaiseSession(ctx, r)
	if err != nil {
		return Entry{}, err
	}
	if !ok {
		return Entry{}, ErrMFARequired // another request was quicker: this token is gone
	}
	raised, err := s.live(ctx, tx, token)
	if err != nil {
		return Entry{}, err
	}
	shown, err := s.show(ctx, tx, raised)
	return Entry{Token: token, Session: shown}, err
}

// keep is a rise that changes no time.
func (l live) keep(f Factor) Rise {
	return Rise{Ends: l.row.Ends, LoggedIn: l.row.LoggedIn, Since: l.row.Since, Factor: f}
}
