package crawl_test

import (
	"net/url"
	"testing"

	"chipproof/exposure/crawl"
)

func FuzzScope(f *testing.F) {
	f.Add([]byte(scopeFile))
	f.Add([]byte("# chipproof scope\nhost: [::1]:80\nallow-private: ::/0\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := crawl.ParseScope(file, now)
		if err == nil && (s.Owner == "" || len(s.Hosts) == 0 || !now.Before(s.Expires)) {
			t.Fatal("a scope that is none")
		}
	})
}

func FuzzOpenAPI(f *testing.F) {
	f.Add([]byte(openAPI))
	f.Add([]byte(`{"openapi":"3.0.0","paths":{"/a/{b}/{b}":{"get":{"parameters":[{"name":"b","in":"path","schema":{"enum":[1,"x",null]}}]}}}}`))
	f.Fuzz(func(t *testing.T, document []byte) {
		base := &url.URL{Scheme: "http", Host: "a.test", Path: "/"}
		calls, err := crawl.ParseOpenAPI(document, base)
		for _, c := range calls {
			if err == nil && c.URL == nil && len(c.Missing) == 0 {
				t.Fatal("a call to nowhere")
			}
		}
		crawl.ParseHAR(document)
		crawl.ParseList(document)
	})
}
