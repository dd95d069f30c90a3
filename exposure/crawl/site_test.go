package crawl_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/crawl"
	"chipproof/exposure/detect"
	"chipproof/exposure/formats"
)

const somebody = "นายสมชาย ใจดี เลขประจำตัวประชาชน 1-1017-00230-70-8"

func archive(tb testing.TB, name, content string) string {
	tb.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.Create(name)
	require.NoError(tb, err)
	_, err = w.Write([]byte(content))
	require.NoError(tb, err)
	require.NoError(tb, z.Close())
	return out.String()
}

func TestA01EveryPlaceOfASiteThatServesPersonalDataIsReported(t *testing.T) {
	b := newBench(t, serve(map[string]string{
		"/":               `<a href="/news.html">ข่าว</a> <a href="files/list.csv">รายชื่อ</a><iframe src="/frame"></iframe>`,
		"/news.html":      `<p>ประกาศ</p><!-- ` + somebody + ` --><a href="/deep/page">ต่อ</a>`,
		"/files/list.csv": "ชื่อ-สกุล,เลขประจำตัวประชาชน\nสมหญิง รักไทย,1000000000190\n",
		"/frame":          `<script type="application/json">{"cid":"1101700230708"}</script>`,
		"/deep/page":      `<a href="/files/old.zip">เก่า</a>`,
		"/files/old.zip":  archive(t, "คนไข้.txt", somebody),
		"/hidden.html":    somebody,
		"/sitemap.xml":    `<?xml version="1.0"?><urlset><url><loc>http://www.agency.test/hidden.html</loc></url></urlset>`,
		"/empty":          "",
	}), site, crawl.Limits{})
	b.crawlSite(t)
	found := b.findings()
	for _, target := range []string{"/news.html", "/files/list.csv", "/frame", "/files/old.zip!คนไข้.txt", "/hidden.html"} {
		name := "http://www.agency.test" + target
		if strings.Contains(target, "!") {
			name = "http://www.agency.test/files/old.zip"
		}
		require.NotEmpty(t, found[name], "%s of %v", name, found)
		for _, f := range found[name] {
			assert.Equal(t, exposure.Anonymous, f.Reachability)
			assert.NotEmpty(t, f.Class)
			assert.NotZero(t, f.Locator)
		}
	}
	assert.Empty(t, found["http://www.agency.test/"])
	assert.Equal(t, "http://www.agency.test/files/old.zip!คนไข้.txt", found["http://www.agency.test/files/old.zip"][0].Target)
}

func TestA03TheSameBodyBehindALoginIsNotPublic(t *testing.T) {
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, `<a href="/open">a</a><a href="/closed">b</a><a href="/broken">c</a>`)
		case "/open":
			fmt.Fprint(w, somebody)
		case "/closed":
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprint(w, somebody)
		case "/broken":
			w.WriteHeader(http.StatusServiceUnavailable)
		default:
			http.NotFound(w, r)
		}
	}), site, crawl.Limits{})
	b.crawlSite(t)
	assert.Contains(t, b.findings(), "http://www.agency.test/open")
	assert.NotContains(t, b.findings(), "http://www.agency.test/closed")
	states := map[int]exposure.PlaceState{}
	for _, r := range b.seen {
		states[r.Status] = r.Observation.State
	}
	assert.Equal(t, map[int]exposure.PlaceState{200: exposure.Read, 401: exposure.Closed, 404: exposure.Gone, 503: exposure.Refused}, states)
}

func TestANumberInAnAddressIsAFindingAndIsMasked(t *testing.T) {
	b := newBench(t, serve(map[string]string{"/": `<a href="/people/1101700230708?x=1">x</a>`, "/people/1101700230708": "ว่าง"}), site, crawl.Limits{})
	b.crawlSite(t)
	found := b.findings()["http://www.agency.test/people/1-xxxx-xxxxx-70-8?x=1"]
	require.Len(t, found, 1)
	assert.Equal(t, "name", found[0].Locator.Path)
	assert.Equal(t, detect.CitizenID, found[0].Class)
}

func TestNothingOutsideTheScopeIsAsked(t *testing.T) {
	asked := map[string]bool{}
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked[r.Host+r.URL.Path] = true
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, `<a href="http://elsewhere.test/x">a</a><a href="http://www.agency.test:8080/x">b</a><a href="/away">c</a><a href="ftp://www.agency.test/">d</a><a href="http://user@www.agency.test/secret">e</a>`)
		case "/away":
			http.Redirect(w, r, "http://elsewhere.test/away", http.StatusFound)
		}
	}), site, crawl.Limits{})
	b.names.answers["elsewhere.test"] = []netip.Addr{outside}
	b.crawlSite(t)
	for host := range asked {
		assert.True(t, strings.HasPrefix(host, "www.agency.test/"), host)
	}
	assert.NotContains(t, asked, "www.agency.test/secret")
	assert.Equal(t, crawl.OutOfScope, b.notRead()["http://www.agency.test/away"])
	assert.Zero(t, b.names.asked["elsewhere.test"], "not even its address is looked up")
}

func TestAPrivateAddressBehindARedirectIsNotFetched(t *testing.T) {
	for _, inside := range []string{"127.0.0.1", "10.0.0.5", "169.254.169.254", "[::1]", "[::ffff:127.0.0.1]", "[fd00::1]", "100.64.0.1", "0.0.0.0", "[64:ff9b::7f00:1]"} {
		t.Run(inside, func(t *testing.T) {
			b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "http://"+inside+"/latest/meta-data", http.StatusFound)
			}), site+"\nhost: "+strings.Trim(inside, "[]")+"\nhost: inner.agency.test", crawl.Limits{})
			require.NoError(t, b.Pages(t.Context(), addresses(t, "http://www.agency.test/go"), exposure.Anonymous))
			assert.NotEmpty(t, b.notRead())
			for _, d := range b.dialed {
				assert.Equal(t, outside.String()+":80", d)
			}
		})
	}
}

func TestANameThatLeadsInsideIsNotFetched(t *testing.T) {
	b := newBench(t, serve(map[string]string{"/": somebody}), site, crawl.Limits{})
	b.names.answers["www.agency.test"] = []netip.Addr{outside, netip.MustParseAddr("192.168.1.10")}
	b.crawlSite(t)
	assert.Empty(t, b.dialed)
	assert.Empty(t, b.findings())
	assert.Equal(t, crawl.Address, b.notRead()["http://www.agency.test/"])
}

func TestANameThatChangesBetweenLookUpsStaysWhereItWas(t *testing.T) {
	b := newBench(t, serve(map[string]string{"/": `<a href="/2">x</a>`, "/2": `<a href="/3">x</a>`, "/3": somebody}), site, crawl.Limits{})
	b.names.change = func(_ string, n int) []netip.Addr {
		if n == 1 {
			return []netip.Addr{outside}
		}
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}
	}
	b.Fetcher.Close()
	b.crawlSite(t)
	assert.Contains(t, b.findings(), "http://www.agency.test/3")
	assert.Equal(t, 1, b.names.asked["www.agency.test"])
	for _, d := range b.dialed {
		assert.Equal(t, outside.String()+":80", d)
	}
}

func TestAPrivateNetworkThatTheOwnerAllowsIsAsked(t *testing.T) {
	b := newBench(t, serve(map[string]string{"/": somebody}), site+"\nallow-private: 192.168.1.0/24", crawl.Limits{})
	b.names.answers["www.agency.test"] = []netip.Addr{netip.MustParseAddr("192.168.1.10")}
	b.crawlSite(t)
	assert.Contains(t, b.findings(), "http://www.agency.test/")
}

func TestRobotsAreHonouredUnlessTheOwnerSaysOtherwise(t *testing.T) {
	pages := map[string]string{"/robots.txt": "User-agent: *\nDisallow: /private\nSitemap: http://www.agency.test/map.xml\n", "/": `<a href="/private/x">x</a>`, "/private/x": somebody, "/map.xml": "<urlset><url><loc>/listed</loc></url></urlset>", "/listed": somebody}
	b := newBench(t, serve(pages), site, crawl.Limits{})
	b.crawlSite(t)
	assert.NotContains(t, b.findings(), "http://www.agency.test/private/x")
	assert.Equal(t, crawl.Robots, b.notRead()["http://www.agency.test/private/x"])
	assert.Contains(t, b.findings(), "http://www.agency.test/listed")
	b = newBench(t, serve(pages), site+" ignore-robots", crawl.Limits{})
	b.crawlSite(t)
	assert.Contains(t, b.findings(), "http://www.agency.test/private/x")
}

func TestRobotsThatCannotBeHadForbidAll(t *testing.T) {
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		fmt.Fprint(w, somebody)
	}), site, crawl.Limits{})
	b.crawlSite(t)
	assert.Empty(t, b.findings())
}

func TestEndlessLinksEndAtTheLimits(t *testing.T) {
	asked := 0
	endless := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		for i := range 20 {
			fmt.Fprintf(w, `<a href="%s/%d">x</a><a href="/calendar?day=%d%d">y</a>`, strings.TrimSuffix(r.URL.Path, "/"), i, asked, i)
		}
	})
	b := newBench(t, endless, site+" ignore-robots", crawl.Limits{Pages: 120, Depth: 1000})
	assert.ErrorIs(t, b.Site(t.Context(), addresses(t, "http://www.agency.test/")), crawl.ErrLimit)
	assert.LessOrEqual(t, asked, 121)
	asked = 0
	b = newBench(t, endless, site+" ignore-robots", crawl.Limits{Depth: 1, Queries: 7})
	b.crawlSite(t)
	assert.LessOrEqual(t, asked, 2*(1+20+7)+20)
}

func TestASlowServerEndsAtItsTime(t *testing.T) {
	release := make(chan struct{})
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusOK)
		for {
			if _, err := w.Write([]byte("x")); err != nil {
				return
			}
			w.(http.Flusher).Flush()
			select {
			case <-release:
				return
			case <-r.Context().Done():
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	}), site+" ignore-robots", crawl.Limits{Request: 100 * time.Millisecond})
	t.Cleanup(func() { close(release) })
	require.NoError(t, b.Pages(t.Context(), addresses(t, "http://www.agency.test/slow"), exposure.Anonymous))
	assert.Equal(t, formats.TimedOut, b.notRead()["http://www.agency.test/slow"])
	assert.Equal(t, exposure.NoAnswer, b.seen[0].Observation.State)
}

func TestAPackedPageBombIsCut(t *testing.T) {
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		for range 64 {
			z.Write(make([]byte, 1<<20))
		}
		z.Close()
	}), site+" ignore-robots", crawl.Limits{Body: 1 << 20})
	require.NoError(t, b.Pages(t.Context(), addresses(t, "http://www.agency.test/bomb"), exposure.Anonymous))
	assert.Equal(t, formats.OverLimit, b.notRead()["http://www.agency.test/bomb"])
	assert.Equal(t, exposure.Partly, b.seen[0].Observation.State, "which proves no takedown")
}

func TestOneHostIsAskedAtItsRateAndToldWhoAsks(t *testing.T) {
	asked := 0
	var agent string
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		agent = r.UserAgent()
		assert.Equal(t, http.MethodGet, r.Method)
	}), site+" ignore-robots", crawl.Limits{Pause: 50 * time.Millisecond})
	begun := time.Now()
	require.NoError(t, b.Pages(t.Context(), addresses(t, "http://www.agency.test/1", "http://www.agency.test/2", "http://www.agency.test/3"), exposure.Anonymous))
	assert.Equal(t, 3, asked)
	assert.GreaterOrEqual(t, time.Since(begun), 100*time.Millisecond)
	assert.Equal(t, "chipproof-office/1.0 (+mailto:dpo@banlat.go.th)", agent)
}

func TestACrawlThatWasStoppedGoesOn(t *testing.T) {
	pages := map[string]string{"/": `<a href="/1">x</a>`, "/1": "<p>" + somebody + `<a href="/2">x</a>`, "/2": "<p>1000000000190"}
	b := newBench(t, serve(pages), site, crawl.Limits{})
	stop := assert.AnError
	b.Each = func(r crawl.Result) error {
		if strings.HasSuffix(r.Outcome.Target, "/1") {
			return stop
		}
		return nil
	}
	require.ErrorIs(t, b.Site(t.Context(), addresses(t, "http://www.agency.test/")), stop)
	assert.NotContains(t, b.findings(), "http://www.agency.test/2")
	b.Each = nil
	b.crawlSite(t)
	assert.Len(t, b.findings()["http://www.agency.test/1"], 2, "not once more")
	assert.Contains(t, b.findings(), "http://www.agency.test/2", "its links were followed again")
}
