package counter_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/cardreader"
	"chipproof/simulator"
)

// machine is a simulated machine with the default person's card in its reader.
func machine() (*simulator.Machine, error) {
	person, err := simulator.PersonNamed("default")
	if err != nil {
		return nil, err
	}
	card, err := simulator.NewCard(person, simulator.CardOptions{})
	if err != nil {
		return nil, err
	}
	m := simulator.NewMachine("Simulated Reader 00")
	return m, m.Insert("Simulated Reader 00", card)
}

// The whole agent on a simulated card, asked for the citizen's sex.
func Example() {
	ctx, stop := context.WithCancel(context.Background())
	m, err := machine()
	if err != nil {
		fmt.Println(err)
	}
	srv, err := api.NewServer(api.Options{
		Title: counter.Title, Version: counter.Version, Problems: counter.Problems(), Now: time.Now,
		Origins: api.FixedOrigins{"https://app.example.go.th": counter.DefaultGrant()},
		Gates:   map[api.Class]api.Gate{api.WebApp: api.Unattended},
	})
	if err != nil {
		fmt.Println(err)
	}
	desk := counter.New(counter.Options{Readers: cardreader.New(m, cardreader.Options{})})
	counter.Register(srv, desk)
	listeners, err := api.Listen(ctx, "localhost:0")
	if err != nil {
		fmt.Println(err)
	}
	var running sync.WaitGroup
	running.Go(func() { _ = desk.Run(ctx) })
	running.Go(func() { fmt.Println(srv.Serve(ctx, listeners)) })

	fmt.Println(ask(ctx, listeners.URL()))
	stop()
	running.Wait()
	// Output:
	// {"sex":"male"}} <nil>
	// <nil>
}

func ask(ctx context.Context, url string) (string, error) {
	body := strings.NewReader(`{"purpose":"form_fill","fields":["sex"]}`)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/reads", body)
	if err != nil {
		return "", err
	}
	r.Header = http.Header{
		"Origin": {"https://app.example.go.th"}, "Content-Type": {"application/json"}, "Connection": {"close"},
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	_, identity, _ := strings.Cut(string(answer), `"identity":`)
	return strings.TrimSpace(identity), err
}
