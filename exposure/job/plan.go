package job

import (
	"errors"
	"time"

	"chipproof/exposure/crawl"
)

// ErrPlanInvalid: what is to be scanned can't be: a path that isn't there, a
// host out of scope, a target whose text itself holds personal data. The error
// says which target by its number, never by its text.
var ErrPlanInvalid = errors.New("scan plan invalid")

// Kind is what a target is.
type Kind string

// The kinds of targets.
const (
	Files   Kind = "files"   // a folder with everything in it, or one file
	Site    Kind = "site"    // a web site, by following links and sitemaps
	OpenAPI Kind = "openapi" // the calls of an API's OpenAPI document in JSON
	List    Kind = "list"    // addresses in a file, one a line
	HAR     Kind = "har"     // the GET requests of an HTTP archive
)

// Target is one thing to scan.
type Target struct {
	Kind Kind `json:"kind"`
	// At is the folder or file as an absolute path, or the address of a site or
	// of an OpenAPI document.
	At string `json:"at"`
	// Base is where the API of an OpenAPI file is, for servers that the document
	// gives without a host.
	Base string `json:"base,omitzero"`
	// Credentials is the file with the header lines that the owner supplies for
	// an API. It is read when the scan runs and never kept.
	Credentials string `json:"credentials,omitzero"`
}

// Text is the target as people write it, and as roots of reports have it.
func (t Target) Text() string {
	switch t.Kind {
	case OpenAPI, List, HAR:
		return string(t.Kind) + ":" + t.At
	case Files, Site:
	}
	return t.At
}

// Plan is what a scan does.
type Plan struct {
	ID      string // "s-2026-0007"; the ledger gives it
	Targets []Target
	// Scope is the scope file that the owner wrote; needed for whatever is
	// fetched.
	Scope  []byte
	Limits crawl.Limits
}

// Roots are the targets as texts.
func (p Plan) Roots() []string {
	roots := make([]string, len(p.Targets))
	for i, t := range p.Targets {
		roots[i] = t.Text()
	}
	return roots
}

// Asked is a plan as people ask for it.
type Asked struct {
	// Targets: a path; "https://www.banlat.go.th/" for a site; "openapi:FILE" or
	// "openapi:https://…", "list:FILE", "har:FILE" for an API.
	Targets []string
	// Base for the OpenAPI files among them; see [Target].
	Base string
	// Credentials is a file with header lines for the APIs among them.
	Credentials string
	Scope       []byte
	Limits      crawl.Limits
}

// ParsePlan reads what was asked for. now is for the scope's expiry. Errors:
// [ErrPlanInvalid], also with [crawl.ErrScopeInvalid],
// [crawl.ErrCredentialsInvalid] or [crawl.ErrListInvalid].
func ParsePlan(a Asked, now time.Time) (Plan, error) { return parse(a, now) }
