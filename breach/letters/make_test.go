package letters_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/breach/letters"
)

func missing(t *testing.T, err error) []string {
	t.Helper()
	require.ErrorIs(t, err, breach.ErrContentMissing)
	var m *breach.MissingError
	require.ErrorAs(t, err, &m)
	return m.What
}

func TestB16TheNoticeToTheOfficeIsRefusedWhileAContentIsMissing(t *testing.T) {
	m, d := maker(t), draft(letters.ArabicDigits)
	for kind, want := range map[breach.Kind][]string{
		breach.KindNature:  {"description", "people", "records", "consequences"},
		breach.KindContact: {"dpo_contact"},
		breach.KindAware:   {"aware_at"},
	} {
		_, err := m.OfficeNotice(without(t, kind), d, nil)
		assert.Subset(t, missing(t, err), want, "without %s", kind)
	}
	_, err := m.OfficeNotice(without(t, breach.KindActionStarted, breach.KindOrdered), d, nil)
	assert.Equal(t, []string{"measures"}, missing(t, err))

	d.At = time.Time{}
	m.Agency.Name = " "
	_, err = m.OfficeNotice(whole(t), d, nil)
	assert.Equal(t, []string{"agency", "date"}, missing(t, err))
}

func TestB17ALateNoticeIsRefusedWithoutItsReasons(t *testing.T) {
	m, c, d := maker(t), whole(t), draft(letters.ArabicDigits)
	d.At = start.Add(breach.NoticeClock)
	_, err := m.OfficeNotice(c, d, nil)
	require.NoError(t, err, "72 hours sharp are in time")
	d.At = d.At.Add(time.Second)
	_, err = m.OfficeNotice(c, d, nil)
	assert.Equal(t, []string{"reasons", "details"}, missing(t, err))
	_, err = m.OfficeNotice(c, d, &breach.Delay{Necessity: "มีเหตุ"})
	assert.Equal(t, []string{"details"}, missing(t, err))
	doc, err := m.OfficeNotice(c, d, &breach.Delay{Necessity: "มีเหตุ", Details: "ตามแนบ"})
	require.NoError(t, err)
	assert.NotContains(t, doc.Text(), "เกินกว่าสิบห้าวัน")
	d.At = start.Add(breach.DelayClock + time.Second)
	doc, err = m.OfficeNotice(c, d, &breach.Delay{Necessity: "มีเหตุ", Details: "ตามแนบ"})
	require.NoError(t, err)
	assert.Contains(t, doc.Text(), "เกินกว่าสิบห้าวัน")
}

func TestB19ALetterIsRefusedWithoutRemediesOrAName(t *testing.T) {
	m, d := maker(t), draft(letters.ArabicDigits)
	c := without(t, breach.KindSubjectsPrepared)
	_, err := m.SubjectLetter(c, d, recipient)
	assert.Equal(t, []string{"nature", "effects", "remedies", "measures", "advice"}, missing(t, err))
	_, err = m.PublicNotice(c, d, reader{})
	assert.Contains(t, missing(t, err), "remedies")
	_, err = m.SubjectLetter(whole(t), d, letters.Recipient{})
	assert.Equal(t, []string{"recipient"}, missing(t, err))
}

func TestB13AnOrderIsALetterWithItsDate(t *testing.T) {
	m, c, d := maker(t), whole(t), draft(letters.ArabicDigits)
	doc, err := m.ProcessorOrder(c, d, 1)
	require.NoError(t, err)
	assert.Contains(t, doc.Text(), "ภายในวันที่ 1 มกราคม 2570 เวลา 23.30 น.", "over the end of the year")
	for _, n := range []int{0, 2, -1} {
		_, err = m.ProcessorOrder(c, d, n)
		assert.Equal(t, []string{"order", "recipient", "due_at"}, missing(t, err))
	}
	_, err = m.ProcessorOrder(without(t, breach.KindContact), d, 1)
	assert.Equal(t, []string{"dpo_contact"}, missing(t, err))
}

func TestB23APublicNoticeWithPersonalDataIsRefused(t *testing.T) {
	m, c, d := maker(t), whole(t), draft(letters.ThaiDigits)
	_, err := m.PublicNotice(c, d, nil)
	require.ErrorIs(t, err, breach.ErrNoReader)
	doc, err := m.PublicNotice(c, d, reader{})
	require.NoError(t, err, "the office's own contact and signer may stand there")
	assert.NotContains(t, doc.Text(), "f-0012", "evidence is not the public's")

	prepared := *c.Prepared
	for _, text := range []string{"เช่น นายสมชาย 1101700230708", "โทร. ๐๘๑๒๓๔๕๖๗๘"} {
		prepared.Nature = text
		exposed := c
		exposed.Prepared = &prepared
		_, err = m.PublicNotice(exposed, d, reader{})
		require.ErrorIs(t, err, breach.ErrNoticeExposes)
		assert.NotContains(t, err.Error(), "1101700230708")
	}

	m.Agency.Position = "1101700230708"
	_, err = m.PublicNotice(c, d, reader{})
	require.ErrorIs(t, err, breach.ErrNoticeExposes, "a citizen number can't hide as the signer's post")
}

func TestTheFileNoteTellsTheWholeStory(t *testing.T) {
	c := whole(t)
	doc, err := maker(t).FileNote(c, draft(letters.ArabicDigits))
	require.NoError(t, err)
	story := letters.Story(c, letters.Thai)
	require.Len(t, story, len(c.Events))
	for _, line := range story {
		require.NotEmpty(t, line.Text)
		assert.Contains(t, strings.Join(strings.Fields(doc.Text()), " "), strings.Join(strings.Fields(line.Text), " "))
	}
	assert.Contains(t, doc.Text(), breach.RuleSet)
	assert.Contains(t, doc.Text(), "1.75 (ระดับต่ำ) = 1 × 1 + 0.75")
}

func TestNoDocumentIsPrintedByAccident(t *testing.T) {
	doc := documents(t, letters.ArabicDigits)[1]
	require.Contains(t, doc.Text(), "สมมติ")
	person := recipient.Reveal()
	list, err := letters.ReadList([]byte("ชื่อ\nสมมติ ทดลอง\n"))
	require.NoError(t, err)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		for _, v := range []any{doc, recipient, list, &doc, []letters.Document{doc}} {
			out := fmt.Sprintf(verb, v)
			assert.NotContains(t, out, person.Name)
			assert.NotContains(t, out, "สมมติ")
			assert.NotContains(t, out, fmt.Sprintf("%x", person.Name))
		}
	}
}

func TestB17DetailsAfterANoticeInTimeNeedNoReasons(t *testing.T) {
	m, d := maker(t), draft(letters.ArabicDigits)
	c, _, err := breach.Keeper{Settings: breach.Shipped()}.Record(whole(t), breach.OfficeNotified{SentAt: breach.At(start), Channel: "ระบบ"}, "u-12", start)
	require.NoError(t, err)
	d.At = start.Add(200 * time.Hour)
	_, err = m.OfficeNotice(c, d, nil)
	assert.NoError(t, err)
}

func TestB23EvidenceAndHistoryReachNoPublicWording(t *testing.T) {
	m := maker(t)
	text, err := letters.ShippedText(letters.PublicNotice)
	require.NoError(t, err)
	m.Templates, err = m.Templates.With(letters.PublicNotice, append(text, "{{range .Evidence}}<p>{{.Text}}</p>{{end}}{{range .Story}}<p>{{.Text}}</p>{{end}}"...))
	require.NoError(t, err)
	doc, err := m.PublicNotice(whole(t), draft(letters.ArabicDigits), reader{})
	require.NoError(t, err)
	assert.NotContains(t, doc.Text(), "f-0012")
	assert.NotContains(t, doc.Text(), "รับแจ้งเหตุ")
}

func TestNumberAndSignatureAreLeftToAPen(t *testing.T) {
	m, d := maker(t), draft(letters.ArabicDigits)
	m.Agency.Signer, d.Number = "", ""
	doc, err := m.OfficeNotice(whole(t), d, nil)
	require.NoError(t, err)
	assert.Contains(t, doc.Text(), "ที่ ตย 0101/....")
	assert.Contains(t, doc.Text(), "(....")
}

func TestAnOrderThatWasWithdrawnIsNoMeasure(t *testing.T) {
	c, _, err := breach.Keeper{Settings: breach.Shipped()}.Record(whole(t), breach.OrderWithdrawn{Order: 1, Reason: "เลิกกิจการ"}, "u-12", start)
	require.NoError(t, err)
	doc, err := maker(t).OfficeNotice(c, draft(letters.ArabicDigits), nil)
	require.NoError(t, err)
	assert.NotContains(t, doc.Text(), "เว็บโฮสติ้ง")
	_, err = maker(t).ProcessorOrder(c, draft(letters.ArabicDigits), 1)
	assert.ErrorIs(t, err, breach.ErrContentMissing)
}
