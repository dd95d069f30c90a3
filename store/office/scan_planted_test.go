package office_test

import (
	"bytes"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/exposure"
	"chipproof/exposure/job"
	"chipproof/exposure/report"
)

var thirteen = regexp.MustCompile(`[0-9๐-๙]{13}`)

// Values that are planted in files, in their names, in pages, addresses and other
// tools' results are searched for wherever something is kept or given out
// (assurance §4.7, A14).
func TestA14NothingThatWasPlantedIsKeptOrReported(t *testing.T) {
	a := newAgency(t)
	laser, encoded := "JT0-1234567-89", url.PathEscape("นายสมชาย ใจดี")
	dir := a.folder(map[string]string{
		"one.txt": somchai + " รหัสหลังบัตร " + laser, "list of 1101700230708.csv": "เลขประจำตัวประชาชน,ชื่อ\n1000000000190,นางสาวมาลี รักไทย\n",
		"a.json": `{"citizen_id":"1101700230708","phone":"0812345678"}`,
	})
	a.publish("/", `<a href="/people/1101700230708?name=`+encoded+`">x</a><a href="/list.html">y</a>`)
	a.publish("/people/1101700230708?name="+encoded, somchai)
	a.publish("/list.html", malee)
	a.publish("/sitemap.xml", `<urlset><url><loc>http://www.agency.test/people/1101700230708</loc></url></urlset>`)
	scan, _ := a.scan(dir, home)
	a.take(sarif, "ระบบทะเบียน")
	task, err := a.tasks.Open(t.Context(), officer, job.TaskOrder{
		Finding: a.number(home + "list.html").ID, Owner: owner, Due: a.clock().Add(time.Hour),
		Also: []job.Also{{Kind: exposure.CachedCopy, Address: "http://www.agency.test/cache/1101700230708"}},
	}, a.clock())
	require.NoError(t, err)
	for _, p := range task.Places {
		assert.NotRegexp(t, thirteen, p.Target)
	}
	a.claim(task.ID)
	require.NoError(t, os.Remove(filepath.Join(dir, "one.txt")))
	last, _ := a.scan(dir, home)
	values := append([]string{laser, "JT0", "1234567-89", encoded}, planted...)
	a.keepsNone(values...)

	for _, id := range []string{scan.ID, last.ID} {
		r, err := a.scans.Result(t.Context(), id)
		require.NoError(t, err)
		assert.NotEmpty(t, r.Report.Findings)
		for name, out := range a.reports(r) {
			assert.Empty(t, thirteen.FindString(out), name)
			for _, v := range values {
				assert.False(t, strings.Contains(out, v), "%s in %s", v, name)
			}
		}
	}
	for _, e := range a.entries() {
		said := strings.Join([]string{e.Actor, e.Subject, e.Session}, " ")
		for _, v := range e.Attributes {
			said += " " + v
		}
		for _, v := range values {
			assert.NotContains(t, said, v)
		}
	}
	assert.NotEmpty(t, a.entries(audit.KindScanEnded))
}

// reports of a scan in every form.
func (a *agency) reports(r job.Result) map[string]string {
	a.Helper()
	out := map[string]string{}
	letter := report.Letter{
		Number: "พบ 0618/1", Agency: "เทศบาลตำบลตัวอย่าง", Address: []string{"ถนนหลัก"}, Date: a.clock(), To: "นายอำเภอ", Signer: "ผู้ลงนาม",
		Position: "ปลัด", Unit: "สำนักปลัด", Phone: "02-000-0000", Measures: []string{"นำออกแล้ว"},
		Contact: report.Contact{Office: "สคส.", Phone: "02-111-1111", Email: "info@pdpc.or.th", URL: "https://www.pdpc.or.th"},
	}
	open := exposure.Open(r.Compared)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"json":  func(b *bytes.Buffer) error { return report.JSON(b, r.Report) },
		"csv":   func(b *bytes.Buffer) error { return report.CSV(b, r.Compared) },
		"sarif": func(b *bytes.Buffer) error { return report.SARIF(b, r.Report, r.Compared) },
		"html": func(b *bytes.Buffer) error {
			return report.HTML(b, r.Report, r.Compared, report.PageOptions{Open: open})
		},
		"letter": func(b *bytes.Buffer) error { return report.LetterText(b, letter, r.Report, open) },
	} {
		var b bytes.Buffer
		require.NoError(a, write(&b), name)
		out[name] = b.String()
	}
	return out
}
