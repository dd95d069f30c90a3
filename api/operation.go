package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/go-chi/chi/v5"
)

// newHuma sets huma up, once and here: strict JSON for bodies, no $schema in
// them, no documentation page, no routes of its own, and our problems in place
// of its errors.
func newHuma(s *Server, mux *chi.Mux) huma.API {
	format := huma.Format{
		Marshal: func(w io.Writer, v any) error {
			// Whole or not at all: half an identity must not leave.
			var body bytes.Buffer
			if err := writeJSON(&body, v); err != nil {
				return err
			}
			_, err := w.Write(body.Bytes())
			return err
		},
		Unmarshal: readStrict,
	}
	config := huma.DefaultConfig(s.options.Title, s.options.Version)
	config.CreateHooks = nil
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	// "json" serves every type that ends in +json, problem+json with it.
	config.Formats = map[string]huma.Format{"application/json": format, "json": format}
	config.Transformers = []huma.Transformer{s.replaceError}
	api := humachi.New(mux, config)
	api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) { next(&operation{humaContext: ctx}) })
	return api
}

// operation is a request inside huma. It knows one media type, and the status of
// a problem that stands in for an error of huma's own.
type operation struct {
	humaContext
	status int
}

// humaContext is named so that embedding it leaves the method Context visible.
type humaContext huma.Context

// Header leaves huma nothing to choose: what comes is JSON, as the guard has
// seen to, and what goes is JSON.
func (o *operation) Header(name string) string {
	switch http.CanonicalHeaderKey(name) {
	case "Accept", "Content-Type":
		return "application/json"
	}
	return o.humaContext.Header(name)
}

// SetStatus puts the problem's status in place of huma's.
func (o *operation) SetStatus(status int) {
	if o.status != 0 {
		status = o.status
	}
	o.humaContext.SetStatus(status)
}

// replaceError turns what huma says about a body into body_invalid. Huma's own
// error quotes the body, and that must not go out (agent-security §5, R2).
func (s *Server) replaceError(ctx huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	var err error = ErrBodyInvalid
	if model.Status >= http.StatusInternalServerError {
		err = errOperation
	} else if field := firstField(model.Errors); field != "" {
		err = &FieldError{Field: field, Err: ErrBodyInvalid}
	}
	p := s.problem(ctx.Context(), err)
	if o, ok := ctx.(*operation); ok {
		o.status = p.Status
	}
	ctx.SetHeader("Content-Language", string(p.lang))
	return p, nil
}

var errOperation = errors.New("run operation: failed inside huma")

// bodyMember is the member that an error of huma is about, if its name could be
// one of ours; anything else is not repeated to anybody.
var bodyMember = regexp.MustCompile(`^body\.([a-z_]{1,32})(?:[.\[]|$)`)

func firstField(details []*huma.ErrorDetail) string {
	for _, d := range details {
		if m := bodyMember.FindStringSubmatch(d.Location); m != nil {
			return m[1]
		}
	}
	return ""
}

// Handle registers a route that takes I and answers O, in huma's terms: a field
// Body of I is the JSON body, read strictly and checked against the schema of
// its type; a field Body of O is the answer. f returns causes; the table of
// problems says what becomes of them.
func Handle[I, O any](s *Server, route Route, f func(context.Context, *I) (*O, error)) {
	if !s.add(route, nil) {
		return
	}
	op := s.document(route)
	op.BodyReadTimeout = -1 // the guard has read it already
	if route.Body > 0 {
		// An upload, of somebody else's form: the route reads it, by RawBody.
		op.MaxBodyBytes, op.SkipValidateBody = route.Body, true
	}
	huma.Register(s.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := f(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, err)
		}
		return out, nil
	})
}

// HandlePage registers a page or a file. Those are no part of the interface and
// stand in no OpenAPI document.
func HandlePage(s *Server, route Route, h http.HandlerFunc) {
	if route.Kind == "" || route.Kind == Data {
		s.flaws = append(s.flaws, errors.New("add route: "+route.Path+" is no page"))
		return
	}
	s.add(route, h)
}

// add puts a route into the table; what is wrong with it keeps the server from
// starting.
func (s *Server) add(route Route, h http.HandlerFunc) bool {
	if err := s.routes.add(route, h); err != nil {
		s.flaws = append(s.flaws, err)
		return false
	}
	return true
}
