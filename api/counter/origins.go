package counter

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/proof"
)

// ErrOriginUnknown is for an entry that is not in the list.
var ErrOriginUnknown = errors.New("origin not listed")

// Approved implements [api.Origins]: it looks the origin up, each time. One that
// the mode doesn't allow counts as not listed, and so does one on plain http:
// that has the page road and nothing else (agent-security §6.3).
func (c *Counter) Approved(ctx context.Context, origin string) (api.Grant, error) {
	o, found, err := c.records.Origin(ctx, origin)
	if err != nil {
		return api.Grant{}, fmt.Errorf("look up origin: %w", err)
	}
	if _, err := api.ParseOrigin(origin, c.rules); err != nil || !found || o.PlainHTTP {
		return api.Grant{}, api.ErrOriginRefused
	}
	return grantOf(o), nil
}

// sameEntry says whether an entry is as it was; its last use is no part of it.
func sameEntry(a, b proofing.Origin) bool {
	return a.ID == b.ID && a.Audience == b.Audience && a.Ask == b.Ask && a.PlainHTTP == b.PlainHTTP && a.ApprovedAt.Equal(b.ApprovedAt) &&
		slices.Equal(a.Fields, b.Fields) && slices.Equal(a.Purposes, b.Purposes) && slices.Equal(a.ReturnURLs, b.ReturnURLs) && bytes.Equal(a.Keys, b.Keys)
}

// grantOf is what an entry grants.
func grantOf(o proofing.Origin) api.Grant {
	return api.Grant{Fields: o.Fields, Purposes: o.Purposes, Ask: o.Ask == proofing.AskAlways}
}

// Origin is an entry of the list, for its administrator.
type Origin struct {
	ID         string     `json:"id" doc:"Names the entry"`
	Origin     string     `json:"origin" doc:"Exactly as browsers send it" example:"https://app.example.go.th"`
	Audience   string     `json:"audience" doc:"aud of its proofs"`
	Fields     []string   `json:"fields" nullable:"false" doc:"What it may ask for"`
	Purposes   []string   `json:"purposes" nullable:"false" doc:"What for"`
	ReturnURLs []string   `json:"return_urls" nullable:"false" doc:"Where the page road may end"`
	Keys       []string   `json:"keys" nullable:"false" doc:"Thumbprints of its keys, to be compared with those that the site shows"`
	Ask        ask        `json:"ask" doc:"Whether the clerk must agree to each request"`
	PlainHTTP  bool       `json:"plain_http" doc:"Listed although it is plain http: its proofs travel unencrypted"`
	ApprovedBy string     `json:"approved_by" doc:"Id of the user, or os: and the account, who listed it"`
	ApprovedAt time.Time  `json:"approved_at" doc:"When"`
	LastUseAt  *time.Time `json:"last_use_at,omitzero" doc:"Its last use; absent before the first"`
}

func originOf(o proofing.Origin) Origin {
	entry := Origin{
		ID: o.ID, Origin: o.Origin, Audience: o.Audience, Fields: list(o.Fields), Purposes: list(o.Purposes), ReturnURLs: list(o.ReturnURLs),
		Keys: Thumbprints(o.Keys), Ask: ask(o.Ask), PlainHTTP: o.PlainHTTP, ApprovedBy: o.ApprovedBy, ApprovedAt: o.ApprovedAt,
	}
	if !o.LastUse.IsZero() {
		entry.LastUseAt = &o.LastUse
	}
	return entry
}

// Thumbprints are the names of the keys in a stored set: what an administrator
// compares with those that the site shows. Never nil.
func Thumbprints(stored []byte) []string { return storedKeys(stored).Thumbprints() }

// storedKeys are the keys of an entry. One that has none, or whose set nobody can
// read, has an empty set, with which no request passes.
func storedKeys(stored []byte) proof.KeySet {
	keys, err := proof.ParseKeys(stored)
	if err != nil {
		return proof.KeySet{}
	}
	return keys
}

// list is never nil: a page gets [] and no null.
func list(words []string) []string { return append([]string{}, words...) }

// ask is a word of [proofing.Ask].
type ask proofing.Ask

// Schema lists the words.
func (ask) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Enum: []any{string(proofing.AskNever), string(proofing.AskAlways)}}
}

type (
	originsOutput struct {
		Body struct {
			Origins []Origin `json:"origins" nullable:"false" doc:"Sorted by origin"`
		}
	}
	originOutput struct{ Body Origin }
	originInput  struct {
		Body struct {
			Origin     string   `json:"origin" minLength:"1" maxLength:"300" doc:"Exactly as browsers send it" example:"https://app.example.go.th"`
			Audience   string   `json:"audience,omitempty" maxLength:"255" doc:"Default: the origin"`
			Fields     []string `json:"fields,omitempty" maxItems:"32" doc:"Default: every field but laser_code and nhso"`
			Purposes   []string `json:"purposes,omitempty" maxItems:"32" doc:"Default: form_fill, and identity_proofing with keys"`
			ReturnURLs []string `json:"return_urls,omitempty" maxItems:"16" doc:"Whole addresses of that very origin"`
			JWKS       string   `json:"jwks,omitempty" doc:"The file of its public keys, as the site handed it over"`
			KeepKeys   []string `json:"keep_keys,omitempty" maxItems:"32" doc:"Thumbprints of keys that the entry has and is to keep; without it and without jwks it has none"`
			Ask        ask      `json:"ask,omitempty" doc:"Default: never"`
			PlainHTTP  bool     `json:"plain_http,omitempty" doc:"For an origin on plain http: it has the page road only"`
		}
	}
	idInput struct {
		ID string `path:"id" maxLength:"64" doc:"The id"`
	}
	refusedOutput struct {
		Body struct {
			Origins []RefusedOrigin `json:"origins" nullable:"false" doc:"The newest 20 of the last hour, newest first"`
		}
	}
)

// RefusedOrigin is an origin that knocked and is not listed.
type RefusedOrigin struct {
	Origin  string    `json:"origin" doc:"Exactly as it was sent. That it is here says nothing about who it is: any page and any local program can make the line appear"`
	FirstAt time.Time `json:"first_at" doc:"When it knocked first"`
	LastAt  time.Time `json:"last_at" doc:"When it knocked last"`
	Times   int       `json:"times" doc:"How often"`
}

// registerOrigins adds the list of origins, for administrators alone.
func registerOrigins(s *api.Server, c *Counter) {
	admins := api.Administrators()
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/origins", Class: api.Console, Roles: admins, ID: "list-origins",
		Summary: "The approved web origins",
	}, c.listOrigins)
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/origins", Class: api.Console, Roles: admins, StepUp: true, ID: "save-origin",
		Audit:       []string{"origin_added", "origin_changed"},
		Summary:     "Approve a web origin, or change what is granted to it",
		Description: "The whole entry as it is to be. It holds at the next request.",
	}, c.saveOrigin)
	api.Handle(s, api.Route{
		Method: http.MethodDelete, Path: "/v1/origins/{id}", Class: api.Console, Roles: admins, StepUp: true, ID: "revoke-origin",
		Audit:   []string{"origin_revoked"},
		Summary: "Revoke a web origin; what it waits for ends",
	}, c.revokeOrigin)
	refused := s.Refused()
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/origins/refused", Class: api.Console, Roles: admins, ID: "list-refused-origins",
		Summary: "Origins that were refused in the last hour",
	}, func(context.Context, *struct{}) (*refusedOutput, error) {
		var out refusedOutput
		out.Body.Origins = []RefusedOrigin{}
		for _, o := range refused.List() {
			out.Body.Origins = append(out.Body.Origins, RefusedOrigin{Origin: o.Origin, FirstAt: o.First, LastAt: o.Last, Times: o.Times})
		}
		return &out, nil
	})
}

func (c *Counter) listOrigins(ctx context.Context, _ *struct{}) (*originsOutput, error) {
	entries, err := c.records.Origins(ctx)
	if err != nil {
		return nil, fmt.Errorf("list origins: %w", err)
	}
	var out originsOutput
	out.Body.Origins = make([]Origin, 0, len(entries))
	for _, o := range entries {
		out.Body.Origins = append(out.Body.Origins, originOf(o))
	}
	return &out, nil
}

func (c *Counter) saveOrigin(ctx context.Context, in *originInput) (*originOutput, error) {
	b := in.Body
	keys := []byte(b.JWKS)
	var err error
	if len(b.KeepKeys) > 0 {
		if keys, err = c.keptKeys(ctx, b.Origin, b.KeepKeys, b.JWKS != ""); err != nil {
			return nil, fmt.Errorf("approve origin: %w", err)
		}
	}
	o, err := NewOrigin(OriginEntry{
		Origin: b.Origin, Audience: b.Audience, Fields: b.Fields, Purposes: b.Purposes, ReturnURLs: b.ReturnURLs,
		Keys: keys, Ask: proofing.Ask(b.Ask), PlainHTTP: b.PlainHTTP,
	}, c.rules, c.policy)
	if err != nil {
		return nil, fmt.Errorf("approve origin: %w", err)
	}
	o.ApprovedAt = c.now()
	saved, err := c.records.SaveOrigin(ctx, actor(api.CallerOf(ctx).Person), o)
	if err != nil {
		return nil, fmt.Errorf("approve origin: %w", err)
	}
	return &originOutput{Body: originOf(saved)}, nil
}

// keptKeys are those of an entry that an administrator saw and wants to stay. One
// that the entry no longer has was taken out meanwhile, and does not come back.
func (c *Counter) keptKeys(ctx context.Context, origin string, thumbprints []string, besides bool) ([]byte, error) {
	wrong := func(why string) error {
		return &api.FieldError{Field: "keep_keys", Err: fmt.Errorf("%w: %s", proof.ErrKeysInvalid, why)}
	}
	if besides {
		return nil, wrong("a new file takes the place of all keys")
	}
	o, _, err := c.records.Origin(ctx, origin)
	if err != nil {
		return nil, fmt.Errorf("look up origin: %w", err)
	}
	present := storedKeys(o.Keys)
	var others []string
	for _, t := range present.Thumbprints() {
		if !slices.Contains(thumbprints, t) {
			others = append(others, t)
		}
	}
	for _, t := range thumbprints {
		if !slices.Contains(present.Thumbprints(), t) {
			return nil, wrong("the entry does not have one of them any more; look at it again")
		}
	}
	return present.Without(others...).JSON(), nil
}

func (c *Counter) revokeOrigin(ctx context.Context, in *idInput) (*struct{}, error) {
	found, err := c.records.RevokeOrigin(ctx, actor(api.CallerOf(ctx).Person), in.ID, c.now())
	if err == nil && !found {
		err = ErrOriginUnknown
	}
	if err != nil {
		return nil, fmt.Errorf("revoke origin: %w", err)
	}
	return nil, nil
}
