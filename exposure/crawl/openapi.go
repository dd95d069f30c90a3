package crawl

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ErrListInvalid: an OpenAPI document, HAR file or address list can't be read.
var ErrListInvalid = errors.New("list of addresses invalid")

// Call is a GET of an API.
type Call struct {
	URL *url.URL
	// Declared says whether the document wants credentials for it.
	Declared bool
	// Missing are parameters for which no value is known; such a call is not
	// made.
	Missing []string
	// steps are the addresses with an id one higher and one lower.
	steps []*url.URL
}

// openAPI is what is read of a document (OpenAPI 3.0, 3.1).
type openAPI struct {
	OpenAPI string `json:"openapi"`
	Servers []struct {
		URL string `json:"url"`
	} `json:"servers"`
	Paths    map[string]pathItem `json:"paths"`
	Security []jsontext.Value    `json:"security"`
	Parts    struct {
		Parameters map[string]parameter `json:"parameters"`
	} `json:"components"`
}

type pathItem struct {
	Parameters []parameter `json:"parameters"`
	Get        *struct {
		Parameters []parameter       `json:"parameters"`
		Security   *[]jsontext.Value `json:"security"`
	} `json:"get"`
}

type parameter struct {
	Ref      string         `json:"$ref"`
	Name     string         `json:"name"`
	In       string         `json:"in"`
	Required bool           `json:"required"`
	Example  jsontext.Value `json:"example"`
	Examples map[string]struct {
		Value jsontext.Value `json:"value"`
	} `json:"examples"`
	Schema struct {
		Type    jsontext.Value   `json:"type"`
		Format  string           `json:"format"`
		Default jsontext.Value   `json:"default"`
		Example jsontext.Value   `json:"example"`
		Enum    []jsontext.Value `json:"enum"`
	} `json:"schema"`
}

// ParseOpenAPI gives the GET operations of a document in JSON, with values for
// their parameters from its examples, defaults and enumerations, and 1 for
// whole numbers. base is where the document was found, for relative servers.
// Error: [ErrListInvalid].
func ParseOpenAPI(document []byte, base *url.URL) ([]Call, error) {
	var doc openAPI
	if err := json.Unmarshal(document, &doc, jsontext.AllowDuplicateNames(true)); err != nil || doc.OpenAPI == "" {
		return nil, fmt.Errorf("parse OpenAPI document: %w", ErrListInvalid)
	}
	server := base
	if len(doc.Servers) > 0 {
		if u, err := base.Parse(doc.Servers[0].URL); err == nil && len(doc.Servers[0].URL) <= maxURL {
			server = u
		}
	}
	var calls []Call
	paths := make([]string, 0, len(doc.Paths))
	for path := range doc.Paths {
		paths = append(paths, path)
	}
	sort.Strings(paths)
	for _, path := range paths {
		item := doc.Paths[path]
		if item.Get == nil {
			continue
		}
		security := doc.Security
		if item.Get.Security != nil {
			security = *item.Get.Security
		}
		call := doc.call(server, path, slices.Concat(item.Parameters, item.Get.Parameters))
		call.Declared = wantsCredentials(security)
		calls = append(calls, call)
	}
	return calls, nil
}

// wantsCredentials: there is a requirement, and none of them is empty.
func wantsCredentials(security []jsontext.Value) bool {
	for _, s := range security {
		if strings.Join(strings.Fields(string(s)), "") == "{}" {
			return false
		}
	}
	return len(security) > 0
}

func (d *openAPI) call(server *url.URL, path string, parameters []parameter) Call {
	call := Call{}
	query := url.Values{}
	id := ""
	for _, p := range parameters {
		if name, ok := strings.CutPrefix(p.Ref, "#/components/parameters/"); ok {
			p = d.Parts.Parameters[name]
		}
		if p.In != "path" && (p.In != "query" || !p.Required) {
			continue
		}
		value, ok := p.value()
		switch {
		case !ok:
			call.Missing = append(call.Missing, p.Name)
		case p.In == "path":
			if len(path)+len(value) > maxURL { // otherwise it could double and double again
				call.Missing = append(call.Missing, p.Name)
				continue
			}
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
			if _, err := strconv.Atoi(value); err == nil {
				id = value
			}
		default:
			query.Set(p.Name, value)
		}
	}
	if at := strings.IndexByte(path, '{'); at >= 0 && len(call.Missing) == 0 {
		call.Missing = append(call.Missing, strings.Trim(path[at:], "{}"))
	}
	target, err := url.Parse(strings.TrimSuffix(server.String(), "/") + path)
	if err != nil {
		call.Missing = append(call.Missing, "path")
		return call
	}
	target.RawQuery = query.Encode()
	call.URL = target
	call.steps = stepped(target, id)
	return call
}

// value is what the document knows of a parameter.
func (p parameter) value() (string, bool) {
	candidates := []jsontext.Value{p.Example, p.Schema.Example, p.Schema.Default}
	for _, name := range sortedKeys(p.Examples) {
		candidates = append(candidates, p.Examples[name].Value)
	}
	candidates = append(candidates, p.Schema.Enum...)
	for _, c := range candidates {
		var text string
		switch {
		case len(c) == 0:
			continue
		case json.Unmarshal(c, &text) == nil:
			return text, true
		case c.Kind() == '0':
			return string(c), true
		}
	}
	if strings.Contains(string(p.Schema.Type), "integer") {
		return "1", true
	}
	return "", false
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// stepped gives the neighbours of an address whose last number in the path is id.
func stepped(u *url.URL, id string) []*url.URL {
	n, err := strconv.Atoi(id)
	if err != nil {
		return nil
	}
	var out []*url.URL
	for _, other := range []int{n - 1, n + 1} {
		at := strings.LastIndex(u.Path, id)
		if other < 0 || at < 0 {
			continue
		}
		next := *u
		next.Path, next.RawPath = u.Path[:at]+strconv.Itoa(other)+u.Path[at+len(id):], ""
		out = append(out, &next)
	}
	return out
}

// ParseList reads addresses, one a line; '#' begins a comment. Error:
// [ErrListInvalid], with the line.
func ParseList(list []byte) ([]Call, error) {
	var calls []Call
	for i, line := range strings.Split(string(list), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		u, err := url.Parse(line)
		if err != nil || u.Host == "" {
			return nil, fmt.Errorf("parse address list: %w: line %d", ErrListInvalid, i+1)
		}
		calls = append(calls, Call{URL: u, steps: stepped(u, lastNumber(u.Path))})
	}
	return calls, nil
}

func lastNumber(path string) string {
	parts := strings.Split(path, "/")
	for i := len(parts) - 1; i >= 0; i-- {
		if _, err := strconv.Atoi(parts[i]); err == nil && len(parts[i]) < 10 {
			return parts[i]
		}
	}
	return ""
}

// ParseHAR reads the GET requests of an HTTP archive (HAR 1.2), each address
// once. Error: [ErrListInvalid].
func ParseHAR(archive []byte) ([]Call, error) {
	var har struct {
		Log struct {
			Entries []struct {
				Request struct {
					Method string `json:"method"`
					URL    string `json:"url"`
				} `json:"request"`
			} `json:"entries"`
		} `json:"log"`
	}
	if err := json.Unmarshal(archive, &har, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil || len(har.Log.Entries) == 0 {
		return nil, fmt.Errorf("parse HTTP archive: %w", ErrListInvalid)
	}
	var calls []Call
	seen := map[string]bool{}
	for _, e := range har.Log.Entries {
		u, err := url.Parse(e.Request.URL)
		if e.Request.Method != "GET" || err != nil || u.Host == "" || seen[u.String()] {
			continue
		}
		seen[u.String()] = true
		calls = append(calls, Call{URL: u, steps: stepped(u, lastNumber(u.Path))})
	}
	return calls, nil
}
