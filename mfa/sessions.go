package mfa

import (
	"context"
	"time"
)

// SessionInfo is a line in the list of one's sessions.
type SessionInfo struct {
	ID                     string
	Current                bool
	State                  State
	Created, LastAct, Ends time.Time
	Methods                []Method
	Address, Agent         string
}

// Sessions lists the caller's own sessions, newest first. Error:
// [ErrMFARequired] unless the caller's is active.
func (s *Service) Sessions(ctx context.Context, token Token) ([]SessionInfo, error) {
	return view(ctx, s, func(tx Tx) ([]SessionInfo, error) {
		own, err := s.active(ctx, tx, token)
		if err != nil {
			return nil, err
		}
		rows, err := tx.Sessions(ctx, own.user.ID)
		if err != nil {
			return nil, err
		}
		var list []SessionInfo
		for _, row := range rows {
			l := live{row: row, user: own.user, totps: own.totps, now: own.now}
			if !l.now.Before(row.Ends) || l.lapsed() {
				continue
			}
			info := SessionInfo{
				ID: row.ID, Current: row.ID == own.row.ID, State: l.state(),
				Created: row.Created, LastAct: row.LastAct, Ends: row.Ends, Address: row.Address, Agent: row.Agent,
			}
			for _, f := range row.Factors {
				info.Methods = append(info.Methods, f.Method)
			}
			list = append(list, info)
		}
		return list, nil
	})
}

// EndSession ends one of the caller's own sessions, by its id. Errors:
// [ErrMFARequired] unless the caller's is active; [ErrSessionUnknown] for
// another user's just as for one that never was.
func (s *Service) EndSession(ctx context.Context, token Token, id string) error {
	return s.store.Update(ctx, func(tx Tx) error {
		l, err := s.active(ctx, tx, token)
		if err != nil {
			return err
		}
		row, err := tx.Session(ctx, id)
		if err != nil {
			return err
		}
		if row.User != l.user.ID || !row.Ended.At.IsZero() {
			return ErrSessionUnknown
		}
		return s.endOne(ctx, tx, l, id, EndRevoked, EventSessionEnded)
	})
}

func (s *Service) endOne(ctx context.Context, tx Tx, l live, id string, why EndReason, kind EventKind) error {
	ok, err := tx.EndSession(ctx, id, End{At: l.now, By: l.user.ID, Reason: why})
	if err != nil {
		return err
	}
	if !ok {
		return ErrSessionUnknown
	}
	if err := s.emptyDesk(ctx, tx, id, l.user.ID, string(why)); err != nil {
		return err
	}
	return tx.Record(ctx, Event{Kind: kind, At: l.now, Actor: l.user.ID, Subject: l.user.ID, Session: id})
}

// endSessions ends all sessions of a user but one, which may be empty, and with
// them the hold of the desk: in the transaction of the change that is the
// reason (mfa §6).
func (s *Service) endSessions(ctx context.Context, tx Tx, user, except, actor string, why EndReason) error {
	hold, err := tx.Desk(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.EndSessions(ctx, user, except, End{At: s.now(), By: actor, Reason: why}); err != nil {
		return err
	}
	if hold.User != user || hold.Session == except {
		return nil
	}
	return s.emptyDesk(ctx, tx, hold.Session, actor, string(why))
}
