package compat_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Whatever stands in the query, a page gets what the one word decides or a refusal
// of ours; and of the card nothing that was not granted.
func FuzzQuery(f *testing.F) {
	for _, seed := range []string{"readImageFlag=true", "readImageFlag=false", "", "readImageFlag=TRUE", "readImageFlag=true&readImageFlag=false", "%zz", "a;b", "readImageFlag=%00"} {
		f.Add(seed)
	}
	r := build(f, "default")
	r.run()
	f.Fuzz(func(t *testing.T, query string) {
		if strings.IndexFunc(query, func(c rune) bool { return c < 0x21 || c > 0x7e || c == '#' }) >= 0 {
			return // no request line: net/http refuses it before us
		}
		in := *r
		in.TB = t
		a := in.within(t.Context(), nhso, get("/api/smartcard/read-card-only?"+query, fromSite))
		var body map[string]any
		assert.NoError(t, json.Unmarshal([]byte(a.body), &body), a.body)
		assert.Contains(t, []int{200, 400, 404, 429, 500}, a.status)
		if values, _ := url.ParseQuery(query); values.Get("readImageFlag") != "true" {
			assert.NotContains(t, body, "image")
		}
		assert.NotContains(t, body, "address")
	})
}
