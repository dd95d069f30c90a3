// Package api is the local HTTP server that both programs share: listeners on
// loopback, the guard that every request passes, the table of routes, problem
// bodies, event streams, the OpenAPI document, and the routes by which people log
// in ([RegisterLogins], over package mfa).
//
// It is for whoever registers routes ([Handle], [HandleStream]) and for the
// program that serves them. What a route does is not its business: it knows no
// card, no reader, no database. It terminates no TLS and stands behind no proxy:
// X-Forwarded headers mean nothing to it (agent-security §3, §4).
//
// A server is made, given its routes, and served until its context ends:
//
//	logins := api.NewLogins(service, cookie)
//	srv, err := api.NewServer(api.Options{
//		Title: "example", Origins: origins, Problems: api.Problems(), Now: time.Now, Gates: logins.Gates(),
//	})
//	api.RegisterLogins(srv, logins)
//	api.Handle(srv, api.Route{Method: "GET", Path: "/v1/things", Class: api.WebApp, ID: "list-things"}, list)
//	listeners, err := api.Listen(ctx, "localhost:8731")
//	err = srv.Serve(ctx, listeners)
package api
