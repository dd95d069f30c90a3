//go:build !race

package browsertest

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/require"

	"chipproof/api/apitest"
)

// login goes through the door as a person does, and waits for the page behind it.
func (b *browser) login(p *apitest.Person, code string) {
	b.t.Helper()
	b.fill("#username", p.Name)
	b.fill("#password", p.Password+enter)
	b.fill("#code", code+enter)
	b.when(`!document.querySelector('#page').hidden && document.querySelector('#door').hidden`)
}

// thai writes digits as a Thai keyboard does.
func thai(code string) string {
	return strings.Map(func(r rune) rune { return r - '0' + '๐' }, code)
}

// enters opens a page and logs in with the app's next code.
func (b *browser) enters(path string, p *apitest.Person) {
	b.t.Helper()
	b.open(path)
	b.login(p, p.Code())
}

// fresh gives the step-up that an act asks for, with a backup code, which needs no
// waiting for the app.
func (b *browser) fresh(p *apitest.Person) {
	b.t.Helper()
	require.NotEmpty(b.t, p.BackupCodes)
	code := p.BackupCodes[0]
	p.BackupCodes = p.BackupCodes[1:]
	b.when(`document.querySelector('#stepup').open`)
	b.click("#stepup-other")
	b.fill("#stepup-code", code+enter)
	b.when(`!document.querySelector('#stepup').open`)
}

// holds says that a script's condition is true now.
func (b *browser) holds(condition, why string) {
	b.t.Helper()
	require.True(b.t, eval[bool](b, fmt.Sprintf("Boolean(%s)", condition)), why)
}
