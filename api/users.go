package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"chipproof/mfa"
)

// User is an account as administrators see it.
type User struct {
	ID          string    `json:"id" doc:"Names the account; what audit entries hold"`
	Name        string    `json:"name" doc:"The login name" example:"malee"`
	Role        role      `json:"role" doc:"What the person may do" example:"staff"`
	CreatedAt   time.Time `json:"created_at" doc:"When it was made"`
	LastLoginAt time.Time `json:"last_login_at,omitzero" doc:"The last login with both factors; absent before the first"`
	Enrolled    bool      `json:"enrolled" doc:"Has a password and a confirmed app"`
	Disabled    bool      `json:"disabled" doc:"Shut by an administrator"`
	Locked      bool      `json:"locked" doc:"Too many tries: only unlocking helps"`
	WaitsUntil  time.Time `json:"waits_until,omitzero" doc:"Throttled until then; absent when it is not"`
}

// Invitation is a grant in clear, shown this once to who made it.
type Invitation struct {
	Name    string       `json:"name" doc:"Whose it is" example:"malee"`
	Purpose grantPurpose `json:"purpose" doc:"What it is good for"`
	Grant   string       `json:"grant" doc:"The grant: whoever has it sets the person's password and app. Hand it to that person and to nobody else"`
	EndsAt  time.Time    `json:"ends_at" doc:"Until when it is good"`
}

type (
	usersOutput struct {
		Body struct {
			Users []User `json:"users" nullable:"false" doc:"Sorted by name"`
		}
	}
	invitationOutput struct{ Body Invitation }
	addUserInput     struct {
		Body struct {
			Name string `json:"name" minLength:"1" maxLength:"256" doc:"Name to log in with: letters (Thai ones too), digits and . _ - in between" example:"malee"`
			Role role   `json:"role" doc:"What the person may do" example:"staff"`
		}
	}
	roleInput struct {
		ID   string `path:"id" maxLength:"64" doc:"The id"`
		Body struct {
			Role role `json:"role" doc:"What the person may do from now on"`
		}
	}
	resetInput struct {
		ID   string `path:"id" maxLength:"64" doc:"The id"`
		Body struct {
			Lost lost `json:"lost" doc:"phone: and the backup codes, the password is asked for when enrolling; password: the app stays; both: you vouch for who it is, having seen the person"`
		}
	}
	lost         mfa.Lost
	grantPurpose mfa.Purpose
)

// Schema lists what can be lost.
func (lost) Schema(huma.Registry) *huma.Schema {
	return oneOf(mfa.LostPhone, mfa.LostPassword, mfa.LostBoth)
}

// Schema lists the purposes.
func (grantPurpose) Schema(huma.Registry) *huma.Schema {
	return oneOf(mfa.PurposeEnrol, mfa.PurposePhone, mfa.PurposePassword)
}

// RegisterUsers adds what administrators do about accounts, as the commands `user`
// do it. Accounts go by their ids: a name is a person's, and stands in no address.
func RegisterUsers(s *Server, l *Logins) {
	admins := Administrators()
	Handle(s, Route{
		Method: http.MethodGet, Path: "/v1/users", Class: Console, Roles: admins, ID: "list-users",
		Summary: "The accounts",
	}, l.listUsers)
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/users", Class: Console, Roles: admins, StepUp: true, ID: "add-user",
		Audit:   audits(mfa.EventUserAdded, mfa.EventGrantMade),
		Summary: "Make an account, and the one-time grant that its owner enrols with",
	}, func(ctx context.Context, in *addUserInput) (*invitationOutput, error) {
		return invited(l.service.AddUser(ctx, mfa.BySession(tokenIn(ctx)), in.Body.Name, mfa.Role(in.Body.Role)))
	})
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/users/{id}/reset", Class: Console, Roles: admins, StepUp: true, ID: "reset-user",
		Audit:       audits(mfa.EventUserReset, mfa.EventGrantMade),
		Summary:     "Take away what a person has lost, and make a grant to enrol anew",
		Description: "Ends the person's sessions, and their next login shows that it was done. See who asks, in person.",
	}, func(ctx context.Context, in *resetInput) (*invitationOutput, error) {
		name, err := l.nameOf(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return invited(l.service.ResetUser(ctx, mfa.BySession(tokenIn(ctx)), name, mfa.Lost(in.Body.Lost)))
	})
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/users/{id}/role", Class: Console, Roles: admins, StepUp: true, ID: "change-role",
		Audit:   audits(mfa.EventRoleChanged),
		Summary: "Change what a person may do, from the next request on",
	}, func(ctx context.Context, in *roleInput) (*struct{}, error) {
		name, err := l.nameOf(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return nil, l.service.SetRole(ctx, mfa.BySession(tokenIn(ctx)), name, mfa.Role(in.Body.Role))
	})
	registerUserActs(s, l)
}

// registerUserActs adds the acts that need nothing but the account.
func registerUserActs(s *Server, l *Logins) {
	for _, act := range []struct {
		path, id, summary string
		kind              mfa.EventKind
		do                func(context.Context, mfa.By, string) error
	}{
		{"disable", "disable-user", "Shut an account; its sessions end at once", mfa.EventUserDisabled, l.service.DisableUser},
		{"enable", "enable-user", "Open a shut account again, with the factors that it had", mfa.EventUserEnabled, l.service.EnableUser},
		{"unlock", "unlock-user", "Let an account that typed wrong too often try again", mfa.EventUserUnlocked, l.service.UnlockUser},
	} {
		Handle(s, Route{
			Method: http.MethodPost, Path: "/v1/users/{id}/" + act.path, Class: Console, Roles: Administrators(), StepUp: true, ID: act.id,
			Audit: audits(act.kind), Summary: act.summary,
		}, func(ctx context.Context, in *idInput) (*struct{}, error) {
			name, err := l.nameOf(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return nil, act.do(ctx, mfa.BySession(tokenIn(ctx)), name)
		})
	}
}

func (l *Logins) listUsers(ctx context.Context, _ *struct{}) (*usersOutput, error) {
	accounts, err := l.service.Accounts(ctx, mfa.BySession(tokenIn(ctx)))
	if err != nil {
		return nil, err
	}
	var out usersOutput
	out.Body.Users = make([]User, 0, len(accounts))
	for _, a := range accounts {
		out.Body.Users = append(out.Body.Users, User{
			ID: a.ID, Name: a.Name, Role: role(a.Role), CreatedAt: a.Created, LastLoginAt: a.LastLogin,
			Enrolled: a.Enrolled, Disabled: !a.Disabled.IsZero(), Locked: a.Locked, WaitsUntil: a.Waits,
		})
	}
	return &out, nil
}

// nameOf is the name of the account with that id, which package mfa goes by.
func (l *Logins) nameOf(ctx context.Context, id string) (string, error) {
	accounts, err := l.service.Accounts(ctx, mfa.BySession(tokenIn(ctx)))
	if err != nil {
		return "", err
	}
	for _, a := range accounts {
		if a.ID == id {
			return a.Name, nil
		}
	}
	return "", mfa.ErrUserUnknown
}

func invited(i mfa.Invitation, err error) (*invitationOutput, error) {
	if err != nil {
		return nil, err
	}
	return &invitationOutput{Body: Invitation{
		Name: i.User.Name, Purpose: grantPurpose(i.Purpose), Grant: i.Grant.Reveal(), EndsAt: i.Ends,
	}}, nil
}
