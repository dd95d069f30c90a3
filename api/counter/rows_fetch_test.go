package counter

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestS1ImagesScriptsAndFormsFromElsewhereAreRefusedOnEveryRoute(t *testing.T) {
	d := newDesk(t)
	for _, line := range d.everyRoute() {
		method, path, _ := strings.Cut(line, " ")
		if method != "GET" {
			continue // comes with its origin, which is asked about first
		}
		for _, from := range []string{"cross-site", "same-site"} {
			for _, dest := range []string{"image", "script", "video", "style", "empty", ""} {
				lines := []string{"Sec-Fetch-Site: " + from, "Sec-Fetch-Mode: no-cors"}
				if dest != "" {
					lines = append(lines, "Sec-Fetch-Dest: "+dest)
				}
				d.raw(head(method, path, lines...)).says(t, 403, "request_context_refused", line+from+dest)
			}
		}
	}
	form := []string{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document", "Content-Type: application/x-www-form-urlencoded", "Content-Length: 3"}
	d.raw(head("POST", "/v1/reads", append(form, "Origin: https://evil.example")...)+"a=b").says(t, 403, "origin_refused", "a form comes with its origin")
	d.raw(head("POST", "/v1/reads", append(form, fromSite)...)+"a=b").says(t, 403, "request_context_refused", "and an approved site's form is no fetch")
}

func TestS2NobodyFramesUs(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{"/", "/prove", "/v1/readers", "/healthz"} {
		for _, dest := range []string{"iframe", "frame", "object", "embed", "fencedframe"} {
			for _, from := range []string{"cross-site", "same-origin", "none"} {
				a := d.raw(get(path, "Sec-Fetch-Site: "+from, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: "+dest))
				a.says(t, 403, "request_context_refused", path+dest+from)
			}
			d.raw(get(path, "Sec-Fetch-Dest: "+dest)).says(t, 403, "request_context_refused", dest)
		}
	}
	a := d.raw(get("/"))
	assert.Contains(t, a.header.Get("Content-Security-Policy"), "frame-ancestors 'none'")
	assert.Equal(t, "DENY", a.header.Get("X-Frame-Options"))
}

func TestS3NoGETReturnsACitizensData(t *testing.T) {
	d := newDesk(t)
	for _, line := range []string{"GET /v1/reads", "HEAD /v1/reads", "GET /v1/reads?purpose=form_fill&fields=name", "HEAD /v1/readers", "DELETE /v1/reads", "PATCH /v1/reads"} {
		method, path, _ := strings.Cut(line, " ")
		if method == "HEAD" {
			continue // asked below: a HEAD has no body to hold a code
		}
		a := d.raw(head(method, path, fromSite))
		a.says(t, 405, "method_refused", line)
		assert.Equal(t, "POST", a.header.Get("Allow"))
	}
}

func TestS3HEADIsNoWayRoundEither(t *testing.T) {
	d := newDesk(t)
	conn := d.dial()
	defer conn.Close()
	for _, path := range []string{"/v1/reads", "/v1/readers", "/v1/events"} {
		// Connection: close, so that the end of the headers is the end of it all.
		_, err := conn.Write([]byte(d.wire(head("HEAD", path, fromSite))))
		assert.NoError(t, err)
		buf := make([]byte, 4096)
		n, err := conn.Read(buf)
		assert.NoError(t, err)
		assert.Contains(t, string(buf[:n]), "HTTP/1.1 405 ", path)
	}
}

func TestS4APostThatIsNotJSONIsRefused(t *testing.T) {
	d := newDesk(t)
	body := fill("name")
	for _, media := range []string{
		"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/json", "application/json-seq",
		"application/problem+json", "application/json; charset=utf-16", "application/json; boundary=x", "application/json, text/plain", "json", "*/*", "",
	} {
		a := d.raw(head("POST", "/v1/reads", fromSite, "Content-Type: "+media, fmt.Sprint("Content-Length: ", len(body))) + body)
		a.says(t, 415, "media_type_refused", media)
		assert.Equal(t, site, a.header.Get("Access-Control-Allow-Origin"), "an approved page may read why")
	}
	d.raw(head("POST", "/v1/reads", fromSite, fmt.Sprint("Content-Length: ", len(body)))+body).says(t, 415, "media_type_refused", "no type")
	two := d.raw(head("POST", "/v1/reads", fromSite, "Content-Type: application/json", "Content-Type: text/plain", fmt.Sprint("Content-Length: ", len(body))) + body)
	two.says(t, 415, "media_type_refused", "two types")
	for _, media := range []string{"application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8", "Application/JSON"} {
		a := d.raw(head("POST", "/v1/reads", fromSite, "Content-Type: "+media, fmt.Sprint("Content-Length: ", len(body))) + body)
		assert.Equal(t, 200, a.status, media)
	}
}

func TestS5OnlyStrictJSONOfTheRightShapeIsTaken(t *testing.T) {
	d := newDesk(t)
	for name, body := range map[string]string{
		"unknown member":   `{"purpose":"form_fill","fields":["name"],"extra":1}`,
		"repeated member":  `{"purpose":"identity_proofing","fields":["name"],"purpose":"form_fill"}`,
		"other case":       `{"Purpose":"form_fill","fields":["name"]}`,
		"both cases":       `{"purpose":"form_fill","fields":["name"],"Fields":["laser_code"]}`,
		"bytes after":      `{"purpose":"form_fill","fields":["name"]} {}`,
		"deep nesting":     `{"purpose":"form_fill","fields":` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `}`,
		"deep and unknown": `{"x":` + strings.Repeat(`{"x":`, 5000) + `1` + strings.Repeat("}", 5000) + `}`,
		"wrong type":       `{"purpose":"form_fill","fields":"name"}`,
		"wrong inner type": `{"purpose":"form_fill","fields":[1]}`,
		"number purpose":   `{"purpose":1,"fields":["name"]}`,
		"null purpose":     `{"purpose":null,"fields":["name"]}`,
		"null fields":      `{"purpose":"form_fill","fields":null}`,
		"null field":       `{"purpose":"form_fill","fields":[null]}`,
		"no purpose":       `{"fields":["name"]}`,
		"empty purpose":    `{"purpose":"","fields":["name"]}`,
		"long purpose":     `{"purpose":"` + strings.Repeat("a", 65) + `","fields":["name"]}`,
		"no fields":        `{"purpose":"form_fill"}`,
		"empty fields":     `{"purpose":"form_fill","fields":[]}`,
		"unknown field":    `{"purpose":"form_fill","fields":["shoe_size"]}`,
		"blank in a field": `{"purpose":"form_fill","fields":[" name"]}`,
		"fields in a list": `{"purpose":"form_fill","fields":["citizen_id",["name"]]}`,
		"fields as object": `{"purpose":"form_fill","fields":[{}]}`,
		"a field twice":    `{"purpose":"form_fill","fields":["name","name"]}`,
		"invalid UTF-8":    "{\"purpose\":\"form_fill\",\"fields\":[\"name\"],\"reader\":\"\xff\"}",
		"empty":            ``,
		"array":            `[{"purpose":"form_fill","fields":["name"]}]`,
		"a proof's body":   `{"request":"eyJhbGciOi"}`,
	} {
		d.raw(post("/v1/reads", body, fromSite)).says(t, 400, "body_invalid", name)
	}
	assert.Equal(t, 200, d.raw(post("/v1/reads", `{"purpose":"form_fill","fields":["name"],"reader":null}`, fromSite)).status,
		"null leaves alone what may be left out")
	large := d.raw(post("/v1/reads", fill("name")+strings.Repeat(" ", 64<<10), fromSite))
	large.says(t, 413, "body_too_large", "over 64 KiB")
}
