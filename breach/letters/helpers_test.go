package letters_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/breach/letters"
)

// start is shortly before midnight at the end of a year of the Buddhist era.
var start = time.Date(2026, time.December, 30, 23, 30, 0, 0, breach.Bangkok())

func maker(tb testing.TB) letters.Maker {
	tb.Helper()
	templates, err := letters.Shipped()
	require.NoError(tb, err)
	return letters.Maker{
		Agency: letters.Agency{
			Name: "ที่ว่าการอำเภอตัวอย่าง", Address: "ถนนราษฎร์บำรุง\nจังหวัดตัวอย่าง", Prefix: "ตย 0101/",
			Unit: "ฝ่ายทะเบียนและบัตร", Phone: "0 2000 0000", Signer: "นายตัวอย่าง ทดสอบ", Position: "นายอำเภอตัวอย่าง",
		},
		Templates: templates,
	}
}

func draft(digits letters.Digits) letters.Draft {
	return letters.Draft{At: start.Add(2 * time.Hour), Number: "1234", Digits: digits}
}

// reader finds one citizen number and other people's telephone numbers.
type reader struct{}

func (reader) PersonalData(text string) ([]string, error) {
	var classes []string
	for word, class := range map[string]string{"1101700230708": "th_citizen_id", "08": "th_phone", "0 2000 0000": "th_phone", "@": "email", "นายตัวอย่าง": "th_name"} {
		if strings.Contains(text, word) {
			classes = append(classes, class)
		}
	}
	return classes, nil
}

// steps are a case of high risk up to the words for those affected.
func steps() []breach.Body {
	at := breach.At(start)
	list := func(area breach.Area) breach.Checklist {
		b := breach.Checklist{Area: area}
		for _, item := range area.Items() {
			b.Items = append(b.Items, breach.Measure{Item: item, InPlace: breach.InPlaceUnknown})
		}
		if area == breach.Technical {
			b.Unintelligible, b.KeyLost = breach.No, breach.No
		}
		return b
	}
	return []breach.Body{
		breach.Reported{Title: "ไฟล์รายชื่อผู้ป่วยเปิดให้ดาวน์โหลด", Role: breach.RoleController, Source: breach.FromScanner, ReportedAt: at},
		breach.Aware{AwareAt: at},
		breach.Linked{To: breach.LinkFinding, Ref: "f-0012"},
		breach.Credibility{Verdict: breach.Credible, Reason: "เปิดไฟล์ได้โดยไม่ต้องเข้าสู่ระบบ"},
		breach.Nature{
			Description: "ไฟล์รายชื่อผู้ป่วยเปิดให้บุคคลภายนอกดาวน์โหลดได้\nพบจากการสแกนเว็บไซต์ <ของหน่วยงาน> & เครือข่าย",
			Effects:     []breach.Effect{breach.EffectAccess, breach.EffectDisclosure}, Causes: []breach.Cause{breach.CauseNegligence, breach.CauseOther},
			OtherCause: "ตั้งค่าโฟลเดอร์ผิด", Labels: []breach.Label{breach.Confidentiality, breach.Availability},
			Data: "ชื่อ เลขประจำตัวประชาชน และที่อยู่", Subjects: "ผู้ป่วยนอก",
			People: breach.Count{Number: 12400, Certainty: breach.Exact}, Records: breach.Count{Certainty: breach.Unknown},
			Consequences: "อาจถูกแอบอ้างตัวตน",
		},
		list(breach.Organisational), list(breach.Technical), list(breach.Physical),
		breach.Established{Verdict: breach.Confirmed, Reason: "มีบันทึกการดาวน์โหลด"},
		breach.Assessed{
			Factors: breach.Factors{
				Breach: "เปิดเผยต่อบุคคลภายนอก", Data: "มีเลขประจำตัวประชาชน", People: "มีผู้สูงอายุ", Severity: "แอบอ้างได้",
				WideEffect: "จำกัดในพื้นที่", Storage: "เว็บไซต์ของหน่วยงาน", Controller: "หน่วยงานของรัฐ",
			},
			Severity: breach.Severity{Context: breach.ContextSimple, Identification: 4, Confidentiality: 2, Availability: 1},
			Risk:     breach.RiskHigh, Reason: "ดูปัจจัยทั้งเจ็ดประกอบกัน",
		},
		breach.ActionStarted{Aim: breach.AimContain, Means: breach.MeansTechnology, Text: "ถอนไฟล์ออกจากเว็บไซต์", StartedAt: at},
		breach.Ordered{To: "บริษัท เว็บโฮสติ้ง จำกัด", Means: breach.MeansProcess, Text: "ลบสำเนาในระบบสำรอง\nส่งบันทึกการเข้าถึง", DueAt: breach.At(start.Add(48 * time.Hour))},
		breach.Contact{Name: "เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล", Phone: "0 2000 0000", Email: "dpo2@example.go.th"},
		breach.SubjectsPrepared{
			Nature: "รายชื่อผู้ป่วยถูกเปิดเผยทางเว็บไซต์", Effects: "อาจถูกแอบอ้างตัวตน", Remedies: "หน่วยงานรับเรื่องร้องเรียนและช่วยแจ้งความ",
			Measures: "ถอนไฟล์และปิดช่องทางแล้ว", Advice: "อย่าให้รหัสผ่านแก่ผู้ที่โทรมา",
		},
	}
}

// without is the case as far as it can be told without some kinds of event.
func without(tb testing.TB, left ...breach.Kind) breach.Case {
	tb.Helper()
	c := breach.Case{ID: "b-2026-0007"}
	keeper := breach.Keeper{Settings: breach.Shipped(), Reader: reader{}}
next:
	for _, b := range steps() {
		for _, kind := range left {
			if b.Kind() == kind {
				continue next
			}
		}
		if told, _, err := keeper.Record(c, b, "u-12", start); err == nil {
			c = told
		}
	}
	return c
}

func whole(tb testing.TB) breach.Case {
	tb.Helper()
	c := without(tb)
	require.Len(tb, c.Events, len(steps()))
	return c
}

var recipient = letters.NewRecipient(letters.Person{Name: "นางสาวสมมติ ทดลอง", Address: "99/9 หมู่ที่ 3\nอำเภอตัวอย่าง", Email: "somebody@example.com"})

// documents are all documents of the whole case.
func documents(tb testing.TB, digits letters.Digits) []letters.Document {
	tb.Helper()
	m, c, d := maker(tb), whole(tb), draft(digits)
	var all []letters.Document
	for _, make := range []func() (letters.Document, error){
		func() (letters.Document, error) { return m.OfficeNotice(c, d, nil) },
		func() (letters.Document, error) { return m.SubjectLetter(c, d, recipient) },
		func() (letters.Document, error) { return m.PublicNotice(c, d, reader{}) },
		func() (letters.Document, error) { return m.ProcessorOrder(c, d, 1) },
		func() (letters.Document, error) { return m.FileNote(c, d) },
	} {
		doc, err := make()
		require.NoError(tb, err)
		all = append(all, doc)
	}
	return all
}
