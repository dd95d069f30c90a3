package api

import (
	"context"
	"net/http"

	"chipproof/mfa"
)

// RegisterDesk puts the desk's routes into a server of a program that has one. A
// finished login takes the desk by itself; these are for whoever is logged in
// already, as when an administrator logged in at a clerk's counter.
func RegisterDesk(s *Server, l *Logins) {
	Handle(s, Route{
		Method: http.MethodPost, Path: "/v1/desk", Class: Console, Roles: Clerks(), ID: "take-desk",
		Audit:   audits(mfa.EventDeskTaken),
		Summary: "Take the desk (รับเวรต่อ): web apps are answered in this user's name from now on",
	}, func(ctx context.Context, _ *struct{}) (*sessionOutput, error) {
		if err := l.service.TakeDesk(ctx, tokenIn(ctx)); err != nil {
			return nil, err
		}
		return l.shown(ctx)
	})
	Handle(s, Route{
		Method: http.MethodDelete, Path: "/v1/desk", Class: Console, ID: "leave-desk",
		Audit:   audits(mfa.EventDeskLeft),
		Summary: "Leave the desk without logging out",
	}, func(ctx context.Context, _ *struct{}) (*sessionOutput, error) {
		if err := l.service.LeaveDesk(ctx, tokenIn(ctx)); err != nil {
			return nil, err
		}
		return l.shown(ctx)
	})
}
