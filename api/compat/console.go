package compat

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"chipproof/api"
	"chipproof/proofing"
)

// State is what the console shows of drop-in ports.
type State struct {
	Ports []PortState `json:"ports" nullable:"false" doc:"The drop-in ports that are open: weaker than our own API, so they are shown as long as they are"`
	Sites []SiteState `json:"sites" nullable:"false" doc:"Sites of the go-thai-smartcard port that are connected or armed, sorted by origin"`
}

// PortState is a drop-in port that is open.
type PortState struct {
	Name string `json:"name" enum:"nhso,go-thai-smartcard" doc:"Which agent it stands for" example:"nhso"`
	Port int    `json:"port" doc:"The TCP port on loopback" example:"8189"`
}

// SiteState is a site to which cards could be sent.
type SiteState struct {
	Origin    string     `json:"origin" doc:"The site, exactly as it is listed" example:"https://app.example.go.th"`
	Connected int        `json:"connected" doc:"How many of its pages are connected"`
	Armed     bool       `json:"armed" doc:"Whether each card that is put in is sent to it"`
	Since     *time.Time `json:"since,omitzero" doc:"Since when it is armed"`
}

type (
	stateOutput struct{ Body State }
	armInput    struct {
		Body struct {
			Origin string `json:"origin" minLength:"1" maxLength:"300" doc:"The site, exactly as it is listed" example:"https://app.example.go.th"`
			Armed  bool   `json:"armed" doc:"Whether each card that is put in from now on is sent to it"`
		}
	}
)

// RegisterConsole puts into our own server what the person at the desk needs to
// see of drop-in ports, and to say.
func RegisterConsole(s *api.Server, p *Ports) {
	api.Handle(s, api.Route{
		Method: http.MethodGet, Path: "/v1/compat", Class: api.Console, ID: "show-compat",
		Summary: "The drop-in ports that are open, and the sites that are armed",
	}, func(context.Context, *struct{}) (*stateOutput, error) { return &stateOutput{Body: p.state()}, nil })
	api.Handle(s, api.Route{
		Method: http.MethodPost, Path: "/v1/compat/arm", Class: api.Console, Roles: api.Clerks(), AtDesk: true, ID: "arm-compat",
		Audit:   []string{"compat_armed", "compat_disarmed"},
		Summary: "Have each card that is put in sent to a site of the go-thai-smartcard port, or no longer",
		Description: "For the purpose compat, and in the name of whoever holds the desk. " +
			"It ends with lock, logout and take-over, and after an hour without a card.",
	}, p.arm)
}

func (p *Ports) state() State {
	s := State{Ports: []PortState{}, Sites: []SiteState{}}
	for _, a := range Agents() {
		p.mu.Lock()
		port := p.open[a]
		p.mu.Unlock()
		if port != 0 {
			s.Ports = append(s.Ports, PortState{string(a), port})
		}
	}
	sites := map[string]SiteState{}
	for origin, n := range p.pages.origins() {
		sites[origin] = SiteState{Origin: origin, Connected: n}
	}
	for origin, a := range p.arms.all() {
		if a.still() != nil {
			continue // it counts for nothing, though nobody has looked yet
		}
		site := sites[origin]
		site.Origin, site.Armed, site.Since = origin, true, &a.since
		sites[origin] = site
	}
	for _, origin := range slices.Sorted(maps.Keys(sites)) {
		s.Sites = append(s.Sites, sites[origin])
	}
	return s
}

// arm is the click. The entry stands before a card can be sent.
func (p *Ports) arm(ctx context.Context, in *armInput) (*stateOutput, error) {
	person := api.CallerOf(ctx).Person
	by := proofing.Actor{ID: person.ID, Session: person.Session}
	a := proofing.Arming{Port: string(GoThai), Origin: in.Body.Origin, By: by, Armed: in.Body.Armed}
	if !in.Body.Armed {
		// Disarming first: it holds also when the entry fails.
		if p.arms.unset(in.Body.Origin) {
			if err := p.o.Arms.Arm(ctx, a); err != nil {
				return nil, fmt.Errorf("disarm site: %w", err)
			}
		}
		return &stateOutput{Body: p.state()}, nil
	}
	if !p.isOpen(GoThai) {
		return nil, fmt.Errorf("arm site: %w", proofing.ErrPortClosed)
	}
	if err := p.o.Arms.Arm(ctx, a); err != nil {
		return nil, fmt.Errorf("arm site: %w", err)
	}
	own := context.WithoutCancel(ctx)
	p.arms.set(in.Body.Origin, &arm{by: by, desk: person.Hold, since: p.o.Now(), still: func() error { return api.StillAtDesk(own) }})
	return &stateOutput{Body: p.state()}, nil
}
