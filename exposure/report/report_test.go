package report_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/crawl"
	"chipproof/exposure/detect"
	"chipproof/exposure/formats"
	"chipproof/exposure/report"
)

var update = flag.Bool("update", false, "write golden files")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got, name)
}

// fixed is a report with everything in it that does not change from run to run.
func fixed() (exposure.Report, []exposure.Compared) {
	offset := int64(185)
	found := []exposure.Finding{
		{
			Class: detect.Phone, Target: "/srv/a.csv", TargetID: "target-a", Locator: exposure.Locator{Line: 2, Offset: &offset, Cell: "D2"}, Masked: "08x-xxx-xx78", Fingerprint: "fp-1",
			Score: 75, Reachability: exposure.Internal, Severity: exposure.Low, Record: 1, Snippet: "โทร 08x-xxx-xx78", Seen: at, Rules: exposure.Rules,
		},
		{
			Class: detect.CitizenID, Target: "https://www.banlat.go.th/a.pdf", TargetID: "target-b", Locator: exposure.Locator{Path: "page 3"}, Masked: "1-xxxx-xxxxx-12-1", Fingerprint: "fp-2",
			Score: 90, Reachability: exposure.Anonymous, Severity: exposure.Critical, Record: 1, Seen: at, Rules: exposure.Rules,
		},
	}
	r := exposure.Report{
		Tool: "chipproof-office", Version: "1.0.0", Rules: exposure.Rules, Started: at, Ended: at, Complete: true, Roots: []string{"/srv"}, RootIDs: []string{"root"}, Scanned: []string{"target-a", "target-b"},
		Findings: found, Summary: exposure.Summary{
			People: 12345, Findings: 2, Classes: map[exposure.Class]int{detect.Phone: 1, detect.CitizenID: 1}, Files: 2, Bytes: 1234567, Suppressed: 3, NotRead: 1,
		},
		NotRead: []exposure.NotRead{{Target: "/srv/scan.jpg", TargetID: "target-c", Reason: formats.Image}},
	}
	return r, []exposure.Compared{{Finding: found[0], Change: exposure.New}, {Finding: found[1], Change: exposure.Still}}
}

func TestEveryReportIsAsItWas(t *testing.T) {
	r, compared := fixed()
	for name, content := range everything(t, r, compared) {
		golden(t, strings.ReplaceAll(name, " ", "_")+map[string]string{"json": ".json", "sarif": ".sarif", "csv": ".csv", "html": ".html", "letter page": ".html"}[name], content)
	}
}

func TestJSONHasTheShapeThatOthersReadAndGoesBack(t *testing.T) {
	r, _ := fixed()
	var out bytes.Buffer
	require.NoError(t, report.JSON(&out, r))
	var shape struct {
		Findings []map[string]any `json:"findings"`
		Summary  map[string]any   `json:"summary"`
		NotRead  []map[string]any `json:"not_read"`
	}
	require.NoError(t, json.Unmarshal(out.Bytes(), &shape))
	for _, member := range []string{"class", "target", "locator", "masked", "fingerprint", "score", "reachability"} {
		assert.Contains(t, shape.Findings[0], member)
	}
	assert.Equal(t, map[string]any{"line": 2.0, "offset": 185.0, "cell": "D2"}, shape.Findings[0]["locator"])
	assert.Equal(t, map[string]any{"path": "page 3"}, shape.Findings[1]["locator"], "no offset where there is none")
	for _, member := range []string{"people", "classes", "files", "bytes", "suppressed"} {
		assert.Contains(t, shape.Summary, member)
	}
	assert.Equal(t, "image", shape.NotRead[0]["reason"])
	again, err := report.ParseJSON(out.Bytes())
	require.NoError(t, err)
	assert.Equal(t, r.Findings[0].Locator, again.Findings[0].Locator)
	assert.Equal(t, r.Summary, again.Summary)
	for _, broken := range []string{"", "{}", "[]", `{"findings":[],"else":1}`, out.String()[1:]} {
		_, err := report.ParseJSON([]byte(broken))
		assert.ErrorIs(t, err, report.ErrInvalid)
	}
}

func TestSARIFIsValid(t *testing.T) {
	r, compared := fixed()
	var out bytes.Buffer
	require.NoError(t, report.SARIF(&out, r, compared))
	log, err := sarif.FromBytes(out.Bytes())
	require.NoError(t, err)
	require.NoError(t, log.Validate(), "against the schema of OASIS")
	result := log.Runs[0].Results[1]
	assert.Equal(t, "error", result.Level)
	assert.Equal(t, "unchanged", *result.BaselineState)
	assert.Equal(t, "th_citizen_id", *result.RuleID)
	assert.Equal(t, "th_citizen_id", *log.Runs[0].Tool.Driver.Rules[result.RuleIndex].ID)
}

func TestA06OtherToolsFindingsAreImportedOnceAndMasked(t *testing.T) {
	_, key := newScanner(t)
	log := `{"version":"2.1.0","$schema":"x","runs":[{"tool":{"driver":{"name":"other"}},"results":[
 {"ruleId":"pii","level":"error","message":{"text":"found citizen 1101700230708 of นายสมชาย ใจดี token=abc123DEF"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/1101700230708.txt"},"region":{"startLine":7}}}]},
 {"ruleId":"pii","level":"error","message":{"text":"found citizen 1101700230708 of นายสมชาย ใจดี token=abc123DEF"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"src/1101700230708.txt"},"region":{"startLine":7}}}]},
 {"ruleId":"xss","message":{"text":"reflected input"},"partialFingerprints":{"a":"1"}}]}]}`
	found, err := report.ParseSARIF([]byte(log), key)
	require.NoError(t, err)
	require.Len(t, found, 2, "what is there twice is given once")
	assert.Equal(t, "other", found[0].Tool)
	assert.Equal(t, "error", found[0].Level)
	assert.Equal(t, "warning", found[1].Level, "the default of SARIF")
	assert.Equal(t, 7, found[0].Line)
	assert.Equal(t, "src/1-xxxx-xxxxx-70-8.txt", found[0].Target)
	assert.Equal(t, "reflected input", found[1].Message)
	for _, secret := range []string{"1101700230708", "สมชาย", "ใจดี", "abc123DEF"} {
		assert.NotContains(t, found[0].Message, secret)
	}
	assert.Contains(t, found[0].Message, "found citizen")
	again, err := report.ParseSARIF([]byte(log), key)
	require.NoError(t, err)
	assert.Equal(t, found, again, "the same again")
	for _, broken := range []string{"", "{}", "[]", `{"version":"1.0.0","runs":[]}`, `{"version":"2.1.0","runs":[{}]}`, `{"version":"2.1.0","runs":[null]}`} {
		_, err := report.ParseSARIF([]byte(broken), key)
		assert.ErrorIs(t, err, report.ErrInvalid, broken)
	}
}

func FuzzSARIF(f *testing.F) {
	f.Add([]byte(`{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"a"}},"results":[{"message":{},"locations":[{"physicalLocation":{"region":{}}}]},null]}]}`))
	_, key := newScanner(f)
	f.Fuzz(func(t *testing.T, file []byte) {
		found, err := report.ParseSARIF(file, key)
		for _, x := range found {
			assert.NoError(t, err)
			assert.NotEmpty(t, x.ID)
		}
		report.ParseJSON(file)
	})
}

func TestThePageBeginsWithThePeopleAndNeedsNothingElse(t *testing.T) {
	r, compared := fixed()
	var out bytes.Buffer
	require.NoError(t, report.HTML(&out, r, compared, report.PageOptions{Contact: contact, Digits: report.Thai, Open: 2}))
	page := out.String()
	visible := regexp.MustCompile(`(?s)<style>.*?</style>|<title>.*?</title>|<[^>]*>`).ReplaceAllString(page, " ")
	assert.Equal(t, "๑๒,๓๔๕", strings.Fields(visible)[0], "the count of people is the first thing on it")
	assert.Less(t, strings.Index(page, "ร้ายแรงมาก"), strings.Index(page, "ต่ำ"), "the worst comes first")
	assert.NotRegexp(t, `(?i)(src|href)\s*=|url\(|@import|<script|<link`, page)
	assert.Contains(t, page, "เป็นภาพ ไม่ได้อ่านข้อความในภาพ")
	r.Findings[0].Target = `<script>alert(1)</script>`
	out.Reset()
	require.NoError(t, report.HTML(&out, r, report.Uncompared(r.Findings), report.PageOptions{Contact: contact}))
	assert.NotContains(t, out.String(), "<script>")
	assert.NotContains(t, out.String(), "เทียบครั้งก่อน", "without a baseline there is nothing to compare")
}

func TestA20TheConfiguredContactStandsOnEveryReportForPeople(t *testing.T) {
	r, compared := fixed()
	all := everything(t, r, compared)
	for _, name := range []string{"html", "letter", "letter page"} {
		assert.Contains(t, all[name], contact.Office, name)
		assert.Contains(t, all[name], contact.URL, name)
	}
	for _, name := range []string{"html", "letter page"} {
		assert.Contains(t, all[name], `<svg class="qr"`, name)
	}
}

func TestA08TheLetterHasEveryFieldOrIsRefused(t *testing.T) {
	r, _ := fixed()
	for field, without := range map[string]func(*report.Letter){
		"number": func(l *report.Letter) { l.Number = "" }, "agency": func(l *report.Letter) { l.Agency = "" }, "address": func(l *report.Letter) { l.Address = nil },
		"to": func(l *report.Letter) { l.To = "" }, "signer": func(l *report.Letter) { l.Signer = "" }, "position": func(l *report.Letter) { l.Position = "" },
		"unit": func(l *report.Letter) { l.Unit = "" }, "phone": func(l *report.Letter) { l.Phone = "" }, "contact": func(l *report.Letter) { l.Contact = report.Contact{} },
		"measures": func(l *report.Letter) { l.Measures = nil },
	} {
		l := letter(report.Arabic)
		without(&l)
		for _, write := range []func(*bytes.Buffer) error{
			func(b *bytes.Buffer) error { return report.LetterText(b, l, r, 1) },
			func(b *bytes.Buffer) error { return report.LetterHTML(b, l, r, 1) },
		} {
			var out bytes.Buffer
			err := write(&out)
			assert.ErrorIs(t, err, report.ErrLetterIncomplete, field)
			assert.ErrorContains(t, err, field)
			assert.Zero(t, out.Len())
		}
	}
	l := letter(report.Arabic)
	l.Measures = nil
	assert.NoError(t, report.LetterText(&bytes.Buffer{}, l, r, 0), "with nothing open there is nothing to measure")
}

func TestA22TheLetterIsInOfficialFormInBothDigitStyles(t *testing.T) {
	r, compared := fixed()
	all := everything(t, r, compared)
	arabic, thai := all["letter"], all["letter in Thai digits"]
	order := 0
	for _, part := range []string{"ที่ พบ", "เทศบาลตำบลบ้านลาด", "25 พฤศจิกายน 2569", "เรื่อง", "เรียน", "อ้างถึง", "สิ่งที่ส่งมาด้วย", "ขอแสดงความนับถือ", "โทร."} {
		at := strings.Index(arabic[order:], part)
		require.GreaterOrEqual(t, at, 0, part)
		order += at
	}
	assert.Contains(t, thai, "๒๕ พฤศจิกายน ๒๕๖๙")
	assert.NotRegexp(t, `[0-9]`, strings.ReplaceAll(strings.ReplaceAll(thai, contact.URL, ""), contact.Email, ""))
	assert.Contains(t, arabic, "12,345 คน")
	assert.Contains(t, thai, "๑๒,๓๔๕ คน")
}

func TestA19TheExportListsEveryDutyTheUndoneIncluded(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, report.DutiesCSV(&out, "เทศบาลตำบลบ้านลาด", map[string]report.Done{"A01": {By: "สำนักปลัด", At: at, Evidence: "=รายงาน"}}, report.Thai))
	lines := strings.Split(strings.TrimSpace(out.String()), "\r\n")
	require.Len(t, lines, 19)
	for i, d := range report.Duties() {
		assert.Contains(t, lines[i+1], d.ID)
		assert.Equal(t, d.ID == "A01", strings.Contains(lines[i+1], "ดำเนินการแล้ว"), d.ID)
	}
	assert.Contains(t, lines[1], "๒๕ พฤศจิกายน ๒๕๖๙")
	assert.Contains(t, lines[1], "'=รายงาน", "no formula for a spreadsheet")
	assert.ErrorIs(t, report.DutiesCSV(&bytes.Buffer{}, "x", map[string]report.Done{"A99": {}}, report.Arabic), report.ErrDutyUnknown)
}

func TestAReportThatWouldHoldThirteenDigitsIsRefused(t *testing.T) {
	for _, digits := range []string{"1101700230708", "๑๑๐๑๗๐๐๒๓๐๗๐๘", "11017002307081"} {
		r, compared := fixed()
		r.Findings[0].Snippet, compared[0].Snippet, compared[0].Target = digits, digits, digits
		for _, write := range []func(*bytes.Buffer) error{
			func(b *bytes.Buffer) error { return report.JSON(b, r) },
			func(b *bytes.Buffer) error { return report.CSV(b, compared) },
			func(b *bytes.Buffer) error { return report.SARIF(b, r, compared) },
			func(b *bytes.Buffer) error { return report.HTML(b, r, compared, report.PageOptions{}) },
		} {
			var out bytes.Buffer
			assert.ErrorIs(t, write(&out), report.ErrUnsafe)
			assert.Zero(t, out.Len())
		}
	}
}

func TestASpreadsheetGetsNoFormula(t *testing.T) {
	_, compared := fixed()
	compared[0].Target, compared[0].Locator.Path = "=cmd|'/c calc'!A1", "@SUM(1)"
	var out bytes.Buffer
	require.NoError(t, report.CSV(&out, compared))
	assert.Contains(t, out.String(), "'=cmd")
	assert.Contains(t, out.String(), "'@SUM")
}

func TestEveryReasonAndClassHasAThaiName(t *testing.T) {
	r, _ := fixed()
	r.NotRead, r.Summary.Classes = nil, map[exposure.Class]int{}
	for _, why := range []formats.Reason{formats.Image, formats.Encrypted, formats.OverLimit, formats.TimedOut, formats.Unreadable, formats.Unsupported, formats.Nested, crawl.OutOfScope, crawl.Robots, crawl.Address, crawl.NoAnswer, crawl.NeedsValue, crawl.Status, exposure.NotAsked} {
		r.NotRead = append(r.NotRead, exposure.NotRead{Target: "x", Reason: why})
	}
	for _, c := range append(detect.Classes(), exposure.OpenAgent, exposure.Weakness) {
		r.Summary.Classes[c] = 1
	}
	var out bytes.Buffer
	require.NoError(t, report.HTML(&out, r, nil, report.PageOptions{}))
	assert.NotContains(t, out.String(), "<td></td>")
	assert.Contains(t, out.String(), "โปรแกรมอ่านบัตรที่เปิดให้ใครก็ได้")
	for _, n := range r.NotRead {
		assert.NotContains(t, out.String(), "<td>"+string(n.Reason)+"</td>")
	}
}
