package report_test

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/exposure"
	"chipproof/exposure/corpus"
	"chipproof/exposure/detect"
	"chipproof/exposure/report"
)

var at = time.Date(2026, 11, 25, 9, 0, 0, 0, time.FixedZone("ICT", 7*60*60))

func newScanner(tb testing.TB) (*exposure.Scanner, exposure.Key) {
	tb.Helper()
	key, err := exposure.NewKey(rand.Reader)
	require.NoError(tb, err)
	s, err := exposure.NewScanner(exposure.Options{Key: key, Now: func() time.Time { return at }})
	require.NoError(tb, err)
	tb.Cleanup(func() { assert.NoError(tb, s.Close()) })
	return s, key
}

func stamp(roots ...string) exposure.Stamp {
	return exposure.Stamp{Version: "1.0.0", Started: at, Ended: at.Add(time.Minute), Complete: true, Roots: roots}
}

var contact = report.Contact{Office: "สคส.", Phone: "02-111-8800", Email: "saraban@pdpc.or.th", URL: "https://www.pdpc.or.th/"}

func letter(d report.Digits) report.Letter {
	return report.Letter{
		Number: "พบ 0618/123", Agency: "เทศบาลตำบลบ้านลาด", Address: []string{"อำเภอบ้านลาด", "จังหวัดเพชรบุรี 76150"}, Date: at,
		To: "เลขาธิการคณะกรรมการคุ้มครองข้อมูลส่วนบุคคล", Reference: "หนังสือกระทรวงมหาดไทย ที่ มท 0210.3/ว 4197 ลงวันที่ 16 พฤษภาคม 2566",
		Enclosed: []string{"รายงานการตรวจ จำนวน 1 ชุด"}, Signer: "ตำแหน่งนายกเทศมนตรี", Position: "นายกเทศมนตรีตำบลบ้านลาด", Unit: "สำนักปลัดเทศบาล", Phone: "032-491-000",
		Measures: []string{"นำไฟล์ออกจากเว็บไซต์แล้วเมื่อวันที่ 24 พฤศจิกายน 2569"}, Digits: d, Contact: contact,
	}
}

// everything writes every report there is.
func everything(tb testing.TB, r exposure.Report, compared []exposure.Compared) map[string]string {
	tb.Helper()
	out := map[string]string{}
	write := func(name string, f func(*bytes.Buffer) error) {
		var b bytes.Buffer
		require.NoError(tb, f(&b), name)
		out[name] = b.String()
	}
	open := exposure.Open(compared)
	write("json", func(b *bytes.Buffer) error { return report.JSON(b, r) })
	write("sarif", func(b *bytes.Buffer) error { return report.SARIF(b, r, compared) })
	write("csv", func(b *bytes.Buffer) error { return report.CSV(b, compared) })
	write("html", func(b *bytes.Buffer) error {
		return report.HTML(b, r, compared, report.PageOptions{Agency: "เทศบาลตำบลบ้านลาด", Contact: contact, Open: open, Most: 1 << 20})
	})
	write("letter", func(b *bytes.Buffer) error { return report.LetterText(b, letter(report.Arabic), r, open) })
	write("letter in Thai digits", func(b *bytes.Buffer) error { return report.LetterText(b, letter(report.Thai), r, open) })
	write("letter page", func(b *bytes.Buffer) error { return report.LetterHTML(b, letter(report.Thai), r, open) })
	return out
}

// spellings of a planted value that would give it away.
func spellings(p corpus.Planted) []string {
	out := []string{p.Value, corpus.Thai(p.Value)}
	if p.Class == detect.CitizenID {
		n := p.Value
		for _, sep := range []string{"-", " ", "–"} {
			out = append(out, strings.Join([]string{n[:1], n[1:5], n[5:10], n[10:12], n[12:]}, sep))
		}
	}
	return out
}

// Assurance §4.7: a scan over planted data, and then a search of every report
// for the planted values and for any 13 digits in a row.
func TestA14NoReportHoldsWhatWasPlanted(t *testing.T) {
	s, _ := newScanner(t)
	g := corpus.New(14)
	var outcomes []exposure.Outcome
	var planted []corpus.Planted
	var firsts []string
	for _, c := range corpus.Matrix() {
		if c.Encoding == "utf-16le" {
			continue
		}
		d, err := g.Document(c)
		require.NoError(t, err)
		// Names of files and folders are part of what is planted.
		for _, p := range d.Planted {
			if p.Class == detect.CitizenID {
				d.Name = p.Value + "/สำเนา-" + corpus.Thai(p.Value) + "-" + d.Name
				break
			}
		}
		o, err := s.Scan(t.Context(), exposure.Item{Target: d.Name, Source: exposure.BodySource(d.Content), Reachability: exposure.Internal})
		require.NoError(t, err)
		require.NotEmpty(t, o.Findings, c)
		outcomes = append(outcomes, o)
		planted = append(planted, d.Planted...)
	}
	firsts = append(firsts, corpus.FirstNames()...)
	r := s.Report(stamp("/srv/1101700230708"), outcomes)
	compared := exposure.Compare(exposure.Report{}, r)
	for name, content := range everything(t, r, compared) {
		for _, p := range planted {
			for _, spelled := range spellings(p) {
				if strings.Contains(content, spelled) && len(spelled) > 6 {
					assert.Fail(t, "planted value in a report", "%s holds a %s", name, p.Class)
				}
			}
		}
		for _, first := range firsts {
			assert.NotContains(t, content, first, "%s holds a name", name)
		}
		assert.NotRegexp(t, `[0-9๐-๙]{13}`, content, name)
	}
}
