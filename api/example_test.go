package api_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"chipproof/api"
)

type greeting struct {
	Body struct {
		Hello string `json:"hello"`
	}
}

func greet(ctx context.Context, _ *struct{}) (*greeting, error) {
	var g greeting
	g.Body.Hello = api.CallerOf(ctx).Origin
	return &g, nil
}

// oneSite approves one web site.
type oneSite struct{}

func (oneSite) Approved(_ context.Context, origin string) (api.Grant, error) {
	if origin != "https://app.example.go.th" {
		return api.Grant{}, api.ErrOriginRefused
	}
	return api.Grant{}, nil
}

// somebody is a gate in whose view the same person is always there. A program
// has those of [api.Logins].
func somebody(ctx context.Context, _ *http.Request, _ api.Route) (context.Context, error) {
	return api.WithPerson(ctx, api.Person{ID: "1", Name: "malee"}), nil
}

// A server with one route for approved web apps, asked as a page of such an app
// asks.
func Example() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	srv, err := api.NewServer(api.Options{
		Title: "example", Version: "1.0.0", Problems: api.Problems(), Now: time.Now,
		Origins: oneSite{},
		Gates:   map[api.Class]api.Gate{api.WebApp: somebody},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	api.Handle(srv, api.Route{Method: "GET", Path: "/v1/greeting", Class: api.WebApp, ID: "greet"}, greet)
	listeners, err := api.Listen(ctx, "localhost:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ctx, listeners) }()

	for _, origin := range []string{"https://app.example.go.th", "https://evil.example"} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, listeners.URL()+"/v1/greeting", nil)
		if err != nil {
			fmt.Println(err)
			return
		}
		r.Header.Set("Origin", origin)
		r.Header.Set("Connection", "close")
		res, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			fmt.Println(err)
			return
		}
		body, err := io.ReadAll(res.Body)
		if err != nil || res.Body.Close() != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%d %.24s\n", res.StatusCode, body)
	}
	stop()
	fmt.Println(<-served)
	// Output:
	// 200 {"hello":"https://app.ex
	// 403 {"type":"urn:chipproof:p
	// <nil>
}

func ExampleParseOrigin() {
	for _, s := range []string{"https://app.example.go.th", "https://App.example.go.th:443/", "http://localhost:8000"} {
		origin, err := api.ParseOrigin(s, api.OriginRules{Mode: api.Production})
		fmt.Println(origin, err)
	}
	// Output:
	// https://app.example.go.th <nil>
	//  origin invalid: "https://App.example.go.th:443/": write https://app.example.go.th
	//  origin invalid: "http://localhost:8000": a site on this machine is an origin in test mode only
}
