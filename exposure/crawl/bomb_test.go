package crawl_test

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure/crawl"
)

// allocated is how much memory f asks for, in bytes.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestALongBaseTimesManyLinksFillsNoMemory(t *testing.T) {
	page := `<html><base href="/` + strings.Repeat("a", 900<<10) + `/">`
	for i := range 4000 {
		page += fmt.Sprintf(`<a href="%d">x</a>`, i)
	}
	b := newBench(t, serve(map[string]string{"/": page}), site+" ignore-robots", crawl.Limits{Pages: 3})
	used := allocated(func() { _ = b.Site(t.Context(), addresses(t, "http://www.agency.test/")) })
	assert.Less(t, used, uint64(500<<20), "4,000 addresses of 900 KiB are 4 GiB")
}

func TestARobotsFileOfPatternsFillsNoMemory(t *testing.T) {
	robots := "User-agent: *\n" + strings.Repeat("Disallow: /*a*b*c$\n", 300_000)
	b := newBench(t, serve(map[string]string{"/robots.txt": robots, "/": "x"}), site, crawl.Limits{})
	used := allocated(func() { require.NoError(t, b.Site(t.Context(), addresses(t, "http://www.agency.test/"))) })
	assert.Less(t, used, uint64(1<<30))
}

func TestAnOpenAPIDocumentGrowsNoAddressBeyondMeasure(t *testing.T) {
	long := strings.Repeat("b", 100<<10)
	document := `{"openapi":"3.1.0","servers":[{"url":"http://api.agency.test/` + strings.Repeat("a", 100<<10) + `"}],"paths":{"/` +
		strings.Repeat("{p}", 1000) + `":{"get":{"parameters":[{"name":"p","in":"path","example":"` + long + `"}]}}}}`
	var calls []crawl.Call
	used := allocated(func() {
		var err error
		calls, err = crawl.ParseOpenAPI([]byte(document), addresses(t, "http://api.agency.test/openapi.json")[0])
		require.NoError(t, err)
	})
	assert.Less(t, used, uint64(50<<20), "1,000 times 100 KiB")
	require.Len(t, calls, 1)
	assert.NotEmpty(t, calls[0].Missing)
}

func TestAnIPv4AddressInsideAnIPv6OneIsRefused(t *testing.T) {
	for _, host := range []string{"[::127.0.0.1]", "[::ffff:0:127.0.0.1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"} {
		name := strings.Trim(host, "[]")
		b := newBench(t, http.NotFoundHandler(), "host: "+name+" ignore-robots", crawl.Limits{})
		require.NoError(t, b.Site(t.Context(), addresses(t, "http://"+host+"/")))
		assert.Empty(t, b.dialed, host)
	}
}
