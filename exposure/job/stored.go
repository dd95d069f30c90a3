package job

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"chipproof/exposure/crawl"
)

// storedPlan is a plan as it is kept: times in milliseconds.
type storedPlan struct {
	Targets []Target `json:"targets"`
	Scope   string   `json:"scope,omitzero"`
	Limits  struct {
		Pages, Depth, Queries, Sitemaps int
		Body, Total                     int64
		Request, Time, Pause            int64
	} `json:"limits"`
}

// EncodePlan writes a plan for a store; its id is not in it.
func EncodePlan(p Plan) ([]byte, error) {
	s := storedPlan{Targets: p.Targets, Scope: string(p.Scope)}
	l := p.Limits
	s.Limits.Pages, s.Limits.Depth, s.Limits.Queries, s.Limits.Sitemaps = l.Pages, l.Depth, l.Queries, l.Sitemaps
	s.Limits.Body, s.Limits.Total = l.Body, l.Total
	s.Limits.Request, s.Limits.Time, s.Limits.Pause = l.Request.Milliseconds(), l.Time.Milliseconds(), l.Pause.Milliseconds()
	out, err := json.Marshal(s, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode plan: %w", err)
	}
	return out, nil
}

// DecodePlan reads what [EncodePlan] wrote. Error: [ErrPlanInvalid].
func DecodePlan(stored []byte) (Plan, error) {
	var s storedPlan
	if err := json.Unmarshal(stored, &s, json.RejectUnknownMembers(true)); err != nil {
		return Plan{}, fmt.Errorf("decode plan: %w", ErrPlanInvalid)
	}
	l := s.Limits
	p := Plan{Targets: s.Targets, Limits: crawl.Limits{
		Pages: l.Pages, Depth: l.Depth, Queries: l.Queries, Sitemaps: l.Sitemaps, Body: l.Body, Total: l.Total,
		Request: time.Duration(l.Request) * time.Millisecond, Time: time.Duration(l.Time) * time.Millisecond, Pause: time.Duration(l.Pause) * time.Millisecond,
	}}
	if s.Scope != "" {
		p.Scope = []byte(s.Scope)
	}
	return p, nil
}
