package job

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"chipproof/exposure"
	"chipproof/exposure/crawl"
)

// files runs over a folder or file.
func (w *work) files(ctx context.Context, t Target) error {
	return w.scanner.Files(ctx, []string{t.At}, exposure.Run{
		State: &fileState{work: w}, Tell: w.follow.files(), Workers: w.o.Workers, ItemTime: w.o.ItemTime, MaxFiles: w.o.MaxFiles,
	})
}

// crawl makes one for the next stage of the scan. waiting is nil where the stage
// knows how much there is.
func (w *work) crawl(waiting func(*crawl.Crawl) int) *crawl.Crawl {
	state := &crawlState{work: w}
	c := &crawl.Crawl{Fetcher: w.fetcher, Scanner: w.scanner, Key: w.o.Key, State: state, Each: state.each}
	if waiting != nil {
		state.waiting = func() int { return waiting(c) }
	}
	return c
}

// sites follows the links of all sites in one crawl.
func (w *work) sites(ctx context.Context, starts []*url.URL) error {
	w.follow.stage(len(starts))
	return w.crawl((*crawl.Crawl).Waiting).Site(ctx, starts)
}

// api asks for the calls of one.
func (w *work) api(ctx context.Context, t Target) error {
	w.follow.stage(1)
	list, err := calls(ctx, t, w.fetcher)
	if err != nil {
		return err
	}
	o, err := options(t)
	if err != nil {
		return err
	}
	if t.Kind == OpenAPI {
		w.cover(list)
	}
	w.follow.stage(len(list))
	_, err = w.crawl(nil).API(ctx, list, o)
	return err
}

// cover notes the server of an API whose document was followed: a scan of all
// its calls is one of the server, unless its own name is personal.
func (w *work) cover(list []crawl.Call) {
	check := newChecker(nil)
	seen := map[string]bool{}
	for _, c := range list {
		if c.URL == nil {
			continue
		}
		server := c.URL.Scheme + "://" + c.URL.Host
		if _, ok := w.scope.Host(c.URL); ok && !seen[server] && !check.personal(server) {
			seen[server] = true
			w.covers = append(w.covers, server)
		}
	}
}

// unmet looks at the places where something was found before, or must be gone,
// and that this scan has not come by: a page that nothing links to any more may
// still be served. Only addresses that were kept in clear can be asked for again.
func (w *work) unmet(ctx context.Context) error {
	places, err := w.o.Places.Unmet(ctx, w.scan.ID)
	if err != nil {
		return &ledgerError{err}
	}
	var pages []*url.URL
	for _, p := range places {
		if w.o.Key.TargetID(p.Target) != p.TargetID {
			continue // masked
		}
		if isAddress(p.Target) {
			if u := w.reachable(p.Target); u != nil {
				pages = append(pages, u)
			}
			continue
		}
		if err := w.goneFile(ctx, p); err != nil {
			return err
		}
	}
	if len(pages) == 0 {
		return nil
	}
	w.follow.stage(len(pages))
	return w.crawl(nil).Pages(ctx, pages, exposure.LinkOnly)
}

// reachable is an address that this scan may ask for.
func (w *work) reachable(address string) *url.URL {
	u, err := url.Parse(address)
	if err != nil || w.fetcher == nil {
		return nil
	}
	if _, ok := w.scope.Host(u); !ok {
		return nil
	}
	return u
}

// empty says that a folder is, or isn't there: perhaps its disk is not, and that
// proves nothing of the files in it.
func empty(t Target) bool {
	entries, err := os.ReadDir(t.At)
	return err == nil && len(entries) == 0 || errors.Is(err, os.ErrNotExist)
}

// goneFile keeps that a file below a folder that was walked is there no more.
func (w *work) goneFile(ctx context.Context, p exposure.Place) error {
	for _, t := range w.plan.Targets {
		if t.Kind != Files || !strings.HasPrefix(p.Target, strings.TrimSuffix(t.At, string(filepath.Separator))+string(filepath.Separator)) {
			continue
		}
		if empty(t) {
			continue
		}
		done, err := w.book.Done(ctx, p.TargetID)
		if err != nil {
			return &ledgerError{err}
		}
		at := w.o.Now()
		if _, err := os.Lstat(p.Target); done || !errors.Is(err, os.ErrNotExist) {
			continue
		}
		o, err := w.scanner.Scan(ctx, exposure.Item{Target: p.Target, Source: exposure.BodySource(nil), Reachability: exposure.Internal})
		if err != nil {
			return err
		}
		seen := exposure.Observation{TargetID: p.TargetID, At: at, State: exposure.Gone, Fingerprints: []string{}}
		if err := w.book.Keep(ctx, o, seen); err != nil {
			return &ledgerError{err}
		}
		return nil
	}
	return nil
}
