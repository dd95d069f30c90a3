package crawl

import (
	"time"

	"chipproof/exposure/formats"
)

// Limits of a crawl. A zero member stands for the default.
type Limits struct {
	Pages int // asked for in all; default 20,000
	Depth int // links from a start; default 12
	// Queries are the different queries of one path: calendars and filters have
	// no end. Default 200.
	Queries int
	// Body is the largest answer, unpacked, in bytes; default 32 MiB.
	Body int64
	// Total is how much is fetched in all; default 4 GiB.
	Total int64
	// Request is how long one answer may take, body and redirects included;
	// default 30 s.
	Request time.Duration
	// Time of the whole crawl; default 2 h.
	Time time.Duration
	// Pause between two requests to one host; default 500 ms.
	Pause time.Duration
	// Sitemaps that are read; default 200.
	Sitemaps int
}

func (l Limits) orDefault() Limits {
	for v, d := range map[*int]int{&l.Pages: 20_000, &l.Depth: 12, &l.Queries: 200, &l.Sitemaps: 200} {
		if *v == 0 {
			*v = d
		}
	}
	for v, d := range map[*int64]int64{&l.Body: 32 << 20, &l.Total: 4 << 30} {
		if *v == 0 {
			*v = d
		}
	}
	for v, d := range map[*time.Duration]time.Duration{&l.Request: 30 * time.Second, &l.Time: 2 * time.Hour, &l.Pause: 500 * time.Millisecond} {
		if *v == 0 {
			*v = d
		}
	}
	return l
}

// Reasons why an address was not read, besides those of package formats.
const (
	OutOfScope formats.Reason = "out_of_scope"
	Robots     formats.Reason = "robots"          // robots.txt asks not to
	Address    formats.Reason = "address_refused" // a private or other special network
	NoAnswer   formats.Reason = "no_answer"
	NeedsValue formats.Reason = "needs_parameter" // an API call for which no value is known
	Status     formats.Reason = "status_refused"  // answered, and neither with content nor with "not there"
)
