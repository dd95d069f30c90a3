package rp

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"chipproof/proofing/proof"
)

// takeProof judges what the site's page got from the agent by fetch.
func (s *Site) takeProof(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Proof string `json:"proof"`
		Photo string `json:"photo,omitzero"` // base64 of the JPEG that came beside it
	}
	current, ok := s.ownCall(w, r, &body)
	if !ok {
		return
	}
	var photo []byte
	if body.Photo != "" {
		var err error
		if photo, err = base64.StdEncoding.Strict().DecodeString(body.Photo); err != nil {
			http.Error(w, "photo is not base64", http.StatusBadRequest)
			return
		}
	}
	report, err := s.judge(r.Context(), body.Proof, photo, nonces{all: s.sessions, session: current})
	if err != nil {
		s.fail(w, err)
		return
	}
	if strings.HasPrefix(r.Header.Get("Accept"), "text/html") {
		s.show(w, r, current, statusOf(report), "report", page{Report: &report})
		return
	}
	s.answerJSON(w, statusOf(report), report)
}

func statusOf(report Report) int {
	if report.Accepted {
		return http.StatusOK
	}
	return http.StatusUnprocessableEntity
}

// stamp is a moment as the site keeps it.
func stamp(seconds int64) string { return proof.StampOf(time.Unix(seconds, 0)).String() }
