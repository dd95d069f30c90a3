package counter

import (
	"context"
	"fmt"
	"net/http"
	"reflect"

	"chipproof/api"
)

// registerProofings adds the proofings, the clerk's part in them, and the keys
// that the proofs are signed with. What the clerk does is done at the desk.
func registerProofings(s *api.Server, c *Counter) {
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/proofings", Class: api.WebApp, Roles: api.Clerks(), AtDesk: true, ID: "start-proofing",
		Audit:    []string{"proofing", "proofing_ended", "request_refused", "origin_used"},
		Accepted: reflect.TypeFor[ProofingWaiting](),
		Summary:  "Prove who somebody is",
		Description: "A web app sends what its backend signed, and nothing else. The answer waits for the card to be read and is the result, " +
			"or says with 202 what a person has to do first. One request, one nonce, one proof; one insertion gives one answer to each origin. " +
			"Our own console sends the request of the page road, or what the counter wants for its own use, which ends without a proof.",
	}, c.startProofing)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/proofings/{id}/result", Class: api.WebApp, Roles: api.Clerks(), AtDesk: true, ID: "proofing-result",
		Audit:    []string{"proofing", "proofing_ended"},
		Accepted: reflect.TypeFor[ProofingWaiting](),
		Summary:  "Wait for the result of a proofing",
		Description: "Waits up to 25 s. 202 while it goes on, the result once, then 410; the same for a failure. " +
			"For the origin that asked, within 5 minutes, under the same clerk; it alone outlives the card.",
	}, c.proofingResult)
	registerClerk(s, c)
	api.HandleDocument(s, api.Route{
		Method: http.MethodGet, Path: "/.well-known/jwks.json", Class: api.Open, ID: "proof-keys",
		Summary:     "The public keys of the proofs that this agent signs",
		Description: "Of the mode in which it runs, and no other. For its administrator: a relying party takes the keys from the organisation's site or a file.",
	}, api.Media{Type: "application/jwk-set+json", Says: "A JWK set (RFC 7517)"}, c.publishedKeys)
}

func registerClerk(s *api.Server, c *Counter) {
	clerks := api.Clerks()
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/proofings/current", Class: api.Console, Roles: clerks, AtDesk: true, ID: "current-proofing",
		Summary: "The proofing that goes on at the desk", Description: "Nothing of the card.",
	}, c.currentProofing)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/proofings/{id}/view", Class: api.Console, Roles: clerks, AtDesk: true, ID: "view-proofing",
		Summary:     "What the clerk must see to state the facts",
		Description: "A POST, because no GET returns a citizen's data. It is there while the clerk is asked, and gone with the card.",
	}, c.viewProofing)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/proofings/{id}/facts", Class: api.Console, Roles: clerks, AtDesk: true, ID: "state-fact",
		Audit:   []string{"facts_stated"},
		Summary: "State what a person at the desk has seen", Description: "Of two words of one kind the first counts.",
	}, c.stateFact)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/proofings/{id}/decline", Class: api.Console, Roles: clerks, AtDesk: true, ID: "decline-proofing",
		Audit:   []string{"proofing_ended"},
		Summary: "Decline a proofing, or break it off", Description: "Nothing is signed, and its request is used for good.",
	}, c.declineProofing)
}

// publishedKeys are those of the running mode, each time as they are then.
func (c *Counter) publishedKeys(ctx context.Context) ([]byte, error) {
	keys, err := c.keys(ctx)
	if err != nil {
		return nil, fmt.Errorf("publish proof keys: %w", err)
	}
	return append(keys.JSON(), '\n'), nil
}
