package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"chipproof/exposure"
	"chipproof/exposure/formats"
)

// APIOptions say how an API is scanned.
type APIOptions struct {
	// Credentials are headers that the owner supplies (Authorization, a cookie,
	// an API key). Without them only the anonymous answers are looked at.
	Credentials http.Header
	// Pages of one list that are followed. Default 20.
	Pages int
}

// Answer is what one call gave, anonymously and with credentials.
type Answer struct {
	// Target is the address, masked.
	Target string `json:"target"`
	// Anonymous and WithToken are HTTP statuses; 0 is no answer or not asked.
	Anonymous int `json:"anonymous"`
	WithToken int `json:"with_token,omitzero"`
	// Open says that personal data comes without credentials.
	Open bool `json:"open"`
	// Declared says that the API's own document wants credentials: open and
	// declared is a broken check of access.
	Declared bool `json:"declared"`
	// Stepped says that the address was reached by stepping an id.
	Stepped bool `json:"stepped,omitzero"`
}

// API asks for every call without credentials, and with them where the owner
// gave some. What comes without is anonymous; what comes only with them is
// behind a login. Lists are followed page by page. Where the scope allows it,
// ids are stepped by one. Errors are those of [Crawl.Site].
func (c *Crawl) API(ctx context.Context, calls []Call, o APIOptions) ([]Answer, error) {
	if o.Pages == 0 {
		o.Pages = 20
	}
	var answers []Answer
	err := c.timed(ctx, func(ctx context.Context) error {
		c.begin()
		for _, call := range calls {
			if err := c.call(ctx, call, o, &answers); err != nil {
				return err
			}
		}
		return nil
	})
	return answers, err
}

func (c *Crawl) call(ctx context.Context, call Call, o APIOptions, answers *[]Answer) error {
	if call.URL == nil {
		return nil
	}
	if len(call.Missing) > 0 {
		return c.refused(ctx, visit{url: call.URL, reach: exposure.LinkOnly}, &refusal{NeedsValue, nil}, false)
	}
	next, credentials := call.URL, o.Credentials
	for n := 0; next != nil && n < o.Pages; n++ {
		if !sameOrigin(next, call.URL) {
			o.Credentials = nil // they are for the host that was asked, not for whoever an answer names
		}
		answer, page, err := c.ask(ctx, next, o)
		if err != nil {
			return err
		}
		answer.Declared = call.Declared
		*answers = append(*answers, answer)
		next = nextPage(page)
	}
	host, ok := c.Fetcher.scope.Host(call.URL)
	if !ok || !host.StepIDs {
		return nil
	}
	o.Credentials = credentials
	for _, u := range call.steps {
		answer, _, err := c.ask(ctx, u, o)
		if err != nil {
			return err
		}
		answer.Declared, answer.Stepped = call.Declared, true
		*answers = append(*answers, answer)
	}
	return nil
}

// ask makes one call, anonymously and then with credentials, and keeps the worse
// finding: what is open to all is not reported once more as behind a login.
func (c *Crawl) ask(ctx context.Context, u *url.URL, o APIOptions) (Answer, *Page, error) {
	id := u.String()
	if c.seen[id] {
		return Answer{}, nil, nil
	}
	c.seen[id] = true
	targetID := c.Key.TargetID(id)
	done, err := c.State.Done(ctx, targetID)
	if err != nil {
		return Answer{}, nil, fmt.Errorf("read scan state: %w", err)
	}
	v := visit{url: u, reach: exposure.Anonymous}
	page, err := c.Fetcher.Get(ctx, u, nil)
	if err != nil {
		return Answer{}, nil, c.refused(ctx, v, err, done)
	}
	result, err := c.look(ctx, id, page, exposure.Anonymous)
	if err != nil {
		return Answer{}, nil, err
	}
	answer := Answer{Target: result.Outcome.Target, Anonymous: page.Status, Open: hasBody(result.Outcome)}
	if len(o.Credentials) > 0 && !answer.Open {
		if page, err = c.withToken(ctx, id, u, o, page, &result, &answer); err != nil {
			return Answer{}, nil, err
		}
	}
	if done {
		return answer, page, nil
	}
	return answer, page, c.keep(ctx, result)
}

// hasBody says that something was found in the content, not in the address.
func hasBody(o exposure.Outcome) bool {
	for _, f := range o.Findings {
		if f.Locator.Path != "name" {
			return true
		}
	}
	return false
}

func (c *Crawl) withToken(ctx context.Context, id string, u *url.URL, o APIOptions, anonymous *Page, result *Result, answer *Answer) (*Page, error) {
	page, err := c.Fetcher.Get(ctx, u, o.Credentials)
	if err != nil {
		var r *refusal
		if errors.As(err, &r) && r.why != formats.OverLimit {
			return anonymous, nil
		}
		if r != nil {
			return nil, ErrLimit
		}
		return nil, err
	}
	answer.WithToken = page.Status
	with, err := c.look(ctx, id, page, exposure.Login)
	if err != nil {
		return nil, err
	}
	with.Observation, with.Status = result.Observation, result.Status // a takedown is about the public
	*result = with
	return page, nil
}

// nextPage finds the address of a list's next page: Link header (RFC 8288), or a
// member "next" of the answer.
func nextPage(page *Page) *url.URL {
	if page == nil || page.Status/100 != 2 {
		return nil
	}
	for _, link := range page.Header.Values("Link") {
		for part := range strings.SplitSeq(link, ",") {
			address, rel, _ := strings.Cut(part, ";")
			if strings.Contains(rel, `rel="next"`) || strings.Contains(rel, "rel=next") {
				return clean(page.URL, strings.Trim(strings.TrimSpace(address), "<>"))
			}
		}
	}
	var body struct {
		Next  jsontext.Value `json:"next"`
		Links struct {
			Next jsontext.Value `json:"next"`
		} `json:"links"`
	}
	if !strings.Contains(page.MediaType, "json") || json.Unmarshal(page.Body, &body, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) != nil {
		return nil
	}
	for _, v := range []jsontext.Value{body.Next, body.Links.Next} {
		var next string
		if len(v) > 0 && json.Unmarshal(v, &next) == nil && next != "" {
			return clean(page.URL, next)
		}
	}
	return nil
}
