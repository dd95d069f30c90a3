package api

import (
	"context"
	"net"
	"net/http"
	"time"

	"chipproof/mfa"
)

// Names of audit entries that routes leave, as package mfa calls them.
func audits(kinds ...mfa.EventKind) []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return names
}

// RegisterLogins puts the routes of package mfa into a server: sessions, first
// enrolment, and what a person may do about the own account.
func RegisterLogins(s *Server, l *Logins) {
	registerSessions(s, l)
	registerFactors(s, l)
	registerSessionList(s, l)
	registerEnrolments(s, l)
	registerAccount(s, l)
}

func registerSessions(s *Server, l *Logins) {
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/sessions", Class: Own, ID: "log-in",
		Audit:       audits(mfa.EventPasswordAccepted, mfa.EventLoginFailed, mfa.EventLoginThrottled),
		Summary:     "Log in with name and password",
		Description: "The first factor. The session can give its second one, look at itself and end, and nothing else. Whatever was wrong, the answer is the same.",
	}, l.logIn)
	Handle(s, Route{
		Method: http.MethodGet, Path: "/v1/sessions/current", Class: Console, Session: AnySession, ID: "show-session",
		Summary: "The session of the cookie",
	}, func(ctx context.Context, _ *struct{}) (*sessionOutput, error) { return l.shown(ctx) })
	Handle(s, Route{
		Method: http.MethodDelete, Path: "/v1/sessions/current", Class: Console, Session: AnySession, ID: "log-out",
		Audit:   audits(mfa.EventLoggedOut, mfa.EventDeskLeft),
		Summary: "Log out, in whatever state the session is",
	}, l.logOut)
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/sessions/current/lock", Class: Console, ID: "lock-session",
		Audit:   audits(mfa.EventLocked),
		Summary: "Lock: web apps are answered no more until it is unlocked or the next clerk logs in",
	}, func(ctx context.Context, _ *struct{}) (*sessionOutput, error) {
		if err := l.service.Lock(ctx, tokenIn(ctx)); err != nil {
			return nil, err
		}
		return l.shown(ctx)
	})
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/sessions/current/unlock", Class: Console, Session: Locked, ID: "unlock-session",
		Audit:   audits(mfa.EventUnlocked, mfa.EventLoginFailed, mfa.EventLoginThrottled),
		Summary: "Resume a locked session by the password, within its 24 hours",
	}, func(ctx context.Context, in *passwordInput) (*risenOutput, error) {
		entry, err := l.service.Unlock(ctx, tokenIn(ctx), in.Body.Password.hidden())
		if err != nil {
			return nil, err
		}
		return l.risen(ctx, entry)
	})
}

type (
	loginInput struct {
		Body struct {
			Username string `json:"username" minLength:"1" maxLength:"256" doc:"Login name" example:"malee"`
			Password typed  `json:"password" doc:"Password, whole and as it was typed"`
		}
	}
	passwordInput struct {
		Body struct {
			Password typed `json:"password" doc:"The user's password"`
		}
	}
	codeInput struct {
		Body struct {
			Code typed `json:"code" doc:"The code, as it was typed; Thai digits are understood"`
		}
	}
)

func (l *Logins) logIn(ctx context.Context, in *loginInput) (*risenOutput, error) {
	r := callOf(ctx).request
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = ""
	}
	entry, err := l.service.Login(ctx, mfa.Login{
		UserName: in.Body.Username, Password: in.Body.Password.hidden(), Address: address, Agent: r.UserAgent(),
	})
	if err != nil {
		return nil, err
	}
	return l.risen(ctx, entry)
}

// endedOutput takes the cookie back.
type endedOutput struct {
	Cookie cookie `header:"Set-Cookie" doc:"Takes the session's cookie away"`
}

func (l *Logins) logOut(ctx context.Context, _ *struct{}) (*endedOutput, error) {
	if err := l.service.Logout(ctx, tokenIn(ctx)); err != nil {
		return nil, err
	}
	return &endedOutput{Cookie: l.take(callOf(ctx).request)}, nil
}

// giveFactor is one of the three ways to give a second factor.
type giveFactor func(context.Context, mfa.Token, mfa.Hidden) (mfa.Entry, error)

func registerFactors(s *Server, l *Logins) {
	for _, way := range []struct {
		path, id, summary, description string
		give                           giveFactor
		kind                           mfa.EventKind
	}{
		{
			"totp", "give-totp", "Give the code of the authenticator app",
			"The second factor of a login; of an active session it is the step-up that routes with `x-step-up` ask for. A code works once: `next_code_at` says when there is a new one.",
			l.service.GiveTOTP, mfa.EventSteppedUp,
		},
		{
			"backup-code", "give-backup-code", "Give a backup code in place of the app's",
			"As the app's code, also as a step-up. It is struck off; `backup_codes_left` says how many are left.",
			l.service.GiveBackupCode, mfa.EventBackupCodeUsed,
		},
		{
			"emergency-code", "give-emergency-code", "Give the code of the sealed sheet",
			"For an administrator whose phone and backup codes are gone, once. The session says `emergency`, and for five minutes it may enrol a new authenticator.",
			l.service.GiveEmergencyCode, mfa.EventEmergencyUsed,
		},
	} {
		Handle(s, Route{
			Method: http.MethodPost, Path: "/v1/sessions/current/" + way.path, Class: Console, Session: Rising, ID: way.id,
			Audit:   audits(mfa.EventLoggedIn, mfa.EventDeskTaken, way.kind, mfa.EventLoginFailed, mfa.EventLoginThrottled),
			Summary: way.summary, Description: way.description,
		}, func(ctx context.Context, in *codeInput) (*risenOutput, error) {
			entry, err := way.give(ctx, tokenIn(ctx), in.Body.Code.code())
			if err != nil {
				return nil, err
			}
			return l.risen(ctx, entry)
		})
	}
}

// SessionInfo is a line in the list of one's sessions.
type SessionInfo struct {
	ID        string       `json:"id" doc:"Names the session; it opens nothing"`
	Current   bool         `json:"current" doc:"Whether it is the one that asks"`
	State     sessionState `json:"state" doc:"What it may do"`
	Methods   []method     `json:"methods" nullable:"false" doc:"Factors given in it, in their order"`
	CreatedAt time.Time    `json:"created_at" doc:"When the first factor was given"`
	LastActAt time.Time    `json:"last_act_at" doc:"The person's last act"`
	ExpiresAt time.Time    `json:"expires_at" doc:"When it ends in any case"`
	Address   string       `json:"address" doc:"Where it was opened from; decides nothing"`
	Agent     string       `json:"agent" doc:"What the browser said of itself; decides nothing"`
}

type sessionsOutput struct {
	Body struct {
		Sessions []SessionInfo `json:"sessions" nullable:"false" doc:"The user's sessions, newest first"`
	}
}

func registerSessionList(s *Server, l *Logins) {
	Handle(s, Route{
		Method: http.MethodGet, Path: "/v1/sessions", Class: Console, ID: "list-sessions",
		Summary: "One's own sessions",
	}, l.listSessions)
	Handle(s, Route{
		Method: http.MethodDelete, Path: "/v1/sessions/{id}", Class: Console, ID: "end-session",
		Audit:   audits(mfa.EventSessionEnded, mfa.EventDeskLeft),
		Summary: "End one of one's own sessions",
	}, func(ctx context.Context, in *idInput) (*struct{}, error) {
		return nil, l.service.EndSession(ctx, tokenIn(ctx), in.ID)
	})
}

// idInput is a path with an id in it. Ids are ours and no personal data.
type idInput struct {
	ID string `path:"id" maxLength:"64" doc:"The id"`
}

func (l *Logins) listSessions(ctx context.Context, _ *struct{}) (*sessionsOutput, error) {
	list, err := l.service.Sessions(ctx, tokenIn(ctx))
	if err != nil {
		return nil, err
	}
	var out sessionsOutput
	out.Body.Sessions = make([]SessionInfo, 0, len(list))
	for _, v := range list {
		info := SessionInfo{
			ID: v.ID, Current: v.Current, State: sessionState(v.State), Methods: make([]method, 0, len(v.Methods)),
			CreatedAt: v.Created, LastActAt: v.LastAct, ExpiresAt: v.Ends, Address: v.Address, Agent: v.Agent,
		}
		for _, m := range v.Methods {
			info.Methods = append(info.Methods, method(m))
		}
		out.Body.Sessions = append(out.Body.Sessions, info)
	}
	return &out, nil
}
