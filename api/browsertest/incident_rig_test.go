//go:build !race

package browsertest

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/apitest"
	"chipproof/api/console"
	"chipproof/api/office"
	"chipproof/breach"
	"chipproof/breach/letters"
	"chipproof/breach/reading"
	"chipproof/exposure"
	"chipproof/mfa"
	storeoffice "chipproof/store/office"
)

// bureau is a whole register of incidents on loopback, with an officer who is
// enrolled and not logged in.
type bureau struct {
	*agent
	rows *storeoffice.Incidents
	dpo  *apitest.Person
}

func newBureau(t testing.TB) *bureau {
	t.Helper()
	o := apitest.New(t)
	o.Clock.Run()
	u := &bureau{agent: &agent{t: t, office: o}}
	key, err := exposure.NewKey(rand.Reader)
	require.NoError(t, err)
	scanner, err := exposure.NewScanner(exposure.Options{Key: key, Now: o.Clock.Now})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, scanner.Close()) })
	reader := reading.New(scanner)
	u.rows = storeoffice.NewIncidents(o.Store, o.Log, storeoffice.IncidentOptions{Reader: reader, Clock: o.Clock.Now})
	incidents, err := office.NewIncidents(office.IncidentOptions{
		Rows: u.rows, Acts: u.rows, Proposals: u.rows, Reader: reader, Now: o.Clock.Now,
		Letters: func(context.Context) (letters.Maker, error) {
			templates, err := letters.Shipped()
			return letters.Maker{Templates: templates, Agency: letters.Agency{Name: "ที่ว่าการอำเภอตัวอย่าง", Prefix: "ตย 0101/", Unit: "กลุ่มงานทดสอบ"}}, err
		},
	})
	require.NoError(t, err)
	listeners, err := api.Listen(t.Context(), "localhost:0")
	require.NoError(t, err)
	u.url = listeners.URL()
	logins := api.NewLogins(o.MFA, o.Cookie())
	server, err := api.NewServer(api.Options{
		Title: office.Title, Version: office.Version, Problems: office.Problems(), Gates: office.Gates(logins), Now: o.Clock.Now,
		Rules: api.OriginRules{Mode: api.Test, Ports: listeners.Ports()}, Limits: api.Limits{Rate: 1 << 20, Logins: 1 << 20},
	})
	require.NoError(t, err)
	parts := office.Office{Incidents: incidents}
	office.Mount(server, parts)
	api.RegisterLogins(server, logins)
	api.RegisterClock(server, logins, nil)
	pages, err := console.New(console.Options{Mode: api.Production, Parts: []console.Part{console.Common(), office.Pages(parts)}})
	require.NoError(t, err)
	pages.Register(server)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { assert.NoError(t, server.Serve(ctx, listeners)) })
	t.Cleanup(func() { cancel(); running.Wait() })
	u.dpo = o.Enrolled("wanida", mfa.RoleDPO)
	return u
}

// known is an incident that we knew of at that moment, in step 2.
func (u *bureau) known(title string) breach.Case {
	u.t.Helper()
	at, by := breach.At(u.office.Clock.Now()), breach.Actor{ID: "u-1"}
	c, err := u.rows.Open(u.t.Context(), by, breach.Reported{Title: title, Role: breach.RoleController, Source: breach.FromScanner, ReportedAt: at},
		breach.Aware{AwareAt: at}, breach.Credibility{Verdict: breach.Credible, Reason: "เปิดไฟล์ได้จริง"})
	require.NoError(u.t, err)
	return c
}

// typist works a page with the keyboard alone.
type typist struct{ *browser }

// to goes on with Tab until what has the focus is what a selector says.
func (k typist) to(selector string) {
	k.t.Helper()
	for range 400 {
		if eval[bool](k.browser, fmt.Sprintf("Boolean(document.activeElement?.matches(%q))", selector)) {
			return
		}
		k.press(kb.Tab)
	}
	k.shot("failed-" + k.t.Name())
	k.t.Fatalf("no way to %s by keyboard; the page says: %s", selector, k.text())
}

func (k typist) types(selector, text string) {
	k.t.Helper()
	k.to(selector)
	k.press(kb.End)
	k.do(chromedp.ActionFunc(insertText(text)))
}

func (k typist) presses(selector, key string) {
	k.t.Helper()
	k.to(selector)
	k.press(key)
}

// entry is how a field is filled in.
type entry struct {
	name string
	how  func(k typist, field string)
}

func says(name, text string) entry {
	return entry{name, func(k typist, field string) { k.types(field+" :is(input, textarea)", text) }}
}

// picks goes to a group of radio buttons and presses a key, some times.
func picks(name, key string, times int) entry {
	return entry{name, func(k typist, field string) {
		k.to(field + " input[type=radio]")
		for range times {
			k.press(key)
		}
	}}
}

func first(name string) entry { return picks(name, " ", 1) }
func last(name string) entry  { return picks(name, kb.ArrowUp, 1) }
func selects(name string, n int) entry {
	return entry{name, func(k typist, field string) {
		k.to(field + " select")
		for range n {
			k.press(kb.ArrowDown)
		}
	}}
}

// ticks marks the n-th of several.
func ticks(name string, n int) entry {
	return entry{name, func(k typist, field string) {
		k.presses(fmt.Sprintf("%s label:nth-of-type(%d) input[type=checkbox]", field, n), " ")
	}}
}

// in is a moment some days ahead, typed as a Thai officer does.
func in(name string, at time.Time) entry {
	return entry{name, func(k typist, field string) {
		at := at.In(breach.Bangkok())
		k.types(field+" .day", fmt.Sprint(at.Day()))
		k.to(field + " .month")
		for range int(at.Month()) {
			k.press(kb.ArrowDown)
		}
		k.types(field+" .year", thai(fmt.Sprint(at.Year()+543)))
		k.types(field+" .time", at.Format("15.04"))
	}}
}

// form opens a form by its button, fills it in and saves it.
func (k typist) form(id string, entries ...entry) {
	k.t.Helper()
	k.presses(fmt.Sprintf(`[data-opens=%q]`, id), enter)
	k.fillIn(id, entries...)
}

func (k typist) fillIn(id string, entries ...entry) {
	k.t.Helper()
	k.when(fmt.Sprintf(`document.querySelector('form.event[data-form=%q]')`, id))
	before := eval[int](k.browser, "document.querySelectorAll('#story li').length")
	for _, e := range entries {
		e.how(k, fmt.Sprintf(`form.event [data-name=%q]`, e.name))
	}
	k.presses("form.event button[type=submit]", enter)
	k.when(fmt.Sprintf(`document.querySelectorAll('#story li').length > %d || document.querySelector('form.event .note.bad') || document.querySelector('form.event .error:not([hidden])')`, before))
	problem := eval[string](k.browser, `[...document.querySelectorAll('form.event .note.bad, form.event .error:not([hidden])')].map((e) => e.closest('.field')?.dataset.name + ': ' + e.textContent).join(' | ')`)
	if problem != "" {
		k.shot("failed-" + k.t.Name())
		k.t.Fatalf("%s: %s", id, problem)
	}
}
