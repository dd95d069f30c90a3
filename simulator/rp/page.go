package rp

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"

	"golang.org/x/text/language"
)

//go:embed page.html
var pageSource string

// page is what the templates know.
type page struct {
	Lang   string
	Port   string // the agent's
	CSRF   string // empty where there is nothing to ask
	Report *Report
}

// T is a text in the page's language.
func (p page) T(th, en string) string {
	if p.Lang == "en" {
		return en
	}
	return th
}

// Other is the language that the page is not in.
func (p page) Other() string { return p.T("en", "th") }

// Mark shows a step's state to those who see no colours.
func (p page) Mark(state string) string {
	switch state {
	case StepPassed:
		return p.T("ผ่าน:", "passed:")
	case StepRefused:
		return p.T("ไม่ผ่าน:", "refused:")
	}
	return p.T("ยังไม่ได้ตรวจ:", "not reached:")
}

// showPage shows the form and the buttons, in a session.
func (s *Site) showPage(w http.ResponseWriter, r *http.Request) {
	current := s.sessionOf(r)
	if current == nil {
		current = s.sessions.begin()
		http.SetCookie(w, s.cookie(current.id))
	}
	s.show(w, r, current, http.StatusOK, "page", page{CSRF: current.csrf})
}

// show answers with a template, or with nothing of it.
func (s *Site) show(w http.ResponseWriter, r *http.Request, current *session, status int, name string, p page) {
	p.Port, p.Lang = s.port, s.languageOf(r, current)
	templates, err := template.New("").Parse(pageSource)
	if err != nil {
		s.fail(w, err)
		return
	}
	var out bytes.Buffer
	if err := templates.ExecuteTemplate(&out, name, p); err != nil {
		s.fail(w, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(out.Bytes()) // who hung up needs none
}

// languageOf is what the address says, else what an earlier one of the session
// said, else what the browser prefers, else Thai.
func (s *Site) languageOf(r *http.Request, current *session) string {
	asked := r.URL.Query().Get("lang")
	if asked != "th" && asked != "en" {
		asked = ""
	}
	if lang := s.sessions.speak(current, asked); lang != "" {
		return lang
	}
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil {
		return "th"
	}
	_, index, _ := language.NewMatcher([]language.Tag{language.Thai, language.English}).Match(tags...)
	return []string{"th", "en"}[index]
}
