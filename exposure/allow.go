package exposure

import (
	"strings"

	"chipproof/exposure/detect"
)

// Allow is the list of work contacts that an agency publishes on purpose: they
// are counted, not reported (assurance §4.4). It holds no private data.
type Allow struct {
	// Domains of e-mail addresses: "banlat.go.th" allows whoever@banlat.go.th.
	Domains []string `json:"domains"`
	// Phones of offices, as digits; "0324910" with an asterisk allows all that
	// begin so: "0324910*".
	Phones []string `json:"phones"`
	// Names of officials, as they are published.
	Names []string `json:"names"`
}

// allowed says whether a value is a work contact.
func (a Allow) allowed(c Class, v detect.Value) bool {
	value := v.Reveal()
	switch c {
	case detect.Email:
		_, domain, _ := strings.Cut(value, "@")
		for _, d := range a.Domains {
			if domain == strings.ToLower(d) || strings.HasSuffix(domain, "."+strings.ToLower(d)) {
				return true
			}
		}
	case detect.Phone:
		for _, p := range a.Phones {
			prefix, open := strings.CutSuffix(digitsOf(p), "*")
			if value == prefix || open && strings.HasPrefix(value, prefix) {
				return true
			}
		}
	case detect.Name:
		for _, n := range a.Names {
			if value == detect.NormalName(n) {
				return true
			}
		}
	}
	return false
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '*' {
			return r
		}
		return -1
	}, s)
}
