package api

import (
	"context"
	"net/http"
	"time"

	"chipproof/mfa"
)

// Authenticator is one of the user's own apps.
type Authenticator struct {
	ID        string    `json:"id" doc:"Names it"`
	Label     string    `json:"label" doc:"What its owner calls it"`
	CreatedAt time.Time `json:"created_at" doc:"When a code confirmed it"`
}

type (
	authenticatorsOutput struct {
		Body struct {
			Authenticators []Authenticator `json:"authenticators" nullable:"false" doc:"Confirmed ones, oldest first"`
		}
	}
	labelInput struct {
		Body struct {
			Label string `json:"label" minLength:"1" maxLength:"64" doc:"What to call it" example:"โทรศัพท์สำรอง"`
		}
	}
	ownKeyOutput struct {
		Body struct {
			ID string `json:"id" doc:"Names the key for its confirmation"`
			NewKey
		}
	}
	confirmInput struct {
		ID   string `path:"id" maxLength:"64" doc:"The id"`
		Body struct {
			Code typed `json:"code" doc:"What the app shows now; Thai digits are understood"`
		}
	}
	changePasswordInput struct {
		Body struct {
			Present  typed `json:"present" doc:"The password in force"`
			Password typed `json:"password" doc:"The new one"`
		}
	}
	emergencyCodeOutput struct {
		Body struct {
			EmergencyCode string `json:"emergency_code" doc:"For a new sealed sheet; shown this once, and the old sheet is void"`
		}
	}
)

// registerAccount adds what a person does about the own factors.
func registerAccount(s *Server, l *Logins) {
	registerAuthenticators(s, l)
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/backup-codes", Class: Console, StepUp: true, ID: "make-backup-codes",
		Audit:   audits(mfa.EventBackupCodesMade),
		Summary: "Make a new set of backup codes; the old ones are void",
	}, func(ctx context.Context, _ *struct{}) (*backupCodesOutput, error) {
		codes, err := l.service.NewBackupCodes(ctx, tokenIn(ctx))
		if err != nil {
			return nil, err
		}
		return &backupCodesOutput{Body: backupCodes(codes)}, nil
	})
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/password", Class: Console, StepUp: true, ID: "change-password",
		Audit:   audits(mfa.EventPasswordChanged, mfa.EventLoginFailed, mfa.EventLoginThrottled),
		Summary: "Change one's password; all other sessions end",
	}, func(ctx context.Context, in *changePasswordInput) (*risenOutput, error) {
		entry, err := l.service.ChangePassword(ctx, tokenIn(ctx), in.Body.Present.hidden(), in.Body.Password.hidden())
		if err != nil {
			return nil, err
		}
		return l.risen(ctx, entry)
	})
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/emergency-code", Class: Console, Roles: Administrators(), StepUp: true, ID: "make-emergency-code",
		Audit:       audits(mfa.EventEmergencyMade),
		Summary:     "Make the code of a new sealed sheet",
		Description: "The step-up must be by an app's code: a code from paper must not beget the next one.",
	}, func(ctx context.Context, _ *struct{}) (*emergencyCodeOutput, error) {
		code, err := l.service.NewEmergencyCode(ctx, mfa.BySession(tokenIn(ctx)))
		if err != nil {
			return nil, err
		}
		var out emergencyCodeOutput
		out.Body.EmergencyCode = code.Reveal()
		return &out, nil
	})
}

func registerAuthenticators(s *Server, l *Logins) {
	Handle(s, Route{
		Method: http.MethodGet, Path: "/v1/authenticators", Class: Console, ID: "list-authenticators",
		Summary: "One's own authenticator apps",
	}, l.listAuthenticators)
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/authenticators", Class: Console, Session: Enrolling, StepUp: true, ID: "add-authenticator",
		Audit:       audits(mfa.EventRefused), // the key is worth nothing yet; its confirmation is the entry
		Summary:     "Begin to add an authenticator app",
		Description: "It is worth nothing until a code of it confirms it, within ten minutes.",
	}, l.addAuthenticator)
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/authenticators/{id}/confirm", Class: Console, Session: Enrolling, ID: "confirm-authenticator",
		Audit:   audits(mfa.EventFactorAdded, mfa.EventLoginFailed, mfa.EventLoginThrottled),
		Summary: "Confirm the app by a code of it; all other sessions end",
	}, func(ctx context.Context, in *confirmInput) (*risenOutput, error) {
		entry, err := l.service.ConfirmTOTP(ctx, tokenIn(ctx), in.ID, in.Body.Code.code())
		if err != nil {
			return nil, err
		}
		return l.risen(ctx, entry)
	})
	Handle(s, Route{
		Method: http.MethodDelete, Path: "/v1/authenticators/{id}", Class: Console, StepUp: true, ID: "remove-authenticator",
		Audit:   audits(mfa.EventFactorRemoved),
		Summary: "Remove an authenticator app; all other sessions end",
	}, func(ctx context.Context, in *idInput) (*struct{}, error) {
		return nil, l.service.RemoveTOTP(ctx, tokenIn(ctx), in.ID)
	})
}

func (l *Logins) listAuthenticators(ctx context.Context, _ *struct{}) (*authenticatorsOutput, error) {
	list, err := l.service.Authenticators(ctx, tokenIn(ctx))
	if err != nil {
		return nil, err
	}
	var out authenticatorsOutput
	out.Body.Authenticators = make([]Authenticator, 0, len(list))
	for _, a := range list {
		out.Body.Authenticators = append(out.Body.Authenticators, Authenticator{ID: a.ID, Label: a.Label, CreatedAt: a.Confirmed})
	}
	return &out, nil
}

func (l *Logins) addAuthenticator(ctx context.Context, in *labelInput) (*ownKeyOutput, error) {
	key, err := l.service.AddTOTP(ctx, tokenIn(ctx), in.Body.Label)
	if err != nil {
		return nil, err
	}
	var out ownKeyOutput
	out.Body.ID = key.ID
	out.Body.NewKey, err = newKey(key)
	return &out, err
}
