package console_test

import (
	"fmt"
	"time"

	"chipproof/api"
	"chipproof/api/console"
)

// A program puts its parts together and registers all of them. A page that says
// what no language has, or loads a script that is not there, is an error here and
// not at the counter.
func Example() {
	site, err := console.New(console.Options{Mode: api.Test, Parts: []console.Part{console.Common()}})
	if err != nil {
		fmt.Println(err)
		return
	}
	server, err := api.NewServer(api.Options{Title: "example", Version: "1", Problems: api.Problems(), Now: time.Now})
	if err != nil {
		fmt.Println(err)
		return
	}
	site.Register(server)
	for _, r := range server.Routes() {
		if r.Kind == api.Shell {
			fmt.Println(r.Path)
		}
	}
	// Output:
	// /account
	// /audit
	// /enrol
	// /keys
	// /staff
}
