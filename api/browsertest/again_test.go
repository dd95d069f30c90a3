//go:build !race

package browsertest

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/proofing"
)

// reads asks for a plain read as a page of an origin does.
func (a *agent) reads(origin string) (status int, body string) {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), http.MethodPost, a.url+"/v1/reads", strings.NewReader(`{"purpose":"form_fill","fields":["sex"]}`))
	require.NoError(a.t, err)
	r.Header = http.Header{"Origin": {origin}, "Content-Type": {"application/json"}}
	res, err := http.DefaultClient.Do(r)
	require.NoError(a.t, err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	require.NoError(a.t, err)
	return res.StatusCode, string(b)
}

// read_already tells a page that the clerk's click gives it one more answer: here
// is that click.
func TestTheClerkGivesASiteOneMoreAnswerOfTheCardThatIsIn(t *testing.T) {
	const site = "https://app.example.go.th"
	a := newAgent(t)
	a.approve(site, proofing.AskNever)
	a.insert("default")
	b := newBrowser(t, a, "th")
	b.enters("/", a.clerk)
	b.see("มีบัตรในเครื่องอ่านแล้ว")
	status, _ := a.reads(site)
	require.Equal(t, 200, status)
	status, body := a.reads(site)
	require.Equal(t, 409, status, body)
	b.see("เว็บไซต์ขออ่านบัตรใบนี้อีกครั้ง")
	b.see(site)
	b.everywhere("th-again")
	b.click("#approvals .yes")
	b.see("ให้อ่านได้อีกครั้งแล้ว")
	status, body = a.reads(site)
	assert.Equal(t, 200, status, body)

	status, _ = a.reads(site)
	require.Equal(t, 409, status, "once")
	b.when(`document.querySelector('#approvals .yes')`)
	a.remove()
	b.when(`!document.querySelector('#approvals .yes')`)
}
