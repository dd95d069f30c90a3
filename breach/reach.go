package breach

import (
	"bytes"
	"html"
	"regexp"
	"strings"
)

// Reach is whether the public can reach a page (B22).
type Reach string

// How a page was met by somebody who isn't logged in.
const (
	ReachOpen    Reach = "open"
	ReachLogin   Reach = "login"       // behind a login
	ReachOther   Reach = "other_page"  // a page that doesn't hold the notice
	ReachNothing Reach = "unreachable" // no page at all
)

// Fetched is what came when a page was fetched without cookies or credentials.
type Fetched struct {
	Status int    // HTTP status after redirects, 0 when there was no answer
	Body   []byte // the page, decoded to UTF-8
}

// asksLogin finds a field for a password.
var asksLogin = regexp.MustCompile(`(?i)<input[^>]*\btype\s*=\s*["']?password`)

// tags are what a page holds between its texts.
var tags = regexp.MustCompile(`(?s)<[^>]*>`)

// JudgeReach says whether a fetched page shows the text of a notice to everyone.
// A page that shows the notice and also has a field for a password, as a site's
// header may, is open: what counts is what can be read.
func JudgeReach(got Fetched, notice string) Reach {
	switch {
	case got.Status == 401 || got.Status == 403 || got.Status == 407:
		return ReachLogin
	case got.Status < 200 || got.Status > 299:
		return ReachNothing
	}
	page := squeeze(html.UnescapeString(string(tags.ReplaceAll(got.Body, []byte(" ")))))
	if wanted := squeeze(notice); wanted != "" && strings.Contains(page, wanted) {
		return ReachOpen
	}
	if asksLogin.Match(bytes.ToValidUTF8(got.Body, nil)) {
		return ReachLogin
	}
	return ReachOther
}

// squeeze drops all white space: pages break lines as they like.
func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

// ReachChecked is a look at a published notice's page without login (B22). The
// last one counts.
type ReachChecked struct {
	Publication int    `json:"publication"`
	CheckedAt   Moment `json:"checked_at"`
	Reach       Reach  `json:"reach"`
}

// Kind is [KindReachChecked].
func (ReachChecked) Kind() Kind { return KindReachChecked }

func (b ReachChecked) check(c *Case, now Moment) error {
	if b.Publication < 1 || b.Publication > len(c.Published) {
		return &RefusedError{b.Kind(), WhyUnknownNumber}
	}
	f := form{kind: b.Kind(), now: now}
	f.past("checked_at", b.CheckedAt)
	f.require("reach", among(b.Reach, []Reach{ReachOpen, ReachLogin, ReachOther, ReachNothing}))
	return f.err()
}

func (b ReachChecked) apply(c *Case, e Event) {
	c.Published[b.Publication-1].Reach = b.Reach
	c.reachedAt = e.At
}
