package counter_test

import (
	"errors"
	"fmt"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/proofing"
)

// An administrator lists a site. What is left out has a default; what no browser
// would send is refused, with what would be right.
func ExampleNewOrigin() {
	rules, policy := api.OriginRules{Mode: api.Production}, proofing.DefaultPolicy()
	o, err := counter.NewOrigin(counter.OriginEntry{Origin: "https://app.example.go.th"}, rules, policy)
	fmt.Println(o.Fields, o.Purposes, o.Ask, err)

	_, err = counter.NewOrigin(counter.OriginEntry{Origin: "https://app.example.go.th/"}, rules, policy)
	fmt.Println(errors.Is(err, api.ErrOriginInvalid), err)
	// Output:
	// [citizen_id name birth_date sex address card photo] [form_fill] never <nil>
	// true origin invalid: "https://app.example.go.th/": write https://app.example.go.th
}
