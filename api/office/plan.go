package office

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/exposure/crawl"
	"chipproof/exposure/job"
)

type (
	planInput struct {
		Body struct {
			Targets []string `json:"targets" minItems:"1" maxItems:"200" nullable:"false" doc:"Folders and files of this machine, addresses of sites, openapi:, list: and har: with a file" example:"[\"https://www.example.go.th/\"]"`
			Scope   string   `json:"scope,omitempty" maxLength:"65536" doc:"The scope file that the owner wrote; needed for whatever is fetched"`
		}
	}
	planOutput struct{ Body PlanAnswer }
)

// PlanAnswer is what a scan would ask for, before it does.
type PlanAnswer struct {
	Hosts   []PlanHost `json:"hosts" nullable:"false" doc:"Every host that may be asked, and no other is"`
	Folders []string   `json:"folders" nullable:"false" doc:"Folders and files of this machine"`
	Starts  []string   `json:"starts" nullable:"false" doc:"Addresses at which it begins"`
	Scope   *PlanScope `json:"scope,omitzero" doc:"Who allows it; absent without a scope file"`
}

// PlanHost is a host that may be asked, and how.
type PlanHost struct {
	Name         string `json:"name" doc:"With its port where that is none of the usual" example:"api.example.go.th:8443"`
	IgnoreRobots bool   `json:"ignore_robots,omitzero" doc:"robots.txt is not followed: the owner wants all of it looked at"`
	StepIDs      bool   `json:"step_ids,omitzero" doc:"Ids in addresses are stepped by one"`
}

// PlanScope is what a scope file says besides the hosts.
type PlanScope struct {
	Owner   string    `json:"owner" doc:"Whose the hosts are"`
	Contact string    `json:"contact" doc:"Stands in the User-Agent of every request"`
	Expires time.Time `json:"expires" doc:"Until when it is good"`
	Private []string  `json:"private" nullable:"false" doc:"Private networks that may be asked all the same"`
}

// errOutOfScope is for a target whose host no scope allows.
var errOutOfScope = errors.New("target out of scope")

// targetError says which of the targets is refused, by its number alone.
type targetError struct {
	number int // from 1
	err    error
}

func (e *targetError) Error() string { return fmt.Sprintf("target %d: %v", e.number, e.err) }

// Unwrap gives the cause as one of the field of targets.
func (e *targetError) Unwrap() error { return &api.FieldError{Field: "targets", Err: e.err} }

// targetNumber is the number for a problem's detail.
func targetNumber(err error) string {
	if e, ok := errors.AsType[*targetError](err); ok {
		return strconv.Itoa(e.number)
	}
	return ""
}

// parsePlan reads what was asked for and says which target is to blame.
func (e *Exposures) parsePlan(targets []string, scope string) (job.Plan, crawl.Scope, error) {
	var allowed crawl.Scope
	var file []byte
	if strings.TrimSpace(scope) != "" {
		// Browsers send the lines of a text area with CR LF.
		file = []byte(strings.ReplaceAll(strings.TrimLeft(scope, "\r\n\t \ufeff"), "\r\n", "\n"))
		var err error
		if allowed, err = crawl.ParseScope(file, e.Now()); err != nil {
			return job.Plan{}, allowed, err
		}
	}
	for i, t := range targets {
		if u, ok := siteOf(t); ok {
			if _, in := allowed.Host(u); !in {
				return job.Plan{}, allowed, &targetError{i + 1, errOutOfScope}
			}
		}
		if _, err := job.ParsePlan(job.Asked{Targets: []string{t}, Scope: file}, e.Now()); err != nil {
			return job.Plan{}, allowed, &targetError{i + 1, err}
		}
	}
	plan, err := job.ParsePlan(job.Asked{Targets: targets, Scope: file}, e.Now())
	return plan, allowed, err
}

// siteOf is the address of a target that is a site.
func siteOf(target string) (*url.URL, bool) {
	u, err := url.Parse(strings.TrimSpace(target))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, false
	}
	return u, true
}

// checkPlan says what a scan would ask for, and asks for nothing.
func (e *Exposures) checkPlan(_ context.Context, in *planInput) (*planOutput, error) {
	plan, scope, err := e.parsePlan(in.Body.Targets, in.Body.Scope)
	if err != nil {
		return nil, err
	}
	answer := PlanAnswer{Hosts: []PlanHost{}, Folders: []string{}, Starts: []string{}}
	for _, t := range plan.Targets {
		if t.Kind == job.Files {
			answer.Folders = append(answer.Folders, t.At)
		} else {
			answer.Starts = append(answer.Starts, t.Text())
		}
	}
	if len(answer.Starts) > 0 {
		answer.Hosts = hostsOf(scope)
		answer.Scope = &PlanScope{Owner: scope.Owner, Contact: scope.Contact, Expires: scope.Expires, Private: []string{}}
		for _, p := range scope.Private {
			answer.Scope.Private = append(answer.Scope.Private, p.String())
		}
	}
	return &planOutput{answer}, nil
}

// hostsOf are the hosts of a scope as people read them.
func hostsOf(scope crawl.Scope) []PlanHost {
	list := []PlanHost{}
	for _, h := range scope.Hosts {
		name := h.Name
		if h.Port != 0 {
			name = net.JoinHostPort(h.Name, strconv.Itoa(h.Port))
		}
		list = append(list, PlanHost{Name: name, IgnoreRobots: h.IgnoreRobots, StepIDs: h.StepIDs})
	}
	return list
}
