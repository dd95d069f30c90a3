//go:build !race

package browsertest

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// axeSource is axe-core, which .ci/axe fetches.
var axeSource = sync.OnceValues(func() (string, error) {
	path, err := exec.Command("../../.ci/axe").Output()
	if err != nil {
		return "", fmt.Errorf("run .ci/axe: %w", err)
	}
	source, err := os.ReadFile(strings.TrimSpace(string(path)))
	return string(source), err
})

// accessible says that axe-core finds nothing on the page as it is, by WCAG 2.2 A
// and AA and its best practices, and that nothing must be scrolled sideways.
func (b *browser) accessible(what string) {
	b.t.Helper()
	source, err := axeSource()
	require.NoError(b.t, err)
	eval[bool](b, source+"\n;true")
	found := eval[[]string](b, `axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations.flatMap((v) => v.nodes.map((n) =>
		v.id + ': ' + n.target.join(' ') + ' ' + n.html.slice(0, 160) + ' ' + (n.any[0] ? n.any[0].message : ''))))`)
	assert.Empty(b.t, found, what)
	wide := eval[int](b, `document.documentElement.scrollWidth - document.documentElement.clientWidth`)
	assert.LessOrEqual(b.t, wide, 0, "%s: it must be scrolled sideways", what)
}

// sizes are the windows in which every page must work: an office screen, the same
// at 200 % zoom, and a narrow one.
var sizes = []struct {
	name          string
	width, height int64
	scale         float64
}{{"wide", 1280, 900, 1}, {"zoom200", 640, 450, 2}, {"narrow", 360, 740, 1}}

// everywhere looks at the page in every size, and leaves the window wide.
func (b *browser) everywhere(name string) {
	b.t.Helper()
	for _, s := range sizes {
		b.size(s.width, s.height, s.scale)
		b.accessible(name + " " + s.name)
		b.shot(name + "-" + s.name)
	}
	b.size(1280, 900, 1)
}

func TestEveryPageIsAccessibleInBothLanguagesAndEverySize(t *testing.T) {
	a := newAgent(t)
	a.approve("https://app.example.go.th", "never")
	a.refused("https://xn--12cl1c8a2b.example.go.th")
	a.insert("default")
	for _, lang := range []string{"th", "en"} {
		t.Run(lang, func(t *testing.T) {
			b := newBrowser(t, a, lang)
			b.open("/enrol?lang=" + lang)
			b.when(`!document.querySelector('#page').hidden`)
			b.everywhere(lang + "-enrol")
			b.open("/?lang=" + lang)
			b.when(`!document.querySelector('#door-password').hidden`)
			b.everywhere(lang + "-door")
			b.fill("#username", a.admin.Name)
			b.fill("#password", a.admin.Password+enter)
			b.when(`!document.querySelector('#door-code').hidden`)
			b.everywhere(lang + "-code")
			b.fill("#code", a.admin.Code()+enter)
			b.when(`document.querySelector('#reader').dataset.state === 'present'`)
			b.everywhere(lang + "-counter")
			b.click("#read")
			b.when(`document.querySelector('.result')`)
			b.everywhere(lang + "-result")
			for path, shown := range map[string]string{
				"account": "#sessions li", "staff": "#users li", "origins": "#origins .exact", "keys": "#keys tr", "audit": "#entries li", "doctor": "#checks li",
			} {
				b.open("/" + path + "?lang=" + lang)
				b.when(fmt.Sprintf(`document.querySelector(%q)`, shown))
				b.everywhere(lang + "-" + path)
			}
			b.dark()
			for _, path := range []string{"", "origins", "doctor", "staff"} {
				b.open("/" + path + "?lang=" + lang)
				b.when(`!document.querySelector('#page').hidden`)
				b.accessible(lang + " dark " + path)
				b.shot(lang + "-dark-" + path)
			}
			b.click("#logout")
			b.when(`!document.querySelector('#door-password').hidden`)
			b.accessible(lang + " dark door")
		})
	}
}
