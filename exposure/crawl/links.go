package crawl

import (
	"bytes"
	"encoding/xml"
	"io"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

const (
	maxLinks = 5000    // of one page
	maxURL   = 8 << 10 // bytes of one address; servers take no longer ones
)

// linkAttributes are where addresses stand in HTML.
var linkAttributes = map[string]string{
	"a": "href", "area": "href", "link": "href", "iframe": "src", "frame": "src", "embed": "src", "object": "data", "script": "src", "source": "src", "img": "src",
}

// links gives the addresses in an HTML page, made absolute, without fragments.
func links(base *url.URL, body []byte) []*url.URL {
	var out []*url.URL
	z := html.NewTokenizer(bytes.NewReader(body))
	z.SetMaxBuf(1 << 20)
	for len(out) < maxLinks {
		switch z.Next() {
		case html.ErrorToken:
			return out
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := string(name)
			for more {
				var key, value []byte
				key, value, more = z.TagAttr()
				switch {
				case tag == "base" && string(key) == "href":
					// A long one, times all links, would fill the memory.
					if u, err := base.Parse(string(value)); err == nil && len(value) <= maxURL {
						base = u
					}
				case linkAttributes[tag] == string(key):
					if u := clean(base, string(value)); u != nil {
						out = append(out, u)
					}
				}
			}
		}
	}
	return out
}

// clean makes an address absolute and drops what does not change the answer.
func clean(base *url.URL, ref string) *url.URL {
	if len(ref) > maxURL {
		return nil
	}
	u, err := base.Parse(strings.TrimSpace(ref))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil
	}
	u.Fragment, u.RawFragment = "", ""
	u.Host = strings.ToLower(u.Host)
	if u.Path == "" {
		u.Path = "/"
	}
	return u
}

// sitemap gives the pages and the further sitemaps that a sitemap lists
// (sitemaps.org 0.9), or the addresses of a plain list.
func sitemap(base *url.URL, body []byte) (pages, maps []*url.URL) {
	trimmed := bytes.TrimSpace(body)
	if !bytes.HasPrefix(trimmed, []byte("<")) {
		for line := range strings.Lines(string(trimmed)) {
			if u := clean(base, line); u != nil && strings.HasPrefix(strings.TrimSpace(line), "http") && len(pages) < maxLinks {
				pages = append(pages, u)
			}
		}
		return pages, nil
	}
	dec := xml.NewDecoder(bytes.NewReader(body))
	dec.Strict = false
	dec.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	parent, inLoc := "", false
	for len(pages)+len(maps) < 10*maxLinks {
		tok, err := dec.RawToken()
		if err != nil {
			return pages, maps
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			switch tok.Name.Local {
			case "url", "sitemap":
				parent = tok.Name.Local
			}
			inLoc = tok.Name.Local == "loc"
		case xml.EndElement:
			inLoc = false
		case xml.CharData:
			if u := clean(base, string(tok)); inLoc && u != nil {
				if parent == "sitemap" {
					maps = append(maps, u)
				} else {
					pages = append(pages, u)
				}
			}
		}
	}
	return pages, maps
}
