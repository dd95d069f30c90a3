package simulator_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"chipproof/cardreader"
	"chipproof/simulator"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// remote is a machine under control over HTTP.
type remote struct {
	*simulator.Machine
	server *httptest.Server
}

func newRemote(t *testing.T, readers ...string) remote {
	m := simulator.NewMachine(readers...)
	server := httptest.NewServer(simulator.Control(m))
	t.Cleanup(server.Close)
	return remote{m, server}
}

// send is one request; change may spoil it.
func (r remote) send(t *testing.T, method, path, body string, change func(*http.Request)) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.server.URL+path, strings.NewReader(body))
	require.NoError(t, err)
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(req)
	}
	res, err := r.server.Client().Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	want := "application/json"
	if res.StatusCode != http.StatusOK {
		want = "application/problem+json"
	}
	assert.Equal(t, want, res.Header.Get("Content-Type"))
	assert.Equal(t, "no-store", res.Header.Get("Cache-Control"))
	assert.Empty(t, res.Header.Get("Access-Control-Allow-Origin"))
	return res.StatusCode, strings.TrimSpace(string(text))
}

func (r remote) post(t *testing.T, path, body string) (int, string) {
	t.Helper()
	return r.send(t, http.MethodPost, path, body, nil)
}

func TestControlIsTheHandsOverHTTP(t *testing.T) {
	r := newRemote(t, "A", "B")
	for _, step := range []struct{ path, body, answer string }{
		{"/insert", `{"reader":"A","person":"default"}`, `[{"reader":"A","card":"present","person":"default","counter":1,"faults":0},{"reader":"B","card":"absent","counter":0,"faults":0}]`},
		{"/insert", `{"reader":"B","person":"mute"}`, `[{"reader":"A","card":"present","person":"default","counter":1,"faults":0},{"reader":"B","card":"mute","counter":1,"faults":0}]`},
		{"/unplug", `{"reader":"B"}`, `[{"reader":"A","card":"present","person":"default","counter":1,"faults":0}]`},
		{"/swap", `{"person":"lifelong"}`, `[{"reader":"A","card":"present","person":"lifelong","counter":3,"faults":0}]`},
		{"/fault", `{"plan":[{"exchange":3,"do":"status","word":"6F00","times":2},{"at":"connect","do":"sharing"}]}`, `[{"reader":"A","card":"present","person":"lifelong","counter":3,"faults":2}]`},
		{"/fault", `{"plan":[]}`, `[{"reader":"A","card":"present","person":"lifelong","counter":3,"faults":0}]`},
		{"/reset", `{}`, `[{"reader":"A","card":"present","person":"lifelong","counter":3,"faults":0}]`},
		{"/remove", `{}`, `[{"reader":"A","card":"absent","counter":4,"faults":0}]`},
		{"/insert", "{\t\"person\":\t{\"synthetic\":true,\n\t\"citizen_id\":\"1000000000190\",\"name\":{\"th\":{\"first\":\"ทดสอบ\"}}}}", `[{"reader":"A","card":"present","counter":5,"faults":0}]`},
		{"/plug", `{"reader":"C"}`, `[{"reader":"A","card":"present","counter":5,"faults":0},{"reader":"C","card":"absent","counter":0,"faults":0}]`},
		{"/stop", `{}`, `[{"reader":"A","card":"present","counter":5,"faults":0},{"reader":"C","card":"absent","counter":0,"faults":0}]`},
	} {
		status, answer := r.post(t, step.path, step.body)
		require.Equal(t, http.StatusOK, status, answer)
		require.Equal(t, step.answer, answer, step.path)
	}
	_, err := r.List(t.Context())
	require.ErrorIs(t, err, cardreader.ErrServiceDown)
	r.post(t, "/deny", `{}`)
	_, err = r.List(t.Context())
	require.ErrorIs(t, err, cardreader.ErrDenied)
	r.post(t, "/start", `{}`)
	_, err = r.List(t.Context())
	require.NoError(t, err)

	status, answer := r.send(t, http.MethodGet, "/readers", "", nil)
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, answer, `"reader":"C"`)
	status, answer = r.send(t, http.MethodGet, "/people", "", nil)
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, answer, `{"person":"year-only","about":"birth date known by its year only"}`)
}

func TestControlTakesNothingThatAPageCouldSend(t *testing.T) {
	for name, row := range map[string]struct {
		change func(*http.Request)
		status int
		code   string
	}{
		"another host":               {func(r *http.Request) { r.Host = "rebound.example:80" }, 403, "host_refused"},
		"the host without its port":  {func(r *http.Request) { r.Host = "127.0.0.1" }, 403, "host_refused"},
		"the host with another port": {func(r *http.Request) { r.Host = "127.0.0.1:1" }, 403, "host_refused"},
		"a look-alike host":          {func(r *http.Request) { r.Host = "x" + r.URL.Host }, 403, "host_refused"},
		"the unspecified address":    {func(r *http.Request) { r.Host = strings.Replace(r.URL.Host, "127.0.0.1", "0.0.0.0", 1) }, 403, "host_refused"},
		"an origin":                  {func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403, "origin_refused"},
		"its own origin":             {func(r *http.Request) { r.Header.Set("Origin", "http://"+r.URL.Host) }, 403, "origin_refused"},
		"an empty origin":            {func(r *http.Request) { r.Header["Origin"] = []string{""} }, 403, "origin_refused"},
		"a null origin":              {func(r *http.Request) { r.Header.Set("Origin", "null") }, 403, "origin_refused"},
		"a browser's context":        {func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "none") }, 403, "request_context_refused"},
		"a form":                     {func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }, 415, "media_type_refused"},
		"plain text":                 {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 415, "media_type_refused"},
		"no media type":              {func(r *http.Request) { r.Header.Del("Content-Type") }, 415, "media_type_refused"},
		"a broken media type":        {func(r *http.Request) { r.Header.Set("Content-Type", ";;") }, 415, "media_type_refused"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRemote(t, "A")
			status, answer := r.send(t, http.MethodPost, "/insert", `{"person":"default"}`, row.change)
			assert.Equal(t, row.status, status)
			assert.Contains(t, answer, `"code":"`+row.code+`"`)
			assert.Equal(t, cardreader.Absent, r.Readers()[0].Card, "nothing happened")
			if row.status == 403 {
				status, _ = r.send(t, http.MethodGet, "/readers", "", row.change)
				assert.Equal(t, 403, status)
			}
		})
	}
}

func TestControlAnswersByEachNameOfLoopback(t *testing.T) {
	r := newRemote(t, "A")
	port := r.server.Listener.Addr().(*net.TCPAddr).Port
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]"} {
		status, _ := r.send(t, http.MethodGet, "/readers", "", func(req *http.Request) { req.Host = host + ":" + strconv.Itoa(port) })
		assert.Equal(t, http.StatusOK, status, host)
	}
}

func TestControlIsServedOnLoopbackOnly(t *testing.T) {
	w := httptest.NewRecorder()
	simulator.Control(simulator.NewMachine()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readers", nil))
	assert.Equal(t, http.StatusForbidden, w.Code)
	assert.Contains(t, w.Body.String(), "loopback only")
}

func TestControlSaysWhatIsWrong(t *testing.T) {
	for name, row := range map[string]struct {
		method, path, body string
		status             int
		code, detail       string
	}{
		"no such route":        {"POST", "/explode", `{}`, 404, "not_found", ""},
		"GET an act":           {"GET", "/insert", ``, 405, "method_refused", "POST"},
		"POST a view":          {"POST", "/readers", `{}`, 405, "method_refused", "GET"},
		"no body":              {"POST", "/insert", ``, 400, "body_invalid", ""},
		"no JSON":              {"POST", "/insert", `insert`, 400, "body_invalid", ""},
		"two bodies":           {"POST", "/stop", `{}{}`, 400, "body_invalid", ""},
		"an unknown member":    {"POST", "/insert", `{"person":"default","force":true}`, 400, "body_invalid", "force"},
		"a member twice":       {"POST", "/insert", `{"person":"default","person":"alien"}`, 400, "body_invalid", "person"},
		"another case":         {"POST", "/insert", `{"Person":"default"}`, 400, "body_invalid", ""},
		"a number for a name":  {"POST", "/insert", `{"reader":1,"person":"default"}`, 400, "body_invalid", ""},
		"no person":            {"POST", "/insert", `{"reader":"A"}`, 400, "body_invalid", "person: missing"},
		"a person too many":    {"POST", "/remove", `{"reader":"A","person":"default"}`, 400, "body_invalid", "person: not taken here"},
		"a reader too many":    {"POST", "/stop", `{"reader":"A"}`, 400, "body_invalid", "reader: not taken here"},
		"no plan":              {"POST", "/fault", `{"reader":"A"}`, 400, "body_invalid", "plan: missing"},
		"which reader":         {"POST", "/remove", `{}`, 400, "body_invalid", "reader: missing"},
		"plug what":            {"POST", "/plug", `{}`, 400, "body_invalid", "reader: missing"},
		"a strange reader":     {"POST", "/remove", `{"reader":"Z"}`, 409, "reader_not_found", ""},
		"an empty reader":      {"POST", "/remove", `{"reader":"A"}`, 409, "card_absent", ""},
		"a full reader":        {"POST", "/insert", `{"reader":"B","person":"default"}`, 409, "reader_occupied", ""},
		"mute in a full one":   {"POST", "/insert", `{"reader":"B","person":"mute"}`, 409, "reader_occupied", ""},
		"a known reader":       {"POST", "/plug", `{"reader":"A"}`, 409, "reader_exists", ""},
		"a stranger":           {"POST", "/insert", `{"reader":"A","person":"nobody"}`, 422, "person_unknown", "there are alien"},
		"a person as a list":   {"POST", "/insert", `{"reader":"A","person":[1]}`, 422, "person_invalid", "a name, or an object"},
		"a real person":        {"POST", "/insert", `{"reader":"A","person":{"citizen_id":"1000000000190"}}`, 422, "person_invalid", "synthetic must be true"},
		"a stranger for swap":  {"POST", "/swap", `{"reader":"B","person":"nobody"}`, 422, "person_unknown", ""},
		"a swap with nobody":   {"POST", "/swap", `{"reader":"A","person":"default"}`, 409, "card_absent", ""},
		"an unknown act":       {"POST", "/fault", `{"reader":"A","plan":[{"exchange":1,"do":"explode"}]}`, 422, "plan_invalid", "fault 1: do: no act"},
		"a plan with nobody":   {"POST", "/fault", `{"reader":"A","plan":[{"exchange":1,"do":"swap","person":"nobody"}]}`, 422, "plan_invalid", "person"},
		"a plan as a sentence": {"POST", "/fault", `{"reader":"A","plan":"remove it"}`, 422, "plan_invalid", "line 1"},
		"far too much":         {"POST", "/insert", `{"person":"` + strings.Repeat("a", 70_000) + `"}`, 413, "body_too_large", "65536"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRemote(t, "A", "B")
			types(t, r.Machine, "insert 2 default")
			status, answer := r.send(t, row.method, row.path, row.body, nil)
			assert.Equal(t, row.status, status, answer)
			assert.Contains(t, answer, `"code":"`+row.code+`"`)
			assert.Contains(t, answer, row.detail)
		})
	}
}
