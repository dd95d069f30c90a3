package mfa

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Login is the first factor of a new session.
type Login struct {
	UserName string
	Password Hidden
	// Address and Agent stand in the list of sessions. They decide nothing.
	Address, Agent string
}

// maxNote bounds what a browser may have us keep about it.
const maxNote = 200

// Login checks name and password and opens a session that waits for its second
// factor. However it fails — name unknown, password wrong, account disabled or
// not enrolled — the answer and the work are the same: [ErrLoginFailed] after
// one run of argon2. [ErrThrottled] comes before any check.
func (s *Service) Login(ctx context.Context, l Login) (Entry, error) {
	who, stored, err := s.whoIs(ctx, l.UserName)
	if err != nil {
		return Entry{}, err
	}
	var entry Entry
	err = s.attempt(ctx, try{
		who: who, method: MethodPassword, flow: flowLogin,
		check: func(ctx context.Context) (func(Tx) error, error) {
			refresh, err := s.checkPassword(ctx, l.Password, stored)
			if err != nil {
				return nil, err
			}
			return func(tx Tx) (err error) {
				if err := refresh(ctx, tx); err != nil {
					return err
				}
				entry, err = s.openSession(ctx, tx, who.user.ID, l)
				return err
			}, nil
		},
	})
	return entry, err
}

type identity struct {
	who    account
	stored Password
}

// whoIs finds the account of a typed name, or one that stands for no account.
func (s *Service) whoIs(ctx context.Context, typed string) (account, Password, error) {
	unknown, err := s.unknownAccount(typed)
	if err != nil {
		return account{}, Password{}, err
	}
	id, err := view(ctx, s, func(tx Tx) (identity, error) {
		name, err := ParseUserName(typed)
		if err != nil {
			return identity{}, err
		}
		user, err := tx.UserNamed(ctx, name)
		if err != nil {
			return identity{}, err
		}
		stored, err := tx.Password(ctx, user.ID)
		return identity{userAccount(user), stored}, err
	})
	if errors.Is(err, ErrUserUnknown) || errors.Is(err, ErrUserNameInvalid) {
		return unknown, Password{}, nil
	}
	return id.who, id.stored, err
}

// checkPassword is the check of a try: errWrong, or what must be done in the
// transaction that follows. That first makes sure that the account is enabled
// and the password still the one that was checked. A password under old
// parameters or an old pepper is hashed anew, since only now is it at hand.
func (s *Service) checkPassword(ctx context.Context, typed Hidden, stored Password) (func(context.Context, Tx) error, error) {
	pepper := s.keys.Load().pepper
	ok, stale, err := s.hasher.matches(ctx, pepper, typed, stored)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errWrong
	}
	renewed := stored
	if stale {
		if renewed.PHC, renewed.Pepper, err = s.hasher.hash(ctx, pepper, typed); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context, tx Tx) error {
		user, err := tx.User(ctx, stored.User)
		if err != nil {
			return err
		}
		inForce, err := tx.Password(ctx, stored.User)
		if err != nil {
			return err
		}
		if !user.enabled() || inForce.PHC != stored.PHC {
			return errWrong
		}
		if !stale {
			return nil
		}
		if err := tx.SetPassword(ctx, renewed); err != nil {
			return err
		}
		return tx.Record(ctx, Event{Kind: EventPasswordRehashed, At: s.now(), Actor: user.ID, Subject: user.ID})
	}, nil
}

func (s *Service) openSession(ctx context.Context, tx Tx, user string, l Login) (Entry, error) {
	token, err := newToken(s.random)
	if err != nil {
		return Entry{}, err
	}
	id, err := newID(s.random)
	if err != nil {
		return Entry{}, err
	}
	now := s.now()
	row := SessionRow{
		ID: id, User: user, TokenHash: token.hash(), KeyID: s.keys.Load().ring.Current(),
		Created: now, LastAct: now, Ends: now.Add(HalfOpenLimit),
		Address: clip(l.Address), Agent: clip(l.Agent),
		Factors: []Factor{{Method: MethodPassword, Authenticator: user, At: now, Owner: user}},
	}
	if err := tx.InsertSession(ctx, row); err != nil {
		return Entry{}, err
	}
	err = tx.Record(ctx, Event{
		Kind: EventPasswordAccepted, At: now, Actor: user, Subject: user, Session: id,
		Attributes: map[string]string{"flow": string(flowLogin)},
	})
	if err != nil {
		return Entry{}, err
	}
	opened, err := s.live(ctx, tx, token)
	if err != nil {
		return Entry{}, err
	}
	shown, err := s.show(ctx, tx, opened)
	return Entry{Token: token, Session: shown}, err
}

// clip keeps the printable beginning of what a browser says of itself.
func clip(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return strings.ToValidUTF8(s[:min(len(s), maxNote)], "")
}

// finishLogin does what belongs to a login once both factors are there: the
// counters start anew, the desk changes hands, notices are dated. It returns
// the times for the session's rise.
func (s *Service) finishLogin(ctx context.Context, tx Tx, l live, f Factor) (Rise, error) {
	r := Rise{Ends: l.now.Add(AbsoluteLimit), LoggedIn: l.now, Since: l.user.LastLogin, Factor: f}
	if !l.row.LoggedIn.IsZero() { // its own authenticator was removed meanwhile: no new login
		r = l.keep(f)
	}
	if err := tx.ResetTries(ctx, userAccount(l.user).key); err != nil {
		return Rise{}, err
	}
	if err := s.noticeDevice(ctx, tx, l); err != nil {
		return Rise{}, err
	}
	user := l.user
	user.LastLogin = l.now
	if err := tx.UpdateUser(ctx, user); err != nil {
		return Rise{}, err
	}
	return r, tx.Record(ctx, Event{
		Kind: EventLoggedIn, At: l.now, Actor: user.ID, Subject: user.ID, Session: l.row.ID,
		Attributes: map[string]string{"method": string(f.Method), "since_first_factor": l.now.Sub(l.row.Created).Round(time.Second).String()},
	})
}
