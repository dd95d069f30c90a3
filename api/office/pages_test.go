package office

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	web "chipproof/api/console"
	"chipproof/exposure"
	"chipproof/exposure/crawl"
	"chipproof/exposure/formats"
	"chipproof/exposure/job"
)

// exposures are pages without anything behind them.
func exposures() *Exposures { return &Exposures{} }

// part is what the exposures alone add to the site.
func part() web.Part { return Pages(Office{Exposures: exposures()}) }

// sources are the scripts and templates of the exposures' own pages.
func sources(t *testing.T, end string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, files := range []fs.FS{part().Static, part().Templates} {
		require.NoError(t, fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, end) || strings.HasPrefix(name, "incident") || strings.HasPrefix(name, "document") || name == "due.js" {
				return err
			}
			content, err := fs.ReadFile(files, name)
			all[name] = string(content)
			return err
		}))
	}
	return all
}

var said = regexp.MustCompile(`(?:\bt\(|\{\{t |\(t )['"]([a-z_]+\.[a-z_0-9-]+)['"]`)

func TestEveryWordOfTheOfficeHasATextInBothLanguages(t *testing.T) {
	known := map[string]bool{}
	for _, m := range append(messages(), web.Common().Messages...) {
		assert.NotEmpty(t, m.TH, m.Key)
		assert.NotEmpty(t, m.EN, m.Key)
		known[m.Key] = true
	}
	for _, m := range messages() {
		assert.NotRegexp(t, `[ก-๙]`, m.EN, "%s: the English text is English", m.Key)
	}
	var words []string
	for _, end := range []string{".js", ".html"} {
		for _, content := range sources(t, end) {
			for _, m := range said.FindAllStringSubmatch(content, -1) {
				words = append(words, m[1])
			}
		}
	}
	require.Greater(t, len(words), 120)
	group := func(name string, values ...string) {
		for _, v := range values {
			words = append(words, name+"."+v)
		}
	}
	group("dataclass", strs(classes())...)
	group("severity", strs(severities())...)
	group("findingstate", strs(findingStates())...)
	group("reach", strs([]exposure.Reachability{exposure.Anonymous, exposure.LinkOnly, exposure.Login, exposure.Internal})...)
	group("scanstate", append(strs([]job.State{job.Open, job.Complete, job.Incomplete, job.Canceled}), stateWaiting, stateRunning)...)
	group("scanmeans", strs([]job.State{job.Open, job.Canceled})...)
	group("scanreason", strs([]job.Reason{job.LimitReached, job.TargetGone, job.NoStart, job.ScopeEnded, job.ByHand})...)
	states := strs([]exposure.TaskState{exposure.TaskOpen, exposure.TaskOverdue, exposure.TaskClaimed, exposure.TaskStopped, exposure.TaskAgain})
	group("taskstate", states...)
	group("taskmeans", states...)
	group("placekind", strs([]exposure.PlaceKind{exposure.ThePage, exposure.CachedCopy, exposure.SitemapOf, exposure.Attachment})...)
	why := append([]string{exposure.StillServed, exposure.StillListed, exposure.NotScanned}, strs([]exposure.PlaceState{exposure.NoAnswer, exposure.Partly, exposure.Refused})...)
	group("unproven", why...)
	group("unproven_remedy", why...)
	group("notread", strs([]formats.Reason{
		formats.Image, formats.Encrypted, formats.OverLimit, formats.TimedOut, formats.Unreadable, formats.Unsupported, formats.Nested,
		crawl.OutOfScope, crawl.Robots, crawl.Address, crawl.NoAnswer, crawl.NeedsValue, crawl.Status, exposure.NotAsked,
	})...)
	for _, w := range words {
		assert.True(t, known[w], w)
	}
}

func strs[T ~string](list []T) (out []string) {
	for _, v := range list {
		out = append(out, string(v))
	}
	return out
}

func TestTheOfficesPagesFitTogetherWithTheCommonOnes(t *testing.T) {
	_, err := web.New(web.Options{Mode: api.Production, Parts: []web.Part{web.Common(), part()}})
	require.NoError(t, err)
}

func TestNoPageHasInlineScriptOrStyleOrKeepsAnything(t *testing.T) {
	for name, content := range sources(t, ".html") {
		assert.NotRegexp(t, `(?i)<script|<style|\sstyle=|\son[a-z]+=|javascript:`, content, name)
		assert.NotRegexp(t, `(?:src|href|action)="(?:https?:)?//`, content, name)
	}
	for name, content := range sources(t, ".js") {
		assert.NotRegexp(t, `localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|\beval\(|new Function`, content, name)
	}
}

func TestEveryProblemSaysWhatHappenedAndWhatToDoNext(t *testing.T) {
	for _, row := range Problems() {
		for _, text := range []api.Text{row.Title, row.Remedy} {
			assert.NotEmpty(t, text.TH, row.Code)
			assert.NotEmpty(t, text.EN, row.Code)
			assert.NotRegexp(t, `[ก-๙]`, text.EN, row.Code)
		}
	}
}
