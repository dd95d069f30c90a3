package proof

import "slices"

// Road is the way on which a request came (design §6).
type Road string

const (
	// Fetch: a page asks us by a fetch, with its Origin.
	Fetch Road = "fetch"
	// Page: the site sent the clerk to our own page, with the request.
	Page Road = "page"
)

// CheckAudience is step 7 of proof §11: audience is the one registered for the
// origin, byte for byte. Error: a [*RequestError].
func (r Request) CheckAudience(registered string) error {
	if r.Audience == "" || r.Audience != registered {
		return refuse(StepAudience, "it is not the one registered for the origin")
	}
	return nil
}

// CheckRoad is step 8 of proof §11; returnURLs are those registered for the
// origin. A browser's history may keep what comes on the page road, and nothing
// but the proof travels back on it. Error: a [*RequestError].
func (r Request) CheckRoad(road Road, returnURLs []string) error {
	switch road {
	case Fetch:
		if r.ReturnURL != "" || r.State != "" {
			return refuse(StepRoad, "return_url and state are of the page road")
		}
		return nil
	case Page:
		return r.checkPage(returnURLs)
	default:
		return refuse(StepRoad, "there is no such road")
	}
}

func (r Request) checkPage(returnURLs []string) error {
	if r.ReturnURL == "" || r.State == "" {
		return refuse(StepRoad, "return_url and state are both needed on the page road")
	}
	if !slices.Contains(returnURLs, r.ReturnURL) {
		return refuse(StepRoad, "return_url is none of those registered for the origin")
	}
	if !r.Claimed.IsZero() || r.Evidence == Typed {
		return refuse(StepRoad, "claimed and typed evidence are of the fetch road")
	}
	for _, field := range []string{"photo", "laser_code", "nhso"} {
		if slices.Contains(r.Fields, field) {
			return refuse(StepRoad, field+" is of the fetch road")
		}
	}
	return nil
}
