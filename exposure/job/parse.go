package job

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"chipproof/exposure/crawl"
	"chipproof/exposure/detect"
)

const (
	maxTargets = 1000
	maxList    = 32 << 20 // bytes of a list, HAR or OpenAPI file
)

func parse(a Asked, now time.Time) (Plan, error) {
	p := Plan{Scope: a.Scope, Limits: a.Limits}
	if len(a.Targets) == 0 || len(a.Targets) > maxTargets {
		return Plan{}, fmt.Errorf("parse plan: %w: %d targets", ErrPlanInvalid, len(a.Targets))
	}
	check := newChecker(nil)
	if len(a.Scope) > 0 {
		scope, err := crawl.ParseScope(a.Scope, now)
		if err != nil {
			return Plan{}, fmt.Errorf("parse plan: %w: %w", ErrPlanInvalid, err)
		}
		if check.identifies(string(a.Scope)) {
			return Plan{}, fmt.Errorf("parse plan: %w: the scope file holds personal data", ErrPlanInvalid)
		}
		check.scope = &scope
	}
	for i, text := range a.Targets {
		t, err := check.target(strings.TrimSpace(text), a)
		if err != nil {
			return Plan{}, fmt.Errorf("parse plan: %w: target %d: %w", ErrPlanInvalid, i+1, err)
		}
		if !slices.Contains(p.Targets, t) {
			p.Targets = append(p.Targets, t)
		}
	}
	return p, nil
}

// checker holds targets to the scope, and keeps personal data out of them.
type checker struct {
	mask  *detect.Detector
	scope *crawl.Scope
}

func newChecker(scope *crawl.Scope) *checker { return &checker{mask: detect.New(), scope: scope} }

var (
	errPersonal = errors.New("its text holds personal data")
	errScope    = errors.New("out of scope")
	errAddress  = errors.New("no address such as https://www.example.go.th/")
	errPath     = errors.New("no such file or folder")
	errNoFile   = errors.New("no file")
)

// target reads one target.
func (c *checker) target(text string, a Asked) (Target, error) {
	for _, x := range []string{text, a.Base, a.Credentials} {
		if c.personal(x) {
			return Target{}, errPersonal
		}
	}
	kind, rest, _ := strings.Cut(text, ":")
	switch k := Kind(kind); {
	case k == OpenAPI || k == List || k == HAR:
		return c.api(k, rest, a)
	case isAddress(text):
		u, err := c.address(text)
		return Target{Kind: Site, At: u}, err
	}
	path, err := existing(text)
	return Target{Kind: Files, At: path}, err
}

// api reads the target of an API: its document or list must be there now.
func (c *checker) api(k Kind, at string, a Asked) (t Target, err error) {
	t = Target{Kind: k}
	if a.Credentials != "" {
		if t.Credentials, err = existing(a.Credentials); err != nil {
			return Target{}, err
		}
		if _, err := credentials(t.Credentials); err != nil {
			return Target{}, err
		}
	}
	if isAddress(at) {
		if k != OpenAPI {
			return Target{}, errNoFile
		}
		t.At, err = c.address(at)
		return t, err
	}
	if t.At, err = existing(at); err != nil {
		return Target{}, err
	}
	if k == OpenAPI && a.Base != "" {
		if t.Base, err = c.address(a.Base); err != nil {
			return Target{}, err
		}
	}
	calls, err := fileCalls(t)
	if err != nil {
		return Target{}, err
	}
	if c.scope == nil || !slices.ContainsFunc(calls, func(call crawl.Call) bool { return call.URL != nil && c.inScope(call.URL) }) {
		return Target{}, errScope
	}
	return t, nil
}

// address reads the address of a site, in the form in which the crawl asks for it.
func (c *checker) address(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", errAddress
	}
	u.Host, u.Fragment, u.RawFragment = strings.ToLower(u.Host), "", ""
	if u.Path == "" {
		u.Path = "/"
	}
	if !c.inScope(u) {
		return "", errScope
	}
	return u.String(), nil
}

func (c *checker) inScope(u *url.URL) bool {
	if c.scope == nil {
		return false
	}
	_, ok := c.scope.Host(u)
	return ok
}

// personal says that anything in a text would be masked in a report, also where
// it is written with percent signs.
func (c *checker) personal(text string) bool {
	if shown, hits := c.mask.Plain(text); len(hits) > 0 || shown != text {
		return true
	}
	plain, err := url.PathUnescape(text)
	if err != nil || plain == text {
		return false
	}
	shown, hits := c.mask.Plain(plain)
	return len(hits) > 0 || shown != plain
}

// identifies says that a text with names and contacts of an office holds what
// belongs to a person.
func (c *checker) identifies(text string) bool {
	_, hits := c.mask.Plain(text)
	return slices.ContainsFunc(hits, func(h detect.Hit) bool {
		return slices.Contains([]detect.Class{
			detect.CitizenID, detect.LaserCode, detect.Passport, detect.BankAccount, detect.Card, detect.Health, detect.BirthDate,
		}, h.Class)
	})
}

func isAddress(text string) bool {
	return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}

// existing is the absolute path of what is there.
func existing(path string) (string, error) {
	if path == "" || !utf8.ValidString(path) { // reports are UTF-8
		return "", errPath
	}
	full, err := filepath.Abs(path)
	if err != nil {
		return "", errPath
	}
	// A pipe would be waited for, and a device has no end.
	if info, err := os.Stat(full); err != nil || !info.IsDir() && !info.Mode().IsRegular() {
		return "", errPath
	}
	return full, nil
}
