package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// Media is how a document that no schema of ours describes is declared.
type Media struct {
	Type string // "application/json"
	// Says is what it is, for the OpenAPI document.
	Says string
}

// HandleDocument registers a route whose answer is a JSON document of somebody
// else's form, given out as it is. f's error is answered as a problem.
func HandleDocument(s *Server, route Route, media Media, f func(context.Context) ([]byte, error)) {
	added := s.add(route, func(w http.ResponseWriter, r *http.Request) {
		document, err := f(r.Context())
		if err != nil {
			s.fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", media.Type)
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(document)
	})
	if !added {
		return
	}
	op := s.document(route)
	op.Responses["200"] = &huma.Response{
		Description: media.Says,
		Content:     map[string]*huma.MediaType{media.Type: {Schema: &huma.Schema{Type: huma.TypeObject}}},
	}
	s.huma.OpenAPI().AddOperation(&op)
}
