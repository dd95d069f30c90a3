package api

import (
	"context"
	"net/http"

	"chipproof/mfa"
)

// csrfHeader carries the value that a session's answers brought. It goes in no
// body, query or cookie, which a form of another page could send.
const csrfHeader = "X-Chipproof-CSRF"

// Logins is the HTTP side of package mfa: the gates of console and desk, and the
// routes by which people log in. It decides nothing itself.
type Logins struct {
	service *mfa.Service
	cookie  string // begins the cookie's names
}

// NewLogins is the login of one installation. cookie is its random name for the
// session's cookie, so that no other local server meets it by accident.
func NewLogins(service *mfa.Service, cookie string) *Logins {
	return &Logins{service: service, cookie: cookie}
}

// Gates are what a server with a desk needs in [Options]. One without passes
// only the console's, [Logins.Console].
func (l *Logins) Gates() map[Class]Gate {
	return map[Class]Gate{Console: l.Console, WebApp: l.Desk, DropIn: l.Desk}
}

type tokenKey struct{}

// tokenIn is the token of the session that the console's gate let through.
func tokenIn(ctx context.Context) mfa.Token {
	t, _ := ctx.Value(tokenKey{}).(mfa.Token)
	return t
}

// Console is the [Gate] of our own pages: the cookie's session, in a state that
// the route takes, then its CSRF value, then the role, then the fresh second
// factor (agent-security §4, steps 6 and 7), and where the route asks for it the
// desk.
func (l *Logins) Console(ctx context.Context, r *http.Request, route Route) (context.Context, error) {
	token := l.token(r)
	session, err := l.service.Session(ctx, token)
	if err != nil {
		return ctx, err
	}
	if !route.Session.admits(session) {
		return ctx, mfa.ErrMFARequired
	}
	if before := personIn(ctx); before.Somebody() {
		return ctx, sameSession(before, session)
	}
	acts := r.Method != http.MethodGet
	if acts {
		if err := checkCSRF(r, session); err != nil {
			return ctx, err
		}
	}
	if session, err = l.authorise(ctx, token, session, route); err != nil {
		return ctx, err
	}
	person := Person{ID: session.User.ID, Name: session.User.Name, Role: session.User.Role, Session: session.ID}
	if route.AtDesk {
		if person, err = l.atDesk(ctx, person); err != nil {
			return ctx, err
		}
	}
	if acts && session.State == mfa.StateActive {
		// An act of the person. A GET is none: a page that polls must not keep the
		// desk unlocked (mfa §6).
		if err := l.service.Touch(ctx, token); err != nil {
			return ctx, err
		}
	}
	ctx = context.WithValue(ctx, tokenKey{}, token)
	return WithPerson(ctx, person), nil
}

// atDesk is a person whose session holds the desk, with that hold.
func (l *Logins) atDesk(ctx context.Context, p Person) (Person, error) {
	holder, err := l.service.Holder(ctx)
	if err != nil {
		return p, err
	}
	if holder.Hold.Session != p.Session {
		return p, mfa.ErrMFARequired
	}
	return holding(holder), nil
}

func holding(h mfa.Holder) Person {
	return Person{
		ID: h.User.ID, Name: h.User.Name, Role: h.User.Role, Session: h.Hold.Session, Hold: h.Hold.ID, AMR: h.AMR(), AuthTime: h.AuthTime(),
	}
}

// sameSession answers a question that is asked again: is it still that session,
// and that role?
func sameSession(before Person, now mfa.Session) error {
	if now.ID != before.Session || now.User.Role != before.Role {
		return mfa.ErrMFARequired
	}
	return nil
}

func checkCSRF(r *http.Request, session mfa.Session) error {
	values := r.Header.Values(csrfHeader)
	if len(values) != 1 {
		return mfa.ErrCSRFRefused
	}
	return session.CheckCSRF(values[0])
}

// authorise leaves a refusal of a known person to package mfa, which writes it
// into the audit log.
func (l *Logins) authorise(ctx context.Context, token mfa.Token, session mfa.Session, route Route) (mfa.Session, error) {
	if len(route.Roles) == 0 && !route.StepUp {
		return session, nil
	}
	if session.Emergency && route.Session == Enrolling {
		// Once, and for five minutes, the code of the sealed sheet is step-up for
		// a new key: package mfa keeps the count (mfa §7).
		return session, nil
	}
	return l.service.Authorise(ctx, token, mfa.Demand{Act: route.ID, Roles: route.Roles, StepUp: route.StepUp})
}

// Desk is the [Gate] of web apps, on our own port and on drop-in ports: somebody who logged in with two factors holds
// the desk, and has a role for this. Asked again, it must be the same hold: what
// began in one clerk's name does not end in another's (mfa §6.1).
func (l *Logins) Desk(ctx context.Context, _ *http.Request, route Route) (context.Context, error) {
	holder, err := l.service.Holder(ctx)
	if err != nil {
		return ctx, err
	}
	u := holder.User
	if !route.open(u.Role) {
		return ctx, mfa.ErrRoleRefused
	}
	if before := personIn(ctx); before.Somebody() && before.Hold != holder.Hold.ID {
		return ctx, mfa.ErrMFARequired
	}
	return WithPerson(ctx, holding(holder)), nil
}
