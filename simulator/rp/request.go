package rp

import (
	"net/http"
	"slices"

	"chipproof/proofing/proof"
)

// The roads that a page may choose between (design §6): all that it may choose.
const (
	roadFetch = "fetch"
	roadPage  = "page"
)

// beside are the fields that travel beside a proof, which the page road can't do.
var beside = []string{"photo", "nhso", "laser_code"}

// makeRequest signs what the backend wants, once a click, and keeps the nonce.
func (s *Site) makeRequest(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Road string `json:"road"`
	}
	current, ok := s.ownCall(w, r, &body)
	if !ok {
		return
	}
	ask := s.options.Ask
	request := proof.Request{
		Issuer: s.options.Origin, Nonce: proof.NewNonce(), Audience: s.options.Origin, Purpose: ask.Purpose,
		IssuedAt: s.options.Clock().Unix(), Fields: ask.Fields, Needs: ask.Needs, IssuerCheck: ask.IssuerCheck,
	}
	switch body.Road {
	case roadFetch:
	case roadPage:
		request.ReturnURL, request.State = s.ReturnURL(), proof.NewID()
		request.Fields = slices.DeleteFunc(slices.Clone(ask.Fields), func(f string) bool { return slices.Contains(beside, f) })
	default:
		http.Error(w, "no such road", http.StatusBadRequest)
		return
	}
	token, err := proof.SignRequest(s.options.Key, request)
	if err != nil {
		s.fail(w, err)
		return
	}
	s.sessions.await(current, request.Nonce, request.State)
	s.answerJSON(w, http.StatusOK, struct {
		Request string `json:"request"`
	}{token})
}
