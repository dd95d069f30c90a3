//go:build !race

package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/mfa"
)

func TestAnOfficerTakesAnIncidentFromIntakeToClosingInThaiByKeyboard(t *testing.T) {
	u := newBureau(t)
	b := newBrowser(t, u.agent, "th")
	k := typist{b}
	b.open("/incidents/new")
	b.when(`!document.querySelector('#door-password').hidden`)
	k.types("#username", u.dpo.Name)
	k.types("#password", u.dpo.Password)
	b.press(enter)
	k.types("#code", u.dpo.Code())
	b.press(enter)
	b.when(`document.querySelector('form.event')`)
	b.accessible("intake")
	b.shot("th-incident-intake")
	k.types(`[data-name=title] input`, "ไฟล์รายชื่อผู้รับเบี้ยยังชีพเปิดได้จากอินเทอร์เน็ต")
	k.presses("form.event button[type=submit]", enter)
	b.see("รับแจ้งแล้ว เลขเรื่อง b-")
	b.accessible("reported")
	k.presses("#go", enter)
	b.when(`document.querySelector('[data-opens=credibility]')`)
	id := strings.TrimSpace(eval[string](b, "document.querySelector('#number').textContent"))
	b.shot("th-incident-new")

	k.form("credibility", first("verdict"), says("reason", "เปิดลิงก์แล้วเห็นไฟล์จริง"))
	k.form("aware", says("basis", "เจ้าหน้าที่เปิดไฟล์ได้เอง"))
	unknown := func(area breach.Area) (all []entry) {
		for _, item := range area.Items() {
			all = append(all, last(item))
		}
		return all
	}
	k.form("checklist_organisational", unknown(breach.Organisational)...)
	k.form("checklist_technical", append(unknown(breach.Technical), picks("unintelligible", " ", 1), last("key_lost"))...)
	k.form("checklist_physical", unknown(breach.Physical)...)
	k.form("fact", says("source", "บันทึกของเซิร์ฟเวอร์"), says("text", "ไฟล์ถูกเปิดจากภายนอก 12 ครั้ง"))
	k.form("nature", says("description", "ไฟล์รายชื่อเปิดได้โดยไม่ต้องเข้าสู่ระบบ"), ticks("labels", 1), ticks("effects", 6), ticks("causes", 7),
		says("data", "ชื่อและที่อยู่"), says("subjects", "ผู้รับเบี้ยยังชีพ"),
		entry{"people", func(k typist, field string) {
			k.presses(field+" input[type=radio]", " ")
			k.types(field+" .number", thai("2"))
		}}, last("records"),
		says("consequences", "อาจถูกแอบอ้าง"))
	k.form("established", first("verdict"), says("reason", "ตรวจแล้วเปิดได้โดยไม่ต้องเข้าสู่ระบบ"))

	k.form("action_started", first("aim"), last("means"), says("text", "นำไฟล์ออกจากเว็บไซต์"))
	k.form("action_finished")
	k.form("contained", first("result"), says("text", "เปิดไม่ได้แล้ว"))

	b.when(`document.querySelector('[data-opens=assessed]')`)
	assessment := []entry{}
	for _, factor := range []string{"breach", "data", "people", "severity", "wide_effect", "storage", "controller"} {
		assessment = append(assessment, says("factors."+factor, "พิจารณาแล้ว"))
	}
	k.form("assessed", append(assessment, first("severity.context"), selects("severity.adjust", 1), last("severity.identification"), first("severity.confidentiality"),
		first("severity.integrity"), first("severity.availability"), first("severity.malicious"),
		entry{"risk", func(k typist, field string) {
			b.when(`document.querySelector('.figure').textContent.includes('คะแนน ENISA: 1 ')`)
			k.presses(field+" input[type=radio]", kb.ArrowUp) // from the first to the last
		}}, says("reason", "มีผู้เปิดไฟล์แล้ว"))...)
	k.form("contact", says("name", "เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล"), says("phone", "0 2000 0000"))
	b.shot("th-incident-assessed")
	b.accessible("assessed")

	// The notice is looked at before it is sent.
	k.presses("#doc-preview", enter)
	b.when(`!document.querySelector('#preview').hidden && document.querySelector('#sheet').shadowRoot.textContent.includes('แจ้งเหตุการละเมิดข้อมูลส่วนบุคคล')`)
	b.accessible("preview")
	b.shot("th-incident-preview")
	k.presses("#doc-attach", enter)
	k.fillIn("document_attached")
	k.form("office_notified", says("channel", "ระบบแจ้งเหตุของสำนักงาน"))
	k.form("office_receipt", says("receipt.reference", "รับ ๑๒๓/๒๕๖๙"),
		entry{"receipt.received_at", func(k typist, field string) { k.presses(field+" .present", enter) }})
	b.see("แจ้งสำนักงานทันเวลา")

	k.form("subjects_prepared", says("nature", "ไฟล์รายชื่อเปิดได้จากอินเทอร์เน็ต"), says("effects", "อาจมีผู้แอบอ้าง"), says("remedies", "หน่วยงานช่วยแจ้งความ"),
		says("measures", "นำไฟล์ออกแล้ว"), says("advice", "อย่าให้รหัสทางโทรศัพท์"))
	file := filepath.Join(t.TempDir(), "list.csv")
	require.NoError(t, os.WriteFile(file, []byte("ชื่อ-สกุล,ที่อยู่\nนางปลูกไว้ หนึ่ง,1 หมู่ 1\nนายปลูกไว้ สอง,2 หมู่ 1\n"), 0o600))
	b.do(chromedp.SetUploadFiles("#merge-file", []string{file}, chromedp.ByQuery)) // the system's own window comes between
	k.presses(`#f-merge button[value=html]`, enter)
	b.see("ได้หนังสือ 2 ฉบับ จาก 2 แถว")
	b.holds(`document.querySelector('#pile').shadowRoot.textContent.includes('นางปลูกไว้ หนึ่ง')`, "the letters are there to be printed")
	b.accessible("letters")
	assert.NotEmpty(t, k.printing("#merge-print"))
	k.presses("#merge-record", enter)
	b.when(`document.querySelector('#lists').textContent.includes('ส่งแล้ว 2')`)
	b.holds(`!document.querySelector('#pile').shadowRoot.textContent.includes('นางปลูกไว้')`, "and gone")
	assert.NotContains(t, u.office.Files(), "ปลูกไว้")

	k.form("recovered", says("state", "เว็บไซต์ใช้งานได้ตามปกติ ไม่มีไฟล์"))
	k.form("task_set", says("owner", "งานเทคโนโลยีสารสนเทศ"), says("text", "สแกนเว็บไซต์ทุกเดือน"), in("due_at", time.Now().Add(5*24*time.Hour)))
	k.form("task_done")
	k.form("task_checked", first("effective"), says("how", "ทดลองสแกนแล้วไม่พบ"))
	review := []entry{}
	for _, heading := range []string{"technology", "context", "environment", "standards", "purpose", "resources", "feasibility"} {
		review = append(review, says(heading, "เหมาะสมแล้ว"))
	}
	k.form("reviewed", review...)
	b.see("ไม่มีหน้าที่ค้าง ปิดเรื่องได้")
	k.form("closed", says("summary", "ดำเนินการครบห้าขั้นตอน"))
	b.see("เรื่องนี้ปิดแล้ว")
	b.everywhere("th-incident-closed")
	c, err := u.rows.One(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, breach.StateClosed, c.State())
	assert.Equal(t, breach.TimingInTime, c.Timing())
}

// printing has the page print, and says what went to paper.
func (k typist) printing(button string) string {
	k.t.Helper()
	eval[bool](k.browser, `(() => { window.print = () => { window.printed = [...document.querySelectorAll('.print-root')].map((e) => e.id).join(); window.dispatchEvent(new Event('afterprint')); }; return true; })()`)
	k.presses(button, enter)
	return eval[string](k.browser, "window.printed")
}

// The clocks as they stand one minute before 72 hours, one after, and at 15 days.
func TestTheTimelineSaysHowTheClocksStand(t *testing.T) {
	u := newBureau(t)
	c := u.known("ไฟล์รายชื่อเปิดได้จากอินเทอร์เน็ต")
	known := c.AwareAt.Time()
	look := func(name string, after time.Duration, sees ...string) {
		t.Run(name, func(t *testing.T) {
			u.office.Clock.Forward(known.Add(after).Sub(u.office.Clock.Now()))
			b := newBrowser(t, u.agent, "th")
			b.enters("/incidents/"+c.ID, u.dpo) // the code may have taken half a minute
			u.office.Clock.Forward(known.Add(after).Sub(u.office.Clock.Now()))
			b.open("/incidents/" + c.ID)
			b.when(`document.querySelector('#timeline svg') && document.querySelector('#banner-due')`)
			for _, text := range sees {
				b.see(text)
			}
			b.everywhere("th-timeline-" + name)
			b.dark()
			b.open("/incidents/" + c.ID)
			b.when(`document.querySelector('#timeline svg') && document.querySelector('#banner-due')`)
			b.accessible(name + " dark")
			b.shot("th-timeline-" + name + "-dark")
		})
	}
	look("71h59m", 71*time.Hour+59*time.Minute, "แจ้งสำนักงาน (สคส.) ภายใน 72 ชั่วโมง", "ใกล้ครบกำหนด", "วินาที")
	look("72h01m", 72*time.Hour+time.Minute, "เกินกำหนด", "ชี้แจงเหตุที่แจ้งล่าช้า ภายใน 15 วัน", "เกินมา 1 นาที", "เหลือ 11 วัน 23 ชั่วโมง")
	look("15d", 15*24*time.Hour, "เกินมา 12 วัน", "เกินกำหนด", "ชี้แจงเหตุที่แจ้งล่าช้า ภายใน 15 วัน")
}

func TestTheListShowsProposalsAndEachIncidentsNextDeadline(t *testing.T) {
	u := newBureau(t)
	u.known("ไฟล์รายชื่อเปิดได้จากอินเทอร์เน็ต")
	_, err := u.rows.ProposeFromAudit(t.Context(), 2, "7-9")
	require.NoError(t, err)
	_, err = u.rows.ProposeFromRefusals(t.Context(), "https://other.example.go.th", 500, u.office.Clock.Now(), u.office.Clock.Now())
	require.NoError(t, err)
	for _, lang := range []string{"th", "en"} {
		t.Run(lang, func(t *testing.T) {
			b := newBrowser(t, u.agent, lang)
			b.enters("/incidents?lang="+lang, u.dpo)
			b.when(`document.querySelectorAll('#open li').length === 1 && document.querySelectorAll('#proposals > li').length === 2`)
			b.everywhere(lang + "-incidents")
			b.open("/incidents/new?lang=" + lang)
			b.when(`document.querySelector('form.event')`)
			b.everywhere(lang + "-incident-new")
			b.open("/incidents?lang=" + lang)
			b.click("#open li a")
			b.when(`document.querySelector('#timeline svg')`)
			b.everywhere(lang + "-incident")
		})
	}
	b := newBrowser(t, u.agent, "th")
	k := typist{b}
	b.enters("/incidents", u.dpo)
	b.when(`document.querySelector('.dismiss')`)
	k.presses("#proposals > li:first-child .dismiss", enter)
	k.press(enter) // without a reason
	b.see("ข้อมูลยังไม่ครบ")
	k.types("#proposals > li:first-child form input", "ผู้ดูแลระบบทดสอบเอง")
	k.press(enter)
	b.when(`document.querySelectorAll('#proposals > li').length === 1`)
	k.presses("#proposals .accept", enter)
	b.when(`document.querySelectorAll('#story li').length === 2`)
	b.open("/account")
	b.when(`document.querySelector('#banner-due a')`) // on pages of both programs, too
	b.accessible("banner")
}

func TestWhatWasTypedStaysWhenSomebodyElseWasFirst(t *testing.T) {
	u := newBureau(t)
	c := u.known("สองคนบันทึกพร้อมกัน")
	b := newBrowser(t, u.agent, "th")
	k := typist{b}
	b.enters("/incidents/"+c.ID, u.dpo)
	k.presses("[data-opens=action_started]", enter)
	first("aim").how(k, "form.event [data-name=aim]")
	first("means").how(k, "form.event [data-name=means]")
	k.types("form.event [data-name=text] textarea", "ปิดเว็บไซต์ชั่วคราว")
	_, err := u.rows.Record(t.Context(), breach.Actor{ID: "u-2"}, c.ID, 0, breach.Fact{SeenAt: breach.At(u.office.Clock.Now()), Source: "ผู้ดูแล", Text: "เห็นก่อน"})
	require.NoError(t, err)
	k.presses("form.event button[type=submit]", enter)
	b.see("มีผู้อื่นบันทึกเรื่องนี้ก่อน")
	b.see("เห็นก่อน")
	k.presses("form.event button[type=submit]", enter)
	b.when(`document.querySelectorAll('#story li').length === 5 && !document.querySelector('form.event')`)
	b.see("เริ่มดำเนินการ (มาตรการทางบุคลากร): ปิดเว็บไซต์ชั่วคราว")
}

func TestEveryFormIsAccessible(t *testing.T) {
	u := newBureau(t)
	c := u.known("ทดสอบทุกแบบ")
	b := newBrowser(t, u.agent, "th")
	b.enters("/incidents/"+c.ID, u.dpo)
	b.when(`document.querySelector('#timeline svg')`)
	ids := eval[[]string](b, `[...document.querySelector('#which').options].map((o) => o.value)`)
	require.Len(t, ids, 38)
	b.size(360, 740, 1)
	for _, id := range ids {
		eval[bool](b, fmt.Sprintf(`(() => { const s = document.querySelector('#which'); s.value = %q; s.form.requestSubmit(); return true; })()`, id))
		b.when(fmt.Sprintf(`document.querySelector('#place-below form.event[data-form=%q]')`, id))
		eval[bool](b, `(() => { document.querySelector('form.event').requestSubmit(); return true; })()`) // and with all its complaints
		b.accessible(id)
	}
	b.shot("th-incident-form")
}

func TestStaffReportAndAreToldTheNumberAndNothingElse(t *testing.T) {
	u := newBureau(t)
	staff := u.office.Enrolled("malee", mfa.RoleStaff)
	b := newBrowser(t, u.agent, "th")
	k := typist{b}
	b.enters("/incidents/new", staff)
	b.holds(`!document.querySelector('nav a[href="/incidents"]')?.checkVisibility()`, "the register isn't theirs")
	k.types(`[data-name=title] input`, "คอมพิวเตอร์ที่เคาน์เตอร์หาย")
	k.presses("form.event button[type=submit]", enter)
	b.see("รับแจ้งแล้ว เลขเรื่อง b-")
	b.holds(`document.querySelector('#go').hidden && !document.querySelector('#banner-due')`, "nor its deadlines")
	b.shot("th-incident-staff")
}
