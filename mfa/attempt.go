package mfa

import (
	"context"
	"errors"
)

// flow is where a try comes from, for the audit entry only: all flows share the
// counters.
type flow string

const (
	flowLogin          flow = "login"
	flowSecondFactor   flow = "second_factor"
	flowStepUp         flow = "step_up"
	flowUnlock         flow = "unlock"
	flowEnrolment      flow = "enrolment"
	flowAddFactor      flow = "add_factor"
	flowPasswordChange flow = "password_change"
)

// errWrong is what a check or a guard says to a try that must fail.
var errWrong = errors.New("wrong")

// try is one attempt at a secret that a person types.
type try struct {
	who     account
	method  Method
	flow    flow
	session string // id, where there is a session
	// check looks at the secret, outside of any transaction. It returns errWrong,
	// or what is to happen if the try is right, which may still say errWrong:
	// a guard that was lost, an account that changed meanwhile.
	check func(ctx context.Context) (accept func(Tx) error, err error)
}

// attempt is the one choke point: every check of a typed secret goes through it
// and nowhere else, whichever flow, session or factor (mfa §4). It reserves the
// try before the check, durably, so that parallel requests never get more
// checks than the limit. Right: the try is given back, in the transaction of
// what accept does. Wrong: it stays taken, and an entry says so. Errors:
// [ErrThrottled], [ErrLoginFailed], or what went wrong underneath.
func (s *Service) attempt(ctx context.Context, t try) error {
	taken, err := s.reserve(ctx, t)
	if err != nil {
		return err
	}
	accept, err := t.check(ctx)
	if err == nil {
		err = s.store.Update(ctx, func(tx Tx) error {
			for _, r := range taken {
				if err := tx.ReturnTry(ctx, r); err != nil {
					return err
				}
			}
			return accept(tx)
		})
	}
	if errors.Is(err, errWrong) {
		return s.refuseTry(ctx, t, EventLoginFailed, ErrLoginFailed)
	}
	return err
}

func (s *Service) reserve(ctx context.Context, t try) ([]Reservation, error) {
	var taken []Reservation
	err := s.store.Update(ctx, func(tx Tx) (err error) {
		taken, err = reserve(ctx, tx, t.who, t.method, s.now())
		return err
	})
	if throttled, ok := errors.AsType[ErrThrottled](err); ok {
		return nil, s.refuseTry(ctx, t, EventLoginThrottled, throttled)
	}
	return taken, err
}

// refuseTry answers with refusal once the entry stands, and with the log's own
// error if it can't.
func (s *Service) refuseTry(ctx context.Context, t try, kind EventKind, refusal error) error {
	err := s.store.Update(ctx, func(tx Tx) error {
		return tx.Record(ctx, Event{
			Kind: kind, At: s.now(), Subject: t.who.subject(), Session: t.session,
			Attributes: map[string]string{"flow": string(t.flow), "method": string(t.method)},
		})
	})
	if err != nil {
		return err
	}
	return refusal
}
