package crawl_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/crawl"
	"chipproof/exposure/detect"
)

const openAPI = `{"openapi":"3.1.0","servers":[{"url":"/v1"}],"security":[{"bearer":[]}],
"components":{"parameters":{"Page":{"name":"page","in":"query","required":true,"schema":{"type":"integer","default":1}}}},
"paths":{
 "/citizens":{"get":{"security":[],"parameters":[{"$ref":"#/components/parameters/Page"}]},"post":{}},
 "/citizens/{id}":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"integer"},"example":7}],"get":{}},
 "/closed":{"get":{}},
 "/leaky":{"get":{}},
 "/by/{name}":{"get":{"parameters":[{"name":"name","in":"path","required":true,"schema":{"type":"string"}}]}}
}}`

// api has an open list of two pages, records by id, one route that is closed and
// one that ought to be.
func api(t *testing.T) http.Handler {
	record := `{"full_name":"นายสมชาย ใจดี","citizen_id":"1101700230708","createdAt":1700000000000}`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, http.MethodGet, r.Method)
		w.Header().Set("Content-Type", "application/json")
		known := r.Header.Get("Authorization") == "Bearer the-owners"
		switch r.URL.RequestURI() {
		case "/v1/citizens?page=1":
			fmt.Fprint(w, `{"items":[`+record+`],"next":"/v1/citizens?page=2"}`)
		case "/v1/citizens?page=2":
			fmt.Fprint(w, `{"items":[{"citizen_id":"1000000000190"}]}`)
		case "/v1/citizens/7", "/v1/citizens/8", "/v1/closed":
			if !known {
				w.WriteHeader(http.StatusUnauthorized)
				return
			}
			fmt.Fprint(w, record)
		case "/v1/citizens/6", "/v1/leaky":
			fmt.Fprint(w, record)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
}

func calls(t *testing.T) []crawl.Call {
	t.Helper()
	base, err := url.Parse("http://api.agency.test/openapi.json")
	require.NoError(t, err)
	out, err := crawl.ParseOpenAPI([]byte(openAPI), base)
	require.NoError(t, err)
	return out
}

func TestA02TheOpenEndpointIsFlaggedAndTheAuthenticatedOneIsNot(t *testing.T) {
	b := newBench(t, api(t), "host: api.agency.test", crawl.Limits{})
	answers, err := b.API(t.Context(), calls(t), crawl.APIOptions{})
	require.NoError(t, err)
	open := map[string]bool{}
	for _, a := range answers {
		open[a.Target] = a.Open
		assert.False(t, a.Stepped, "ids are stepped only with the owner's leave")
	}
	assert.Equal(t, map[string]bool{
		"http://api.agency.test/v1/citizens?page=1": true, "http://api.agency.test/v1/citizens?page=2": true,
		"http://api.agency.test/v1/citizens/7": false, "http://api.agency.test/v1/closed": false, "http://api.agency.test/v1/leaky": true,
	}, open)
	for target, found := range b.findings() {
		for _, f := range found {
			assert.Equal(t, exposure.Anonymous, f.Reachability, target)
			assert.NotContains(t, f.Locator.Path, "createdAt")
		}
	}
	assert.NotContains(t, b.findings(), "http://api.agency.test/v1/closed")
	assert.Equal(t, crawl.NeedsValue, b.notRead()["http://api.agency.test/v1/by/%7Bname%7D"])
}

func TestA03AnswersWithATokenAreBehindALogin(t *testing.T) {
	b := newBench(t, api(t), "host: api.agency.test", crawl.Limits{})
	answers, err := b.API(t.Context(), calls(t), crawl.APIOptions{Credentials: http.Header{"Authorization": {"Bearer the-owners"}}})
	require.NoError(t, err)
	for _, a := range answers {
		switch a.Target {
		case "http://api.agency.test/v1/closed":
			assert.Equal(t, crawl.Answer{Target: a.Target, Anonymous: 401, WithToken: 200, Declared: true}, a)
		case "http://api.agency.test/v1/leaky":
			assert.Equal(t, crawl.Answer{Target: a.Target, Anonymous: 200, Open: true, Declared: true}, a, "declared and open is a broken check")
		}
	}
	found := b.findings()
	assert.Equal(t, exposure.Login, found["http://api.agency.test/v1/closed"][0].Reachability)
	assert.Equal(t, exposure.Anonymous, found["http://api.agency.test/v1/leaky"][0].Reachability)
	assert.Greater(t, found["http://api.agency.test/v1/leaky"][0].Rank(), found["http://api.agency.test/v1/closed"][0].Rank())
}

func TestIDsAreSteppedWithTheOwnersLeave(t *testing.T) {
	b := newBench(t, api(t), "host: api.agency.test step-ids", crawl.Limits{})
	answers, err := b.API(t.Context(), calls(t), crawl.APIOptions{})
	require.NoError(t, err)
	stepped := map[string]bool{}
	for _, a := range answers {
		if a.Stepped {
			stepped[a.Target] = a.Open
		}
	}
	assert.Equal(t, map[string]bool{"http://api.agency.test/v1/citizens/6": true, "http://api.agency.test/v1/citizens/8": false}, stepped)
}

func TestCredentialsStayWithTheHostThatTheyAreFor(t *testing.T) {
	var leaked []string
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Host == "www.agency.test" {
			leaked = append(leaked, r.Header.Get("Authorization"), r.Header.Get("X-Api-Key"))
			return
		}
		http.Redirect(w, r, "http://www.agency.test/elsewhere", http.StatusFound)
	}), "host: api.agency.test\nhost: www.agency.test", crawl.Limits{})
	list, err := crawl.ParseList([]byte("# one\nhttp://api.agency.test/x\n"))
	require.NoError(t, err)
	_, err = b.API(t.Context(), list, crawl.APIOptions{Credentials: http.Header{"Authorization": {"Bearer the-owners"}, "X-Api-Key": {"k"}}})
	require.NoError(t, err)
	require.NotEmpty(t, leaked)
	for _, l := range leaked {
		assert.Empty(t, l)
	}
}

func TestListsOfAddresses(t *testing.T) {
	har, err := crawl.ParseHAR([]byte(`{"log":{"entries":[{"request":{"method":"GET","url":"http://a.test/1"}},{"request":{"method":"POST","url":"http://a.test/2"}},{"request":{"method":"GET","url":"http://a.test/1"}}]}}`))
	require.NoError(t, err)
	require.Len(t, har, 1)
	assert.Equal(t, "http://a.test/1", har[0].URL.String())
	for _, broken := range []string{"", "{}", "[]", "nonsense"} {
		_, err := crawl.ParseHAR([]byte(broken))
		assert.ErrorIs(t, err, crawl.ErrListInvalid)
		_, err = crawl.ParseOpenAPI([]byte(broken), &url.URL{})
		assert.ErrorIs(t, err, crawl.ErrListInvalid)
	}
	_, err = crawl.ParseList([]byte("http://a.test/\nnonsense"))
	assert.ErrorIs(t, err, crawl.ErrListInvalid)
	assert.ErrorContains(t, err, "line 2")
}

func TestTimesInAnAnswerAreNoCitizens(t *testing.T) {
	b := newBench(t, api(t), "host: api.agency.test", crawl.Limits{})
	_, err := b.API(t.Context(), calls(t), crawl.APIOptions{})
	require.NoError(t, err)
	for _, f := range b.findings()["http://api.agency.test/v1/citizens?page=1"] {
		if f.Class == detect.CitizenID {
			assert.Equal(t, "/items/0/citizen_id", f.Locator.Path)
		}
	}
}

func TestCredentialsDontGoToAnotherHostThatAnAnswerNames(t *testing.T) {
	for name, head := range map[string]string{"member": "", "header": `<http://www.agency.test/steal>; rel="next"`} {
		stolen := 0
		b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			switch r.Host {
			case "api.agency.test":
				if head != "" {
					w.Header().Set("Link", head)
				}
				fmt.Fprint(w, `{"next":"http://www.agency.test/steal"}`)
			default:
				if r.Header.Get("Authorization") != "" {
					stolen++
				}
			}
		}), "host: api.agency.test\n"+site, crawl.Limits{})
		u := addresses(t, "http://api.agency.test/list")[0]
		_, err := b.API(t.Context(), []crawl.Call{{URL: u}}, crawl.APIOptions{Credentials: http.Header{"Authorization": {"Bearer the-owners"}}})
		require.NoError(t, err)
		assert.Zero(t, stolen, name)
		assert.Len(t, b.seen, 2, "the next page is asked for all the same")
	}
}

func TestARedirectDoesntTellWhereItCameFrom(t *testing.T) {
	var told []string
	b := newBench(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		told = append(told, r.Header.Get("Referer"))
		if r.Host == "api.agency.test" {
			http.Redirect(w, r, "http://www.agency.test/", http.StatusFound)
		}
	}), "host: api.agency.test ignore-robots\n"+site+" ignore-robots", crawl.Limits{})
	require.NoError(t, b.Pages(t.Context(), addresses(t, "http://api.agency.test/?key=secret"), exposure.LinkOnly))
	assert.Equal(t, []string{"", ""}, told)
}
