package console

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"chipproof/api"
	"chipproof/mfa"
)

// Options make a [Site].
type Options struct {
	// Parts are the packages that have pages. The first one has the layout:
	// [Common].
	Parts []Part
	// Mode is shown on every page when it is test mode.
	Mode api.Mode
}

// Site is every page and file of a program, ready to be registered.
type Site struct {
	texts  *texts
	mode   api.Mode
	pages  []Page
	bodies map[api.Lang]map[string]*template.Template // by language and path
	files  map[string]file                            // by name
	styles []string
	desk   bool
	// scripts are what every page loads besides its own.
	scripts []string
}

// file is a static file.
type file struct {
	content []byte
	media   string
}

// errSite is for parts that do not fit together.
var errSite = errors.New("parts of the site do not fit")

// New puts the parts together and renders every page once, so that a program with
// a broken page does not start.
func New(o Options) (*Site, error) {
	if len(o.Parts) == 0 {
		return nil, fmt.Errorf("make console: %w: there are none", errSite)
	}
	var lists [][]Message
	for _, p := range o.Parts {
		lists = append(lists, p.Messages)
	}
	all, err := newTexts(lists...)
	if err != nil {
		return nil, err
	}
	s := &Site{texts: all, mode: o.Mode, files: map[string]file{}, bodies: map[api.Lang]map[string]*template.Template{}}
	for _, lang := range []api.Lang{api.Thai, api.English} {
		s.files["texts."+string(lang)+".js"] = file{all.module(lang), mediaType("x.js")}
		s.bodies[lang] = map[string]*template.Template{}
	}
	// The program's own pages stand before those that both have.
	for _, p := range slices.Concat(o.Parts[1:], o.Parts[:1]) {
		s.desk = s.desk || p.Desk
		s.styles = append(s.styles, p.Styles...)
		s.scripts = append(s.scripts, p.Scripts...)
		if err := errors.Join(s.addFiles(p), s.addPages(o.Parts[0], p)); err != nil {
			return nil, fmt.Errorf("make console: %w", err)
		}
	}
	for _, p := range s.pages {
		for _, lang := range []api.Lang{api.Thai, api.English} {
			if _, err := s.render(p, lang, "", p.Path); err != nil {
				return nil, fmt.Errorf("make console: %w", err)
			}
		}
		for _, script := range append([]string{p.Script}, s.scripts...) {
			if _, there := s.files[script]; !there {
				return nil, fmt.Errorf("make console: %w: %s loads %q", errSite, p.Path, script)
			}
		}
	}
	return s, nil
}

func (s *Site) addFiles(p Part) error {
	entries, err := fs.ReadDir(p.Static, ".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		content, err := fs.ReadFile(p.Static, e.Name())
		if err != nil {
			return err
		}
		if _, twice := s.files[e.Name()]; twice {
			return fmt.Errorf("%w: %s is there twice", errSite, e.Name())
		}
		s.files[e.Name()] = file{content, mediaType(e.Name())}
	}
	return nil
}

// mediaType does not ask the system, whose answer differs from machine to machine.
func mediaType(name string) string {
	types := map[string]string{
		".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
		".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8",
	}
	if known, ok := types[path.Ext(name)]; ok {
		return known
	}
	return mime.TypeByExtension(path.Ext(name))
}

func (s *Site) addPages(common, p Part) error {
	for _, page := range p.Pages {
		for lang, bodies := range s.bodies {
			layout, err := template.New("layout.html").Funcs(template.FuncMap{
				"t": func(key string, args ...string) (string, error) { return s.texts.say(lang, key, args...) },
			}).ParseFS(common.Templates, "layout.html", "door.html")
			if err != nil {
				return err
			}
			if bodies[page.Path], err = layout.ParseFS(p.Templates, append([]string{page.Template + ".html"}, p.Shared...)...); err != nil {
				return err
			}
		}
		s.pages = append(s.pages, page)
	}
	return nil
}

// view is what a template sees. Here is the address that was asked for; Path is the
// page's own, which may stand for many (/scans/{id}).
type view struct {
	Lang, Other   api.Lang
	Title, Path   string
	Here          string
	Script        string
	Test, Desk    bool
	Chosen        string // "?lang=th" where a person chose, else ""
	Front, Office []Page
	Styles        []string
	Scripts       []string
	Data          any
}

func (s *Site) render(p Page, lang api.Lang, chosen, here string) ([]byte, error) {
	v := view{
		Lang: lang, Other: other(lang), Title: p.Title, Path: p.Path, Here: here, Script: p.Script, Test: s.mode == api.Test, Desk: s.desk, Chosen: chosen, Styles: s.styles, Scripts: s.scripts, Data: p.Data,
	}
	for _, page := range s.pages {
		switch page.Menu {
		case Front:
			v.Front = append(v.Front, page)
		case Office:
			v.Office = append(v.Office, page)
		}
	}
	var b bytes.Buffer
	if err := s.bodies[lang][p.Path].Execute(&b, v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// OfficeRoles are who is shown anything below "administration", for the script.
func (v view) OfficeRoles() string {
	var roles []mfa.Role
	for _, p := range v.Office {
		if len(p.Roles) == 0 {
			return ""
		}
		roles = append(roles, p.Roles...)
	}
	return Page{Roles: roles}.RoleNames()
}

// RoleNames are who is shown a page in the menu, for the script.
func (p Page) RoleNames() string {
	var names []string
	for _, r := range p.Roles {
		names = append(names, string(r))
	}
	return strings.Join(names, " ")
}

func other(lang api.Lang) api.Lang {
	if lang == api.English {
		return api.Thai
	}
	return api.English
}

// Register puts pages and files into a server, before it serves.
func (s *Site) Register(server *api.Server) {
	for _, p := range s.pages {
		api.HandlePage(server, api.Route{Method: http.MethodGet, Path: p.Path, Class: api.Open, Kind: api.Shell}, s.servePage(p))
	}
	for name, f := range s.files {
		api.HandlePage(server, api.Route{Method: http.MethodGet, Path: "/static/" + name, Class: api.Open, Kind: api.Static},
			func(w http.ResponseWriter, _ *http.Request) { answer(w, f.media, f.content) })
	}
}

func (s *Site) servePage(p Page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		lang, chosen := languageOf(r)
		var targets []string
		if p.FormTargets != nil {
			var err error
			if targets, err = p.FormTargets(r.Context()); err != nil {
				// A page whose last step would be blocked is worse than none.
				http.Error(w, "500", http.StatusInternalServerError)
				return
			}
		}
		page, err := s.render(p, lang, chosen, r.URL.Path)
		if err != nil {
			http.Error(w, "500", http.StatusInternalServerError)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", policy(targets))
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Content-Language", string(lang))
		answer(w, "text/html; charset=utf-8", page)
	}
}

// languageOf is the language of a page: as the person chose, else as the browser says.
func languageOf(r *http.Request) (lang api.Lang, chosen string) {
	asked := api.Lang(r.URL.Query().Get("lang"))
	if slices.Contains([]api.Lang{api.Thai, api.English}, asked) {
		return asked, "?lang=" + string(asked)
	}
	return api.LangOf(r.Header.Get("Accept-Language")), ""
}

// policy is the Content-Security-Policy of pages: our own files, and nothing that
// stands in the page itself (agent-security §5, R1).
func policy(targets []string) string {
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'",
		strings.Join(append([]string{"form-action 'self'"}, targets...), " "), "frame-ancestors 'none'", "base-uri 'none'",
	}, "; ")
}

func answer(w http.ResponseWriter, media string, content []byte) {
	w.Header().Set("Content-Type", media)
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(content)
}
