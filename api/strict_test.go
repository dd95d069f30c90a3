package api

import (
	"bytes"
	stdjson "encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bad bodies of S5, each for the reason in its name.
var badBodies = map[string]string{
	"unknown member":    `{"name":"a","other":1}`,
	"repeated member":   `{"name":"a","name":"b"}`,
	"escaped repeat":    `{"name":"a","n\u0061me":"b"}`,
	"other case":        `{"Name":"a"}`,
	"bytes after":       `{"name":"a"}{}`,
	"comma after":       `{"name":"a"},`,
	"wrong type":        `{"name":1}`,
	"null":              `{"name":null}`,
	"whole is null":     `null`,
	"missing member":    `{}`,
	"array":             `[]`,
	"string":            `"name"`,
	"empty":             ``,
	"spaces":            `  `,
	"invalid UTF-8":     "{\"name\":\"\xff\"}",
	"lone surrogate":    `{"name":"\ud800"}`,
	"byte order mark":   "\ufeff{\"name\":\"a\"}",
	"deep in a member":  `{"name":"a","parts":` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `}`,
	"deep":              strings.Repeat("[", 30000),
	"deep objects":      strings.Repeat(`{"parts":`, 100) + `1` + strings.Repeat(`}`, 100),
	"wrong inside":      `{"name":"a","parts":[1]}`,
	"too long":          `{"name":"` + strings.Repeat("a", 21) + `"}`,
	"too many":          `{"name":"a","parts":["","","",""]}`,
	"control character": "{\"name\":\"a\nb\"}",
	"single quotes":     `{'name':'a'}`,
	"comment":           `{"name":"a"/*x*/}`,
	"form":              `name=a`,
}

func TestS5ABodyThatIsNotStrictJSONIsInvalid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		for name, body := range badBodies {
			a := b.do(t, post("/v1/things", body))
			assert.Equal(t, 400, a.StatusCode, name)
			assert.Equal(t, "body_invalid", a.code(), name)
			assert.Equal(t, "application/problem+json", a.Header.Get("Content-Type"), name)
		}
		b.end(t)
	})
}

func TestABadBodyIsNeverRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		for _, body := range []string{`{"name":"SECRETSECRETSECRETSECRET"}`, `{"name":1,"x":"SECRET"}`, `{"SECRET":1}`, `{"secret":1}x`, `SECRET`} {
			a := b.do(t, post("/v1/things", body))
			assert.Equal(t, "body_invalid", a.code())
			assert.NotContains(t, a.text, "SECRET")
		}
		b.end(t)
		assert.NotContains(t, b.log.String(), "SECRET")
	})
}

func TestAProblemNamesTheMemberThatIsWrong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		a := b.do(t, post("/v1/things", `{"name":"a","parts":[1]}`))
		assert.Contains(t, a.text, `"field":"parts"`)
		b.end(t)
	})
}

func TestABodyBeyond64KiBIsTooLargeAndOneOf64KiBIsNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		fits := `{"name":"a"}` + strings.Repeat(" ", 64<<10-12)
		assert.Equal(t, 200, b.do(t, post("/v1/things", fits)).StatusCode)
		declared := b.do(t, request("POST", "/v1/things", "Origin: "+site, "Content-Type: application/json", "Content-Length: 65537"))
		assert.Equal(t, 413, declared.StatusCode, "before a byte of it is read")
		assert.Equal(t, "body_too_large", declared.code())
		chunked := b.do(t, request("POST", "/v1/things", "Origin: "+site, "Content-Type: application/json", "Transfer-Encoding: chunked")+
			"10001\r\n"+fits+" \r\n0\r\n\r\n")
		assert.Equal(t, 413, chunked.StatusCode)
		b.end(t)
	})
}

func TestAGETWithABodyIsInvalid(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, testOptions(), nil)
		assert.Equal(t, "body_invalid", b.do(t, request("GET", "/v1/things", "Origin: "+site, "Content-Length: 2")+"{}").code())
		b.end(t)
	})
}

func FuzzBody(f *testing.F) {
	for _, body := range badBodies {
		f.Add([]byte(body))
	}
	f.Add([]byte(`{"name":"chair","parts":["leg","seat"]}`))
	f.Add([]byte(` {"parts":[],"name":""} `))
	f.Fuzz(func(t *testing.T, body []byte) {
		var v thing
		if readStrict(body, &v) != nil {
			return
		}
		require.True(t, utf8.Valid(body))
		if bytes.Equal(bytes.TrimSpace(body), []byte("null")) {
			return // leaves the value alone; the schema refuses it
		}
		// A second reader, the standard library's, sees the same names and
		// values, each name once and in exactly this case, and nothing behind.
		d := stdjson.NewDecoder(bytes.NewReader(body))
		d.DisallowUnknownFields()
		var again thing
		require.NoError(t, d.Decode(&again))
		require.Equal(t, v.Name, again.Name)
		require.Equal(t, len(v.Parts), len(again.Parts))
		_, err := d.Token()
		require.Error(t, err)
		var names map[string]stdjson.RawMessage
		require.NoError(t, stdjson.Unmarshal(body, &names))
		for name := range names {
			require.Contains(t, []string{"name", "parts"}, name)
		}
		require.Equal(t, len(names), strings.Count(keysOnly(body), ":"), "no name twice")
	})
}

// keysOnly drops strings, so that what is left of a flat object has one colon a member.
func keysOnly(body []byte) string {
	var out strings.Builder
	in := false
	for i := 0; i < len(body); i++ {
		switch {
		case in && body[i] == '\\':
			i++
		case body[i] == '"':
			in = !in
		case !in:
			out.WriteByte(body[i])
		}
	}
	return out.String()
}
