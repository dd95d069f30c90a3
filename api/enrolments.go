package api

import (
	"context"
	"net/http"

	"chipproof/mfa"
)

// NewKey is an authenticator's key on its way into an app, shown once.
type NewKey struct {
	OTPAuthURI string `json:"otpauth_uri,omitzero" doc:"For the app; absent where a reset leaves the key in use"`
	QRPNG      []byte `json:"qr_png,omitzero" contentEncoding:"base64" doc:"The same as a picture to scan"`
	Secret     string `json:"secret,omitzero" doc:"The same for typing in: base32, SHA-1, 6 digits, 30 s"`
}

func newKey(k mfa.NewKey) (NewKey, error) {
	if k.ID == "" {
		return NewKey{}, nil
	}
	picture, err := k.QR()
	if err != nil {
		return NewKey{}, err
	}
	return NewKey{OTPAuthURI: k.URI.Reveal(), QRPNG: picture, Secret: k.Secret.Reveal()}, nil
}

// BackupCodes are the codes of a new set, shown once.
type BackupCodes struct {
	BackupCodes []string `json:"backup_codes" nullable:"false" doc:"To be printed now: they are shown this once. Empty after a reset of the password alone, where the old ones stay good"`
}

func backupCodes(codes []mfa.Hidden) BackupCodes {
	b := BackupCodes{BackupCodes: make([]string, 0, len(codes))}
	for _, c := range codes {
		b.BackupCodes = append(b.BackupCodes, c.Reveal())
	}
	return b
}

type (
	newKeyOutput      struct{ Body NewKey }
	backupCodesOutput struct{ Body BackupCodes }

	startEnrolmentInput struct {
		Body struct {
			Grant    typed `json:"grant" doc:"The one-time grant that an administrator handed over"`
			Password typed `json:"password" doc:"The new password; after a reset of the phone alone the present one"`
		}
	}
	finishEnrolmentInput struct {
		Body struct {
			Grant typed `json:"grant" doc:"The same grant"`
			Code  typed `json:"code" doc:"What the app shows now; Thai digits are understood"`
		}
	}
)

// registerEnrolments adds the two steps of a grant. They have no session: the
// grant in the body is all that counts, and no cookie, form or address stands in
// its place (mfa §8).
func registerEnrolments(s *Server, l *Logins) {
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/enrolments", Class: Own, ID: "start-enrolment",
		Audit:   audits(mfa.EventEnrolmentStarted, mfa.EventGrantRefused, mfa.EventLoginFailed, mfa.EventLoginThrottled),
		Summary: "First step of a grant: set the password, get the key for the app",
	}, func(ctx context.Context, in *startEnrolmentInput) (*newKeyOutput, error) {
		key, err := l.service.StartEnrolment(ctx, in.Body.Grant.hidden(), in.Body.Password.hidden())
		if err != nil {
			return nil, err
		}
		body, err := newKey(key)
		return &newKeyOutput{Body: body}, err
	})
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/enrolments/confirm", Class: Own, ID: "finish-enrolment",
		Audit:       audits(mfa.EventEnrolled, mfa.EventBackupCodesMade, mfa.EventGrantRefused, mfa.EventLoginFailed, mfa.EventLoginThrottled),
		Summary:     "Second step of a grant: a code of the app",
		Description: "Uses up the grant. Nobody is logged in by it; the login follows, with the next code.",
	}, func(ctx context.Context, in *finishEnrolmentInput) (*backupCodesOutput, error) {
		codes, err := l.service.FinishEnrolment(ctx, in.Body.Grant.hidden(), in.Body.Code.code())
		if err != nil {
			return nil, err
		}
		return &backupCodesOutput{Body: backupCodes(codes)}, nil
	})
}
