//go:build !race

package browsertest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/api/apitest"
	"chipproof/api/console"
	"chipproof/api/office"
	"chipproof/exposure"
	"chipproof/exposure/job"
	"chipproof/exposure/report"
	"chipproof/mfa"
)

// townhall is a whole chipproof-office on loopback, with one person of each role, and
// a web site of the agency's that exposes somebody.
type townhall struct {
	*agent
	data              *apitest.Agency
	dpo, admin, owner *apitest.Person
	site              *town
}

// town is the agency's site. What it serves under an address can be changed.
type town struct {
	*httptest.Server
	mu    sync.Mutex
	pages map[string]string
}

// exposing is a page with a table of synthetic people on it.
const exposing = `<!doctype html><html lang="th"><title>ผู้มีสิทธิ</title><h1>รายชื่อผู้มีสิทธิรับเบี้ย</h1><table>
<tr><th>ชื่อ-สกุล<th>เลขประจำตัวประชาชน<th>โทรศัพท์</tr>
<tr><td>นายสมชาย ใจดี<td>1101700230708<td>081-234-5678</tr>
<tr><td>นางสาวมาลี รักไทย<td>8123456789011<td>089-876-5432</tr></table></html>`

func newTown(t testing.TB) *town {
	t.Helper()
	s := &town{pages: map[string]string{
		"/":          `<!doctype html><html lang="th"><title>เทศบาล</title><a href="/list.html">ประกาศ</a> <a href="/about.html">เกี่ยวกับเรา</a></html>`,
		"/list.html": exposing, "/about.html": `<!doctype html><html lang="th"><p>เทศบาลตำบลบ้านลาด</p></html>`,
		"/sitemap.xml": `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>SITE/list.html</loc></url></urlset>`,
	}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		page, there := s.pages[r.URL.Path]
		s.mu.Unlock()
		if !there {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path == "/sitemap.xml" {
			w.Header().Set("Content-Type", "application/xml")
		}
		_, _ = io.WriteString(w, page)
	}))
	t.Cleanup(s.Close)
	s.pages["/sitemap.xml"] = fmt.Sprintf(`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>%s/list.html</loc></url></urlset>`, s.URL)
	return s
}

// clean takes the list away, and its entry in the sitemap.
func (s *town) clean() {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.pages, "/list.html")
	s.pages["/sitemap.xml"] = fmt.Sprintf(`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>%s/about.html</loc></url></urlset>`, s.URL)
}

// scope is what the site's owner allows.
func (s *town) scope(t testing.TB) string {
	u, err := url.Parse(s.URL)
	require.NoError(t, err)
	return fmt.Sprintf("# chipproof scope\nowner: เทศบาลตำบลบ้านลาด\ncontact: dpo@banlat.go.th\nexpires: %s\nhost: %s\nallow-private: 127.0.0.0/8\n",
		time.Now().AddDate(0, 1, 0).Format(time.DateOnly), u.Host)
}

func newTownhall(t testing.TB) *townhall {
	t.Helper()
	data := apitest.NewAgency(t)
	data.Clock.Run()
	b := &townhall{agent: &agent{t: t, office: data.Office}, data: data, site: newTown(t)}
	b.dpo, b.admin, b.owner = data.Enrolled("wanida", mfa.RoleDPO), data.Enrolled("prasit", mfa.RoleAdmin), data.Enrolled("malee", mfa.RoleStaff)
	listeners, err := api.Listen(t.Context(), "localhost:0")
	require.NoError(t, err)
	b.url = listeners.URL()
	exposures, err := office.NewExposures(office.ExposureOptions{
		Scans: data.Scans, Files: data.Scans, Findings: data.Scans, Trend: data.Scans, Tasks: data.Tasks, TaskActs: data.Tasks, Assets: data.Assets,
		Imports: data.Scans, Runs: data.Manager, Key: data.Key, Now: data.Clock.Now, Letterhead: report.Letter{Agency: "เทศบาลตำบลบ้านลาด"},
		Owners: func(ctx context.Context) (list []office.Owner, err error) {
			accounts, err := data.MFA.Accounts(ctx, mfa.ByOS("0"))
			for _, a := range accounts {
				list = append(list, office.Owner{ID: a.ID, Name: a.Name, Role: string(a.Role)})
			}
			return list, err
		},
	})
	require.NoError(t, err)
	o := office.Office{Exposures: exposures}
	logins := api.NewLogins(data.MFA, data.Cookie())
	server, err := api.NewServer(api.Options{
		Title: office.Title, Version: office.Version, Problems: office.Problems(), Gates: office.Gates(logins), Now: data.Clock.Now,
		Rules: api.OriginRules{Mode: api.Production, Ports: listeners.Ports()}, Log: slog.New(slog.DiscardHandler),
		Limits: api.Limits{Rate: 1 << 20, Logins: 1 << 20},
	})
	require.NoError(t, err)
	site, err := console.New(console.Options{Mode: api.Production, Parts: []console.Part{console.Common(), office.Pages(o)}})
	require.NoError(t, err)
	office.Mount(server, o)
	api.RegisterLogins(server, logins)
	api.RegisterClock(server, logins, func(context.Context) []api.Doubt { return nil })
	api.RegisterUsers(server, logins)
	api.RegisterAudit(server, logins, auditOf{data.Office})
	api.RegisterKeys(server, func(context.Context) ([]api.KeyLine, error) { return nil, nil })
	site.Register(server)
	data.Run()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { assert.NoError(t, server.Serve(ctx, listeners)) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	return b
}

// leaves logs out, and waits until that is done.
func (b *browser) leaves() {
	b.t.Helper()
	b.click("#logout")
	b.when(`!document.querySelector('#door-password').hidden`)
}

// downloads has the browser keep what a page hands over in a folder.
func (b *browser) downloads() string {
	b.t.Helper()
	dir := b.t.TempDir()
	b.do(chromedp.ActionFunc(func(ctx context.Context) error {
		return cdpbrowser.SetDownloadBehavior(cdpbrowser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(dir).Do(ctx)
	}))
	return dir
}

// kept waits for a file that a page handed over.
func (b *browser) kept(dir, name string) string {
	b.t.Helper()
	var content []byte
	require.Eventually(b.t, func() (there bool) {
		var err error
		content, err = os.ReadFile(filepath.Join(dir, name))
		return err == nil && len(content) > 0
	}, patience, 50*time.Millisecond, name)
	return string(content)
}

// somebodyAt is in whose name a test acts below HTTP.
func somebodyAt(id string) job.Actor { return job.Actor{ID: id} }

// scanned scans the site below HTTP, and says which scan it was.
func (b *townhall) scanned() string {
	b.t.Helper()
	plan, err := job.ParsePlan(job.Asked{Targets: []string{b.site.URL}, Scope: []byte(b.site.scope(b.t))}, b.data.Clock.Now())
	require.NoError(b.t, err)
	scan, err := b.data.Manager.Start(b.t.Context(), somebodyAt("os:0"), plan)
	require.NoError(b.t, err)
	for range b.data.Manager.Follow(b.t.Context(), scan.ID) {
	}
	return scan.ID
}

// finding is the id of the worst one.
func (b *townhall) finding() string {
	b.t.Helper()
	found, err := b.data.Scans.Findings(b.t.Context(), job.Filter{})
	require.NoError(b.t, err)
	require.NotEmpty(b.t, found)
	return found[0].ID
}

func TestADPOTakesOneFindingFromScanToProvenTakedown(t *testing.T) {
	a := newTownhall(t)
	b := newBrowser(t, a.agent, "th")
	b.enters("/", a.dpo)
	b.see("ยังไม่เคยสแกน")
	b.shot("th-office-home-empty")

	// What is to be asked is shown before anything is.
	b.click("#home-scan")
	b.fill("#targets", a.site.URL)
	b.click("#check-plan")
	b.see("การสแกนเว็บไซต์ต้องมีขอบเขต")
	b.shot("th-office-scope-missing")
	b.fill("#scope", a.site.scope(t))
	b.click("#check-plan")
	b.when(`!document.querySelector('#checked').hidden`)
	host, err := url.Parse(a.site.URL)
	require.NoError(t, err)
	b.see("จะเรียกเฉพาะที่เหล่านี้")
	b.see(host.Host)
	b.shot("th-office-plan")
	b.accessible("plan")
	b.click("#start-scan")

	// It is followed, and ends with people first.
	b.when(`location.pathname.startsWith('/scans/s-')`)
	b.when(`!document.querySelector('#running').hidden || !document.querySelector('#outcome').hidden`)
	b.shot("th-office-running")
	b.see("ข้อมูลของ 2 คน")
	b.shot("th-office-outcome")
	first := eval[string](b, `location.pathname.split('/').at(-1)`)

	// Reports are taken away as files.
	dir := b.downloads()
	b.click(`[data-format=html]`)
	page := b.kept(dir, first+".html")
	assert.NotContains(t, page, "1101700230708")
	assert.NotContains(t, page, "สมชาย")

	// A finding becomes a task.
	b.click("#see-findings")
	b.when(`document.querySelector('#findings li')`)
	b.see("ข้อมูลของ 2 คน")
	b.unsee("1101700230708", "สมชาย")
	b.shot("th-office-findings")
	b.click("#findings li a")
	b.when(`!document.querySelector('#make-task').hidden`)
	b.shot("th-office-finding")
	b.do(chromedp.SetValue("#owner", eval[string](b, `[...document.querySelectorAll('#owner option')].find((o) => o.textContent.startsWith('malee')).value`), chromedp.ByQuery))
	b.click("#f-task [type=submit]")
	b.see("รอแก้ไข")
	b.shot("th-office-task")
	finding := eval[string](b, `location.pathname`)
	b.leaves()

	// Its owner takes the page away and says so.
	b.enters("/", a.owner)
	b.see("list.html")
	b.shot("th-office-home-owner")
	b.open("/tasks")
	b.see("list.html")
	a.site.clean()
	b.click(".claim")
	b.see("แจ้งว่าแก้แล้ว รอพิสูจน์")
	b.see("ยังไม่ได้สแกนซ้ำ")
	b.shot("th-office-claimed")
	b.accessible("claimed")
	b.leaves()

	// Only a scan proves it.
	b.enters(finding, a.dpo)
	b.see("สิ่งที่ยังขาดสำหรับการพิสูจน์")
	b.click("#prove")
	b.when(`location.pathname.startsWith('/scans/s-') && !location.pathname.endsWith('` + first + `')`)
	b.when(`!document.querySelector('#outcome').hidden`)
	b.see("ไม่พบข้อมูลของบุคคลใด")
	b.do(chromedp.SetValue("#baseline", first, chromedp.ByQuery), chromedp.Evaluate(`document.querySelector('#baseline').dispatchEvent(new Event('change'))`, nil))
	b.see("แก้ไขแล้ว")
	b.shot("th-office-compared")
	b.open(finding)
	b.see("พิสูจน์แล้วว่านำออก")
	b.shot("th-office-proven")
	b.open("/")
	b.see("ไม่มีรายการที่ค้างอยู่")
	b.shot("th-office-home-clean")
	b.holds(`localStorage.length === 0 && sessionStorage.length === 0`, "nothing is stored in the browser")
}

func TestEveryPageOfTheOfficeIsAccessibleInBothLanguagesAndEverySize(t *testing.T) {
	a := newTownhall(t)
	require.NoError(t, a.data.Assets.Save(t.Context(), somebodyAt("os:0"), []exposure.Asset{
		{Name: "เว็บไซต์หลัก", Owner: "สำนักปลัด", Targets: []string{a.site.Listener.Addr().String()}, Classes: []exposure.Class{"th_citizen_id", "th_name"}},
		{Name: "ระบบรับคำร้อง", Owner: "กองช่าง", Targets: []string{"request.banlat.go.th", "/srv/request"}, Processor: "บริษัทตัวอย่าง จำกัด"},
	}, a.data.Clock.Now()))
	a.scanned()
	a.data.Clock.Forward(48 * time.Hour) // so that there is a trend to be drawn
	scan := a.scanned()
	found := a.finding()
	for _, lang := range []string{"th", "en"} {
		t.Run(lang, func(t *testing.T) {
			b := newBrowser(t, a.agent, lang)
			b.open("/?lang=" + lang)
			b.login(a.dpo, a.dpo.Code())
			for _, page := range []struct{ name, path, shown string }{
				{"home", "/", "#severities li"},
				{"scans", "/scans", "#scans li"},
				{"scan", "/scans/" + scan, "#outcome:not([hidden])"},
				{"findings", "/findings", "#findings li a"},
				{"finding", "/findings/" + found, "#owner option + option"},
				{"tasks", "/tasks", "#open-tasks li, #no-open:not([hidden])"},
				{"assets", "/assets", "#coverage tr"},
			} {
				b.open(page.path + "?lang=" + lang)
				b.when(fmt.Sprintf(`document.querySelector(%q)`, page.shown))
				if page.name == "home" {
					b.do(chromedp.Evaluate(`document.querySelector('.trend-table').open = true`, nil))
				}
				b.everywhere(lang + "-office-" + page.name)
				if page.name == "scan" {
					b.do(chromedp.Evaluate(`for (const d of document.querySelectorAll('#page details')) d.open = true`, nil))
					b.everywhere(lang + "-office-letter")
				}
				if page.name == "assets" {
					b.click("#add-asset")
					b.everywhere(lang + "-office-asset")
				}
			}
			b.dark()
			for _, path := range []string{"/", "/findings", "/scans/" + scan} {
				b.open(path + "?lang=" + lang)
				b.when(`!document.querySelector('#page').hidden`)
				b.accessible(lang + " dark " + path)
			}
			b.shot(lang + "-office-dark")
			b.open("/?lang=" + lang)
			b.when(`document.querySelector('#severities li')`)
			b.shot(lang + "-office-dark-home")
			b.leaves()
			b.enters("/?lang="+lang, a.admin)
			b.when(`!document.querySelector('#home-admin').hidden`)
			b.everywhere(lang + "-office-home-admin")
		})
	}
}
