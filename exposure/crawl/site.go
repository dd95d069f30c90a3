package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/temoto/robotstxt"

	"chipproof/exposure"
	"chipproof/exposure/formats"
)

// ErrLimit: a crawl was ended by its limits. What it met until then counts; the
// scan is not complete.
var ErrLimit = errors.New("crawl limit reached")

// robotsName is what robots.txt may call us.
const robotsName = "chipproof-office"

// Result is what became of one address.
type Result struct {
	Outcome     exposure.Outcome
	Observation exposure.Observation
	Status      int // 0 when there was no answer
}

// Crawl is one crawl of a site or scan of an API.
type Crawl struct {
	Fetcher *Fetcher
	Scanner *exposure.Scanner
	Key     exposure.Key
	// State remembers what was done. Pages that were done are asked for again,
	// for their links only: addresses may be personal, so none are kept.
	State exposure.State
	// Each is called after every address; it may be nil.
	Each func(Result) error

	robots  map[string]rules
	queries map[string]int
	seen    map[string]bool
	queue   []visit
}

// visit is an address to ask for.
type visit struct {
	url     *url.URL
	depth   int
	reach   exposure.Reachability
	sitemap bool // a sitemap
}

// Site follows the links and sitemaps of the pages given, on all hosts of the
// scope that they lead to. What is met is reported through State and Each. The
// error is [ErrLimit] where the limits on pages, bytes or time ended it, or says
// that the context was done or the state could not be kept.
func (c *Crawl) Site(ctx context.Context, starts []*url.URL) error {
	return c.timed(ctx, func(ctx context.Context) error { return c.site(ctx, starts) })
}

// timed ends work at the crawl's own time, and says that it was that.
func (c *Crawl) timed(ctx context.Context, work func(context.Context) error) error {
	limited, cancel := context.WithTimeout(ctx, c.Fetcher.limits.Time)
	defer cancel()
	err := work(limited)
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		return ErrLimit
	}
	return err
}

func (c *Crawl) site(ctx context.Context, starts []*url.URL) error {
	c.begin()
	for _, u := range starts {
		c.push(visit{url: clean(u, ""), reach: exposure.Anonymous})
		c.sitemapsOf(ctx, u)
	}
	sitemaps := 0
	for len(c.queue) > 0 {
		v := c.queue[0]
		c.queue = c.queue[1:]
		if v.sitemap {
			if sitemaps++; sitemaps > c.Fetcher.limits.Sitemaps {
				continue
			}
		}
		if err := c.visit(ctx, v); err != nil {
			return err
		}
	}
	return nil
}

// Pages asks for the addresses given and follows nothing: a list of what the
// owner knows to be there, or of a takedown's places.
func (c *Crawl) Pages(ctx context.Context, list []*url.URL, reach exposure.Reachability) error {
	return c.timed(ctx, func(ctx context.Context) error {
		c.begin()
		for _, u := range list {
			if err := c.visit(ctx, visit{url: clean(u, ""), depth: c.Fetcher.limits.Depth, reach: reach, sitemap: isSitemap(u)}); err != nil {
				return err
			}
		}
		return nil
	})
}

func isSitemap(u *url.URL) bool {
	return strings.Contains(strings.ToLower(u.Path), "sitemap") && strings.HasSuffix(strings.ToLower(u.Path), ".xml")
}

func (c *Crawl) begin() {
	c.robots, c.queries, c.seen, c.queue = map[string]rules{}, map[string]int{}, map[string]bool{}, nil
}

// push puts an address into the queue, once, within the limits on depth and on
// different queries of one path.
func (c *Crawl) push(v visit) {
	if v.url == nil || v.depth > c.Fetcher.limits.Depth {
		return
	}
	id := v.url.String()
	if c.seen[id] || len(c.seen) >= 10*c.Fetcher.limits.Pages {
		return
	}
	if v.url.RawQuery != "" {
		path := v.url.Host + v.url.Path
		if c.queries[path]++; c.queries[path] > c.Fetcher.limits.Queries {
			return
		}
	}
	c.seen[id] = true
	c.queue = append(c.queue, v)
}

// sitemapsOf queues the sitemaps that robots.txt names, or the usual one.
func (c *Crawl) sitemapsOf(ctx context.Context, u *url.URL) {
	usual, err := u.Parse("/sitemap.xml")
	if err != nil {
		return
	}
	c.push(visit{url: usual, sitemap: true, reach: exposure.Anonymous})
	robots, err := u.Parse("/robots.txt")
	if err != nil {
		return
	}
	page, err := c.Fetcher.Get(ctx, robots, nil)
	if err != nil || page.Status != http.StatusOK {
		return
	}
	data, err := robotstxt.FromBytes(page.robots())
	if err != nil {
		return
	}
	for _, s := range data.Sitemaps {
		if at := clean(u, s); at != nil {
			c.push(visit{url: at, sitemap: true, reach: exposure.Anonymous})
		}
	}
}

// mostRobots is how much of a robots.txt is read, in bytes; RFC 9309 §2.5 asks for no
// more. Each pattern of it costs a hundred times its length in memory.
const mostRobots = 500 << 10

func (p *Page) robots() []byte { return p.Body[:min(len(p.Body), mostRobots)] }

// rules is what a host's robots.txt says, or why nothing is known of it.
type rules struct {
	data *robotstxt.RobotsData
	err  error
}

// allowed asks robots.txt, which is fetched once a host. One that answers with
// 5xx forbids all, as RFC 9309 §2.3.1 says; one that is not there allows all.
// A host that does not answer at all is refused for that.
func (c *Crawl) allowed(ctx context.Context, u *url.URL) error {
	host, ok := c.Fetcher.scope.Host(u)
	if !ok || host.IgnoreRobots {
		return nil // out of scope is refused elsewhere
	}
	r, known := c.robots[u.Host]
	if !known {
		at := *u
		at.Path, at.RawPath, at.RawQuery = "/robots.txt", "", ""
		r = c.askRobots(ctx, &at)
		c.robots[u.Host] = r
	}
	if r.err != nil {
		return r.err
	}
	path := u.EscapedPath()
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	if !r.data.TestAgent(path, robotsName) {
		return &refusal{Robots, nil}
	}
	return nil
}

func (c *Crawl) askRobots(ctx context.Context, at *url.URL) rules {
	page, err := c.Fetcher.Get(ctx, at, nil)
	if err != nil {
		return rules{err: err}
	}
	data, err := robotstxt.FromStatusAndBytes(page.Status, page.robots())
	if err != nil {
		return rules{err: &refusal{Robots, nil}}
	}
	return rules{data: data}
}

// visit asks for one address and looks through what comes.
func (c *Crawl) visit(ctx context.Context, v visit) error {
	if v.url == nil {
		return nil
	}
	if _, ok := c.Fetcher.scope.Host(v.url); !ok {
		return nil // a link to somewhere else is no part of this scan
	}
	id := c.Key.TargetID(v.url.String())
	done, err := c.State.Done(ctx, id)
	if err != nil {
		return fmt.Errorf("read scan state: %w", err)
	}
	if err := c.allowed(ctx, v.url); err != nil {
		return c.refused(ctx, v, err, done)
	}
	page, err := c.Fetcher.Get(ctx, v.url, nil)
	if err != nil {
		return c.refused(ctx, v, err, done)
	}
	c.follow(v, page)
	if done {
		return nil
	}
	result, err := c.look(ctx, v.url.String(), page, v.reach)
	if err != nil {
		return err
	}
	if v.sitemap {
		pages, _ := sitemap(page.URL, page.Body)
		for _, p := range pages {
			result.Observation.Lists = append(result.Observation.Lists, c.Key.TargetID(p.String()))
		}
	}
	return c.keep(ctx, result)
}

// follow queues what a page leads to.
func (c *Crawl) follow(v visit, page *Page) {
	if page.Status/100 != 2 {
		return
	}
	if v.sitemap {
		pages, maps := sitemap(page.URL, page.Body)
		for _, u := range pages {
			c.push(visit{url: u, depth: v.depth + 1, reach: v.reach})
		}
		for _, u := range maps {
			c.push(visit{url: u, depth: v.depth + 1, reach: v.reach, sitemap: true})
		}
		return
	}
	if strings.Contains(page.MediaType, "html") || page.MediaType == "" {
		for _, u := range links(page.URL, page.Body) {
			c.push(visit{url: u, depth: v.depth + 1, reach: v.reach})
		}
	}
}

// look scans an answer. Only content that was served counts: the same body
// behind 401 is not public (A03).
func (c *Crawl) look(ctx context.Context, target string, page *Page, reach exposure.Reachability) (Result, error) {
	body := exposure.BodySource(page.Body)
	if page.Status/100 != 2 {
		body = nil
	}
	out, err := c.Scanner.Scan(ctx, exposure.Item{Target: target, MediaType: page.MediaType, Source: body, Reachability: reach})
	if err != nil {
		return Result{}, err
	}
	state := exposure.StateOf(page.Status)
	if state == exposure.Refused {
		out.NotRead = append(out.NotRead, exposure.NotRead{Target: out.Target, TargetID: out.TargetID, Reason: Status})
	}
	if page.Cut {
		out.NotRead = append(out.NotRead, exposure.NotRead{Target: out.Target, TargetID: out.TargetID, Reason: formats.OverLimit})
	}
	if len(out.NotRead) > 0 && state == exposure.Read {
		state = exposure.Partly
	}
	o := exposure.Observation{TargetID: out.TargetID, At: c.Fetcher.now(), State: state, Fingerprints: []string{}}
	for _, f := range out.Findings {
		o.Fingerprints = append(o.Fingerprints, f.Fingerprint)
	}
	return Result{Outcome: out, Observation: o, Status: page.Status}, nil
}

// refused keeps that an address was not read. Whatever is no refusal ends the
// crawl.
func (c *Crawl) refused(ctx context.Context, v visit, err error, done bool) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	if r.why == formats.OverLimit {
		return ErrLimit
	}
	if done {
		return nil
	}
	// The address itself is looked at all the same: it was published.
	out, err := c.Scanner.Scan(ctx, exposure.Item{Target: v.url.String(), Source: exposure.BodySource(nil), Reachability: v.reach})
	if err != nil {
		return err
	}
	out.NotRead = append(out.NotRead, exposure.NotRead{Target: out.Target, TargetID: out.TargetID, Reason: r.why})
	return c.keep(ctx, Result{
		Outcome:     out,
		Observation: exposure.Observation{TargetID: out.TargetID, At: c.Fetcher.now(), State: exposure.NoAnswer, Fingerprints: []string{}},
	})
}

func (c *Crawl) keep(ctx context.Context, r Result) error {
	if err := c.State.Finish(ctx, r.Outcome); err != nil {
		return fmt.Errorf("keep scan state: %w", err)
	}
	if c.Each != nil {
		return c.Each(r)
	}
	return nil
}
