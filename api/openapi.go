package api

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
)

// document is what the OpenAPI document says about a route in any case.
func (s *Server) document(route Route) huma.Operation {
	schemas := s.huma.OpenAPI().Components.Schemas
	op := huma.Operation{
		Method: route.Method, Path: route.Path,
		OperationID: route.ID, Summary: route.Summary, Description: route.Description,
		Extensions: route.extensions(),
		Responses: map[string]*huma.Response{"default": {
			Description: "Refused or failed: `code` says why, `remedy` what to do next. A request under another host name gets `status` and `code` only.",
			Content: map[string]*huma.MediaType{
				problemType: {Schema: schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")},
			},
		}},
	}
	if route.Accepted != nil {
		op.Responses["202"] = &huma.Response{
			Description: "It waits for a person: repeat the same call.",
			Content: map[string]*huma.MediaType{
				"application/json": {Schema: schemas.Schema(route.Accepted, true, route.Accepted.Name())},
			},
		}
	}
	return op
}

// extensions say in the document what the guard asks for.
func (r Route) extensions() map[string]any {
	said := map[string]any{"x-class": string(r.Class)}
	if r.Session != Active {
		said["x-session"] = string(r.Session)
	}
	if len(r.Roles) > 0 {
		said["x-roles"] = r.Roles
	}
	if r.StepUp {
		said["x-step-up"] = true
	}
	if r.AtDesk {
		said["x-at-desk"] = true
	}
	if len(r.Audit) > 0 {
		said["x-audit"] = r.Audit
	}
	return said
}

// StreamDoc describes a stream in the OpenAPI document: the type of the data of
// each event, by the event's name.
type StreamDoc map[string]reflect.Type

func (s *Server) addStream(route Route, doc StreamDoc, h http.HandlerFunc) {
	if !s.add(route, h) {
		return
	}
	op := s.document(route)
	for _, name := range route.parameters() {
		op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString}})
	}
	op.Responses["200"] = &huma.Response{
		Description: "A stream of server-sent events, until either side ends it.",
		Content: map[string]*huma.MediaType{
			"text/event-stream": {Schema: doc.schema(s.huma.OpenAPI().Components.Schemas)},
		},
	}
	s.huma.OpenAPI().AddOperation(&op)
}

// schema lists the events, sorted by name.
func (d StreamDoc) schema(schemas huma.Registry) *huma.Schema {
	list := &huma.Schema{Type: huma.TypeArray, Items: &huma.Schema{}}
	for _, name := range slices.Sorted(maps.Keys(d)) {
		list.Items.OneOf = append(list.Items.OneOf, &huma.Schema{
			Type: huma.TypeObject, Title: name, Required: []string{"event", "data"},
			Properties: map[string]*huma.Schema{
				"event": {Type: huma.TypeString, Enum: []any{name}},
				"data":  schemas.Schema(d[name], true, name),
			},
		})
	}
	return list
}

type health struct {
	Body struct {
		OK bool `json:"ok" doc:"Always true: an agent that is not well does not answer."`
	}
}

// registerOpen adds the routes that every program answers to whoever asks.
func registerOpen(s *Server) {
	Handle(s, Route{
		Method: http.MethodGet, Path: "/healthz", Class: Open, ID: "health",
		Summary: "Whether the agent runs", Description: "Says nothing else, on purpose.",
	}, func(context.Context, *struct{}) (*health, error) {
		h := &health{}
		h.Body.OK = true
		return h, nil
	})
	HandleDocument(s, Route{
		Method: http.MethodGet, Path: "/openapi.json", Class: Open, ID: "openapi",
		Summary: "This document",
	}, Media{Type: "application/json", Says: "OpenAPI 3.1"}, func(context.Context) ([]byte, error) { return s.spec() })
}

// Spec is the OpenAPI document of the routes registered so far: the one that
// /openapi.json serves, if it is called no earlier than that.
func (s *Server) Spec() ([]byte, error) { return s.spec() }

func (s *Server) writeSpec() ([]byte, error) {
	doc := s.huma.OpenAPI()
	schemas := doc.Components.Schemas.Map()
	// Huma describes errors of its own, which no client ever sees.
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
	if problem := schemas["Problem"]; problem != nil {
		for _, code := range s.options.Problems.Codes() {
			problem.Properties["code"].Enum = append(problem.Properties["code"].Enum, code)
		}
	}
	compact, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("write openapi document: %w", err)
	}
	var spec bytes.Buffer
	if err := json.Indent(&spec, compact, "", "  "); err != nil {
		return nil, fmt.Errorf("write openapi document: %w", err)
	}
	spec.WriteByte('\n')
	return spec.Bytes(), nil
}
