package exposure

import "time"

// PlaceKind is where else taken-down data may still be had (assurance §4.8).
type PlaceKind string

// The kinds of places.
const (
	ThePage    PlaceKind = "page"
	CachedCopy PlaceKind = "cached_copy"
	SitemapOf  PlaceKind = "sitemap_entry"
	Attachment PlaceKind = "attachment"
)

// Place is an address that must no longer serve the data.
type Place struct {
	Kind     PlaceKind `json:"kind"`
	Target   string    `json:"target"` // masked
	TargetID string    `json:"target_id"`
}

// State of a place as a scan met it.
type PlaceState string

// The states. Only the first three can prove anything.
const (
	// Read: it answered and was looked through to its end.
	Read PlaceState = "read"
	// Gone: 404 or 410; a file that is no longer in a folder that was walked.
	Gone PlaceState = "gone"
	// Closed: 401 for whoever has not logged in.
	Closed PlaceState = "closed"
	// NoAnswer: not reached, in time or at all.
	NoAnswer PlaceState = "no_answer"
	// Partly: it answered and could not be read to its end.
	Partly PlaceState = "not_read"
	// Refused: any other status, such as 403 of a firewall, 429 or 503.
	Refused PlaceState = "refused"
)

// StateOf an HTTP status that was received from a place that was looked through
// to its end.
func StateOf(status int) PlaceState {
	switch {
	case status == 404, status == 410:
		return Gone
	case status == 401:
		return Closed
	case status >= 200 && status < 300:
		return Read
	}
	return Refused
}

// Observation is what a scan met at a place.
type Observation struct {
	TargetID string     `json:"target_id"`
	At       time.Time  `json:"at"`
	State    PlaceState `json:"state"`
	// Fingerprints that were found there.
	Fingerprints []string `json:"fingerprints"`
	// Lists are the ids of the targets that a sitemap lists.
	Lists []string `json:"lists,omitzero"`
}

// Takedown is what must no longer be served, and where.
type Takedown struct {
	// Since is when it was claimed to be gone: what was seen before proves
	// nothing.
	Since        time.Time
	Fingerprints []string
	Places       []Place
}

// OpenPlace is a place for which nothing is proven, and why.
type OpenPlace struct {
	Place
	// Why is still_served, still_listed, not_scanned, or the state that proves
	// nothing.
	Why string `json:"why"`
}

// Reasons of an [OpenPlace] besides the states of a place.
const (
	StillServed = "still_served"
	StillListed = "still_listed"
	NotScanned  = "not_scanned"
)

// Unproven gives the places for which a takedown is not proven. It is empty
// exactly when every place was met by a later scan and serves the data no more;
// only then may a task become stopped (A04). The latest observation counts.
func Unproven(t Takedown, seen []Observation) []OpenPlace {
	open := []OpenPlace{}
	if len(t.Places) == 0 {
		return append(open, OpenPlace{Why: NotScanned})
	}
	for _, p := range t.Places {
		if why := unproven(t, p, seen); why != "" {
			open = append(open, OpenPlace{p, why})
		}
	}
	return open
}

func unproven(t Takedown, p Place, seen []Observation) string {
	var last *Observation
	for i := range seen {
		o := &seen[i]
		if o.TargetID == p.TargetID && o.At.After(t.Since) && (last == nil || o.At.After(last.At)) {
			last = o
		}
	}
	if last == nil {
		return NotScanned
	}
	switch last.State {
	case Gone, Closed:
		return ""
	case Read:
	case NoAnswer, Partly, Refused:
		return string(last.State)
	}
	if p.Kind == SitemapOf {
		for _, page := range t.Places {
			if page.Kind != SitemapOf && contains(last.Lists, page.TargetID) {
				return StillListed
			}
		}
	}
	for _, f := range t.Fingerprints {
		if contains(last.Fingerprints, f) {
			return StillServed
		}
	}
	return ""
}

func contains(list []string, x string) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return false
}
