package office_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/audit"
	"chipproof/breach"
)

func TestADocumentIsRefusedWhileAContentIsMissingWhichIsNamed(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.record(id, breach.Aware{AwareAt: r.now()})
	documents := "/v1/incidents/" + id + "/documents/"
	p := refused(t, r.dpo.get(documents+"office_notice"), 422, "content_missing")
	assert.Equal(t, "description,people,records,dpo_contact,consequences,measures", p.Detail)
	p = refused(t, r.dpo.post(documents+"subject_letter", map[string]any{"format": "docx"}), 422, "content_missing")
	assert.Contains(t, p.Detail, "remedies")
	refused(t, r.dpo.get(documents+"processor_order?order=1"), 422, "content_missing")
	refused(t, r.dpo.get(documents+"rumour"), 400, "body_invalid")
	assert.Empty(t, r.office.Entries(audit.KindIncidentDocument), "nothing was made")
}

func TestEveryDocumentComesAsHTMLAndDOCX(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.toTold(id)
	r.record(id, breach.Ordered{To: "บริษัท ตัวอย่าง จำกัด", Means: breach.MeansTechnology, Text: "แก้โปรแกรม", DueAt: r.now().Add(time.Hour)})
	for kind, says := range map[string]string{
		"office_notice": "240", "subject_letter": "ระวังสายแอบอ้าง", "public_notice": "ระวังสายแอบอ้าง", "processor_order": "บริษัท ตัวอย่าง จำกัด", "file_note": "ไฟล์รายชื่อเปิดได้จากอินเทอร์เน็ต",
	} {
		t.Run(kind, func(t *testing.T) {
			path := "/v1/incidents/" + id + "/documents/" + kind
			a := r.dpo.get(path + "?order=1")
			require.Equal(t, http.StatusOK, a.status, "%s", a.body)
			assert.Equal(t, "text/html; charset=utf-8", a.header.Get("Content-Type"))
			assert.Contains(t, string(a.body), says)
			assert.NotContains(t, a.header.Get("Content-Disposition"), "ไฟล์")
			a = r.dpo.post(path, map[string]any{"format": "docx", "order": 1, "number": "42", "digits": "thai"})
			require.Equal(t, http.StatusOK, a.status, "%s", a.body)
			assert.Contains(t, a.header.Get("Content-Disposition"), id+"-"+kind+"-20261123.docx")
			text := docxText(t, a.body)
			assert.Contains(t, text, "๒๕๖๙", "the digits that were asked for")
			if kind != "public_notice" { // it has no number
				assert.Contains(t, text, "ตย ๐๑๐๑/๔๒")
			}
		})
	}
	assert.Len(t, r.office.Entries(audit.KindIncidentDocument), 5, "to look is no act")
}

// docxText is what a word processor would show, without its form.
func docxText(t *testing.T, file []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	f, err := z.Open("word/document.xml")
	require.NoError(t, err)
	text, err := io.ReadAll(f)
	require.NoError(t, err)
	return string(text)
}

func TestALateNoticeNeedsItsReasonsInTheLetterToo(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.toTold(id)
	r.office.Clock.Forward(72*time.Hour + time.Second)
	r.dpo = r.login("later", "dpo")
	path := "/v1/incidents/" + id + "/documents/office_notice"
	p := refused(t, r.dpo.get(path), 422, "content_missing")
	assert.Equal(t, "reasons,details", p.Detail)
	a := r.dpo.post(path, map[string]any{"necessity": "ไฟฟ้าดับทั้งอำเภอ", "details": "ดับสามวัน"})
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	assert.Contains(t, string(a.body), "ไฟฟ้าดับทั้งอำเภอ")
	now := r.now()
	r.record(id, breach.OfficeNotified{SentAt: now, Channel: "อีเมล", Delay: &breach.Delay{Necessity: "ระบบล่มทั้งจังหวัด", Details: "สามวัน"}})
	assert.Contains(t, string(r.dpo.get(path).body), "ระบบล่มทั้งจังหวัด", "the recorded reasons stand where none are given")
}

func TestAPublicNoticeWithACitizenNumberIsNotGivenOut(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.toTold(id)
	told := prepared()
	told.Effects = "ติดต่อ somchai@example.com หรือ 081-234-5678 คุณสมชาย ใจดี"
	r.record(id, told)
	for _, ask := range []answer{r.dpo.get("/v1/incidents/" + id + "/documents/public_notice"), r.dpo.post("/v1/incidents/"+id+"/documents/public_notice", map[string]any{"format": "docx"})} {
		p := refused(t, ask, 422, "notice_exposes")
		assert.NotEmpty(t, p.Detail)
		assert.NotContains(t, string(ask.body), "somchai")
	}
}

// planted are values that may be found nowhere after a merge.
var planted = []string{"ปลูกไว้หนึ่ง", "ปลูกไว้สอง", "ซอยปลูกไว้ลับ", "planted-one@example.org"}

func list(rows int) string {
	var b strings.Builder
	b.WriteString("ลำดับ,ชื่อ-สกุล,ที่อยู่,อีเมล\n")
	for n := range rows {
		fmt.Fprintf(&b, "%d,นาง%s เลขที่%d,%s %d,planted-one@example.org\n", n+1, planted[n%2], n+1, planted[2], n+1)
	}
	b.WriteString("99,ไม่มีที่อยู่,,\n")
	return base64.StdEncoding.EncodeToString([]byte(b.String()))
}

type merged struct {
	Letters, Left int
	Name, Media   string
	File          string
	Delivered     map[string]any
}

func TestAMergeLeavesNothingOfTheListBehind(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.toTold(id)
	letters := "/v1/incidents/" + id + "/letters"
	m := into[merged](t, r.dpo.post(letters, map[string]any{"list": 1, "csv": list(3), "digits": "thai"}))
	assert.Equal(t, 3, m.Letters)
	assert.Equal(t, 0, m.Left)
	file, err := base64.StdEncoding.DecodeString(m.File)
	require.NoError(t, err)
	for _, value := range planted[:3] {
		assert.Contains(t, string(file), value, "the letters name whom they are to")
	}
	assert.Empty(t, into[detail](t, r.dpo.get("/v1/incidents/"+id)).Known.Lists, "a letter that was printed is not one that was sent")

	d := into[detail](t, r.dpo.post("/v1/incidents/"+id+"/events", map[string]any{"kind": "delivered", "body": m.Delivered}))
	require.Len(t, d.Known.Lists, 1)
	assert.Equal(t, struct{ Number, Rows, Sent, Failed, Pending int }{1, 4, 3, 1, 0}, d.Known.Lists[0])

	m = into[merged](t, r.dpo.post(letters, map[string]any{"list": 1, "csv": list(3), "format": "docx"}))
	assert.Equal(t, 0, m.Letters, "only the row that failed is tried again")
	refused(t, r.dpo.post(letters, map[string]any{"list": 1, "csv": list(2)}), 409, "event_refused")
	refused(t, r.dpo.post(letters, map[string]any{"list": 3, "csv": list(2)}), 400, "body_invalid")
	refused(t, r.dpo.post(letters, map[string]any{"list": 2, "csv": base64.StdEncoding.EncodeToString([]byte("a,b\n1,2\n"))}), 422, "recipients_invalid")
	bad := refused(t, r.dpo.post(letters, map[string]any{"list": 2, "csv": base64.StdEncoding.EncodeToString([]byte("name,address\na,b\nc\n"))}), 422, "recipients_invalid")
	assert.Equal(t, "2", bad.Detail, "the row that can't be read")
	m = into[merged](t, r.dpo.post(letters, map[string]any{"list": 2, "csv": list(2), "format": "docx"}))
	file, err = base64.StdEncoding.DecodeString(m.File)
	require.NoError(t, err)
	assert.Contains(t, docxText(t, file), planted[1])
	assert.NotContains(t, m.Name, planted[0])

	everything := r.office.Files() + r.log.String()
	for _, value := range planted {
		assert.NotContains(t, everything, value)
	}
}

func TestMailsAreRecordedByRowAlsoWhereTheRunBreaksOff(t *testing.T) {
	r := newRegister(t)
	id := r.opened()
	r.toTold(id)
	mails := "/v1/incidents/" + id + "/mails"
	body := map[string]any{"list": 1, "csv": list(50)}
	m := into[merged](t, r.dpo.post(mails, body))
	assert.Equal(t, 31, m.Left)
	r.mail.down = true
	refused(t, r.dpo.post(mails, body), 503, "sender_unavailable")
	r.mail.down = false
	for m.Left > 0 {
		m = into[merged](t, r.dpo.post(mails, body))
	}
	d := into[detail](t, r.dpo.get("/v1/incidents/"+id))
	require.Len(t, d.Known.Lists, 1)
	assert.Equal(t, struct{ Number, Rows, Sent, Failed, Pending int }{1, 51, 50, 1, 0}, d.Known.Lists[0])
	assert.Len(t, r.mail.to, 50, "nobody twice")
	everything := r.office.Files() + r.log.String()
	for _, value := range planted {
		assert.NotContains(t, everything, value)
	}
}
