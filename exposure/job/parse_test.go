package job_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/exposure/crawl"
	"chipproof/exposure/job"
)

var now = time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)

const scope = "# chipproof scope\nowner: เทศบาลตำบลตัวอย่าง\ncontact: dpo@banlat.go.th\nexpires: 2026-12-31\nhost: www.agency.test\n"

func file(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func plan(t *testing.T, a job.Asked) (job.Plan, error) {
	t.Helper()
	if a.Scope == nil {
		a.Scope = []byte(scope)
	}
	return job.ParsePlan(a, now)
}

func TestTargetsAreReadForWhatTheyAre(t *testing.T) {
	list := file(t, "urls", "# all\nhttp://www.agency.test/a\n")
	har := file(t, "x.har", `{"log":{"entries":[{"request":{"method":"GET","url":"http://www.agency.test/1"}}]}}`)
	api := file(t, "api.json", `{"openapi":"3.1.0","servers":[{"url":"/v1"}],"paths":{"/x":{"get":{}}}}`)
	token := file(t, "token", "Authorization: Bearer abc\n")
	dir := t.TempDir()
	p, err := plan(t, job.Asked{
		Targets: []string{dir}, Base: "http://www.agency.test/", Credentials: token,
	})
	require.NoError(t, err)
	assert.Equal(t, []job.Target{{Kind: job.Files, At: dir}}, p.Targets)
	p, err = plan(t, job.Asked{
		Targets: []string{"http://WWW.agency.test#top", "http://www.agency.test/", "list:" + list, "har:" + har, "openapi:" + api, "openapi:https://www.agency.test/api.json"},
		Base:    "http://www.agency.test/", Credentials: token,
	})
	require.NoError(t, err)
	assert.Equal(t, []job.Target{
		{Kind: job.Site, At: "http://www.agency.test/"},
		{Kind: job.List, At: list, Credentials: token},
		{Kind: job.HAR, At: har, Credentials: token},
		{Kind: job.OpenAPI, At: api, Base: "http://www.agency.test/", Credentials: token},
		{Kind: job.OpenAPI, At: "https://www.agency.test/api.json", Credentials: token},
	}, p.Targets, "each once")
	assert.Equal(t, []string{"http://www.agency.test/", "list:" + list, "har:" + har, "openapi:" + api, "openapi:https://www.agency.test/api.json"}, p.Roots())
}

func TestWhatCannotBeScannedIsRefusedWithoutSayingWhatItWas(t *testing.T) {
	elsewhere := file(t, "urls", "http://www.other.test/a\n")
	open := file(t, "mine", "http://www.agency.test/a\n")
	nothing := file(t, "nothing", "this is no header\n")
	for name, c := range map[string]struct {
		asked job.Asked
		also  error
	}{
		"nothing at all":                {job.Asked{}, nil},
		"a path that isn't there":       {job.Asked{Targets: []string{"/no/such/folder"}}, nil},
		"a path that is no text":        {job.Asked{Targets: []string{"/tmp/\xff"}}, nil},
		"a number in a path":            {job.Asked{Targets: []string{"/tmp/1101700230708"}}, nil},
		"a number in an address":        {job.Asked{Targets: []string{"http://www.agency.test/1-1017-00230-70-8"}}, nil},
		"a number in percent":           {job.Asked{Targets: []string{"http://www.agency.test/%31%31%30%31%37%30%30%32%33%30%37%30%38"}}, nil},
		"a name in percent":             {job.Asked{Targets: []string{"http://www.agency.test/%E0%B8%99%E0%B8%B2%E0%B8%A2%E0%B8%AA%E0%B8%A1%E0%B8%8A%E0%B8%B2%E0%B8%A2%20%E0%B9%83%E0%B8%88%E0%B8%94%E0%B8%B5"}}, nil},
		"a host out of scope":           {job.Asked{Targets: []string{"http://www.other.test/"}}, nil},
		"a site without a scope":        {job.Asked{Targets: []string{"http://www.agency.test/"}, Scope: []byte{}}, nil},
		"a login in an address":         {job.Asked{Targets: []string{"http://me:secret@www.agency.test/"}}, nil},
		"a list of other hosts":         {job.Asked{Targets: []string{"list:" + elsewhere}}, nil},
		"a list by address":             {job.Asked{Targets: []string{"list:http://www.agency.test/urls"}}, nil},
		"a list that is none":           {job.Asked{Targets: []string{"har:" + elsewhere}}, crawl.ErrListInvalid},
		"a scope that is none":          {job.Asked{Targets: []string{"http://www.agency.test/"}, Scope: []byte("x")}, crawl.ErrScopeInvalid},
		"a scope with a number in it":   {job.Asked{Targets: []string{"http://www.agency.test/"}, Scope: []byte(scope + "# 1101700230708\n")}, nil},
		"credentials that aren't there": {job.Asked{Targets: []string{"list:" + open}, Credentials: "/no/such/file"}, nil},
		"credentials that are none":     {job.Asked{Targets: []string{"list:" + open}, Credentials: nothing}, crawl.ErrCredentialsInvalid},
		"a number for a base":           {job.Asked{Targets: []string{"list:" + open}, Base: "http://www.agency.test/1101700230708"}, nil},
	} {
		_, err := plan(t, c.asked)
		require.ErrorIs(t, err, job.ErrPlanInvalid, name)
		if c.also != nil {
			assert.ErrorIs(t, err, c.also, name)
		}
		for _, said := range []string{"1101700230708", "other.test", "secret", "this is no header", "/no/such"} {
			assert.NotContains(t, err.Error(), said, name)
		}
	}
	_, err := job.ParsePlan(job.Asked{Targets: []string{"http://www.agency.test/"}, Scope: []byte(scope)}, now.AddDate(1, 0, 0))
	require.ErrorIs(t, err, crawl.ErrScopeInvalid, "it has expired")
}

func TestAPlanIsReadAsItWasKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-zA-Zก-ฮ0-9/:.]{0,30}`)
		kind := rapid.SampledFrom([]job.Kind{job.Files, job.Site, job.OpenAPI, job.List, job.HAR})
		ms := rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.Int64Range(0, 1e9).Draw(t, "ms")) * time.Millisecond
		})
		p := job.Plan{Limits: crawl.Limits{
			Pages: rapid.IntRange(0, 1e6).Draw(t, "pages"), Depth: 3, Queries: 5, Sitemaps: 7, Body: 11, Total: 13,
			Request: ms.Draw(t, "request"), Time: ms.Draw(t, "time"), Pause: ms.Draw(t, "pause"),
		}}
		for range rapid.IntRange(1, 4).Draw(t, "targets") {
			p.Targets = append(p.Targets, job.Target{
				Kind: kind.Draw(t, "kind"), At: text.Draw(t, "at"), Base: text.Draw(t, "base"), Credentials: text.Draw(t, "credentials"),
			})
		}
		if s := text.Draw(t, "scope"); s != "" {
			p.Scope = []byte(s)
		}
		kept, err := job.EncodePlan(p)
		require.NoError(t, err)
		back, err := job.DecodePlan(kept)
		require.NoError(t, err)
		assert.Equal(t, p, back)
	})
	_, err := job.DecodePlan([]byte(`{"targets":[],"more":1}`))
	require.ErrorIs(t, err, job.ErrPlanInvalid)
}
