package breach_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

// digest is the SHA-256 of something.
var digest = strings.Repeat("0a", 32)

// start is a moment shortly before midnight in Thailand, at the end of a month
// and of a year: 30 December 2026, 23:30.
var start = time.Date(2026, time.December, 30, 23, 30, 0, 0, breach.Bangkok())

const (
	hour = time.Hour
	day  = 24 * time.Hour
)

// finds is a scanner that finds what its words say, by class. It stands in for
// package exposure, which breach knows by this interface alone.
type finds map[string]string // text -> class

func (f finds) PersonalData(text string) ([]string, error) {
	var classes []string
	for word, class := range f {
		if strings.Contains(text, word) {
			classes = append(classes, class)
		}
	}
	return classes, nil
}

// desk records one incident, with a clock that the test moves.
type desk struct {
	testing.TB
	keeper breach.Keeper
	now    time.Time
	c      breach.Case
}

func newDesk(tb testing.TB) *desk {
	tb.Helper()
	return &desk{
		TB:     tb,
		keeper: breach.Keeper{Settings: breach.Shipped(), Reader: finds{"1101700230708": "th_citizen_id"}},
		now:    start,
		c:      breach.Case{ID: "b-2026-0007"},
	}
}

// open is a desk with a report of a controller.
func open(tb testing.TB) *desk {
	tb.Helper()
	d := newDesk(tb)
	d.record(report(d.now))
	return d
}

func report(at time.Time) breach.Reported {
	return breach.Reported{
		Title: "ไฟล์รายชื่อผู้ป่วยเปิดให้ดาวน์โหลด", Role: breach.RoleController, Source: breach.FromScanner,
		ReportedAt: breach.At(at),
	}
}

func (d *desk) record(bodies ...breach.Body) {
	d.Helper()
	for _, b := range bodies {
		c, _, err := d.keeper.Record(d.c, b, "u-12", d.now)
		require.NoError(d, err, "%s", b.Kind())
		d.c = c
	}
}

// refuses tries an event and gives why it was refused; the case is as before.
func (d *desk) refuses(b breach.Body) error {
	d.Helper()
	c, e, err := d.keeper.Record(d.c, b, "u-12", d.now)
	require.Error(d, err, "%s is refused", b.Kind())
	assert.Len(d, c.Events, len(d.c.Events), "a refused event leaves no trace")
	assert.Empty(d, e)
	return err
}

// refusesFields tries an event and demands that exactly these fields are named.
func (d *desk) refusesFields(b breach.Body, fields ...string) {
	d.Helper()
	err := d.refuses(b)
	var named *breach.FieldsError
	require.ErrorAs(d, err, &named)
	assert.ElementsMatch(d, fields, named.Fields)
	assert.ErrorIs(d, err, breach.ErrEventInvalid)
}

func (d *desk) refusesWhy(b breach.Body, why breach.Why) {
	d.Helper()
	err := d.refuses(b)
	var refused *breach.RefusedError
	require.ErrorAs(d, err, &refused)
	assert.Equal(d, why, refused.Why)
	assert.ErrorIs(d, err, breach.ErrRefused)
}

func (d *desk) after(step time.Duration) *desk {
	d.now = d.now.Add(step)
	return d
}

// duty finds a duty at the desk's clock.
func (d *desk) duty(name breach.DutyName) breach.Duty {
	d.Helper()
	found, ok := d.find(name)
	require.True(d, ok, "%s is owed", name)
	return found
}

func (d *desk) find(name breach.DutyName) (breach.Duty, bool) {
	for _, duty := range breach.Duties(d.c, d.now) {
		if duty.Duty == name {
			return duty, true
		}
	}
	return breach.Duty{}, false
}

func (d *desk) owes(name breach.DutyName) bool {
	_, ok := d.find(name)
	return ok
}

func at(t time.Time) breach.Moment { return breach.At(t) }

// The bodies below are well formed; tests change what they are about.

func aware(t time.Time) breach.Aware {
	return breach.Aware{AwareAt: at(t), Basis: "ตรวจพบไฟล์ด้วยตนเอง"}
}

func credible() breach.Credibility {
	return breach.Credibility{Verdict: breach.Credible, Reason: "เปิดไฟล์ได้จริงโดยไม่ต้องเข้าสู่ระบบ"}
}

func confirmed() breach.Established {
	return breach.Established{Verdict: breach.Confirmed, Reason: "บันทึกของเว็บเซิร์ฟเวอร์มีการดาวน์โหลดจากภายนอก"}
}

func nature() breach.Nature {
	return breach.Nature{
		Description: "ไฟล์รายชื่อผู้ป่วยเปิดให้บุคคลภายนอกดาวน์โหลดได้", Effects: []breach.Effect{breach.EffectDisclosure},
		Causes: []breach.Cause{breach.CauseNegligence}, Labels: []breach.Label{breach.Confidentiality},
		Data: "ชื่อ เลขประจำตัวประชาชน และที่อยู่", Subjects: "ผู้ป่วยนอก",
		People: breach.Count{Number: 240, Certainty: breach.Exact}, Records: breach.Count{Number: 250, Certainty: breach.Estimate},
		Consequences: "อาจถูกแอบอ้างตัวตน",
	}
}

func checklist(area breach.Area) breach.Checklist {
	list := breach.Checklist{Area: area}
	for _, item := range area.Items() {
		list.Items = append(list.Items, breach.Measure{Item: item, InPlace: breach.InPlacePartly, Evidence: "เอกสารแนบ"})
	}
	if area == breach.Technical {
		list.Unintelligible, list.KeyLost = breach.No, breach.NotKnown
	}
	return list
}

func assessed(risk breach.Risk) breach.Assessed {
	return breach.Assessed{
		Factors: breach.Factors{
			Breach: "เปิดเผยต่อบุคคลภายนอก", Data: "มีเลขประจำตัวประชาชน", People: "มีผู้สูงอายุ", Severity: "แอบอ้างได้",
			WideEffect: "จำกัดในพื้นที่", Storage: "เว็บไซต์ของหน่วยงาน", Controller: "หน่วยงานของรัฐ",
		},
		Severity: breach.Severity{Context: breach.ContextSimple, Identification: 4, Confidentiality: 2, Malicious: 0},
		Risk:     risk, Reason: "ดูปัจจัยทั้งเจ็ดประกอบกัน",
	}
}

func action(started time.Time) breach.ActionStarted {
	return breach.ActionStarted{Aim: breach.AimContain, Means: breach.MeansTechnology, Text: "ถอนไฟล์ออกจากเว็บไซต์", StartedAt: at(started)}
}

func contact() breach.Contact {
	return breach.Contact{Name: "เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล", Phone: "0 2000 0000", Email: "dpo@example.go.th"}
}

func receipt(t time.Time) *breach.Receipt {
	return &breach.Receipt{Reference: "สคส 0001/2570", ReceivedAt: at(t), Document: digest}
}

func notified(t time.Time) breach.OfficeNotified {
	return breach.OfficeNotified{SentAt: at(t), Channel: "ระบบแจ้งเหตุของ สคส.", Document: digest, Receipt: receipt(t)}
}

func delay() breach.Delay {
	return breach.Delay{Necessity: "ระบบสื่อสารของอำเภอขัดข้อง", Details: "เครือข่ายล่มสองวัน มีหนังสือรับรองของผู้ให้บริการ"}
}

func prepared() breach.SubjectsPrepared {
	return breach.SubjectsPrepared{
		Nature: "รายชื่อผู้ป่วยถูกเปิดเผยทางเว็บไซต์", Effects: "อาจถูกแอบอ้างตัวตน", Remedies: "หน่วยงานรับเรื่องร้องเรียนและช่วยแจ้งความ",
		Measures: "ถอนไฟล์และปิดช่องทางแล้ว", Advice: "อย่าให้รหัสผ่านแก่ผู้ที่โทรมา",
	}
}

func published(t time.Time) breach.Published {
	return breach.Published{
		Way: breach.WayPublic, Ground: breach.NoContact, Reason: "ไม่มีที่อยู่ของผู้ป่วยเดิม", Medium: breach.MediumWebsite,
		Where: "https://example.go.th/notice", PublishedAt: at(t), Text: "ขอแจ้งว่ารายชื่อผู้ป่วยถูกเปิดเผย", Evidence: digest,
	}
}

func review() breach.Reviewed {
	return breach.Reviewed{
		Technology: "ปรับปรุงเครื่องแม่ข่าย", Context: "บริการประชาชน", Environment: "เชื่อมต่ออินเทอร์เน็ต", Standards: "มาตรฐานเว็บไซต์ สกมช.",
		Purpose: "ออกใบรับรอง", Resources: "บุคลากรสองคน", Feasibility: "ทำได้ภายในหนึ่งเดือน",
	}
}

// toConfirmed takes a fresh desk through step 1.
func (d *desk) toConfirmed() *desk {
	d.Helper()
	d.record(aware(d.now), credible(), nature(), checklist(breach.Organisational), checklist(breach.Technical), checklist(breach.Physical), confirmed())
	return d
}

// toContained goes on through step 2, and names the contact.
func (d *desk) toContained() *desk {
	d.Helper()
	d.record(action(d.now), breach.ActionFinished{Action: 1, FinishedAt: at(d.now)},
		breach.Contained{Result: breach.ResultEnded, Text: "ไม่มีใครเปิดไฟล์ได้แล้ว"}, contact())
	return d
}

// toPrevented goes through step 5.
func (d *desk) toPrevented() *desk {
	d.Helper()
	d.record(
		breach.Recovered{RestoredAt: at(d.now), State: "เว็บไซต์ให้บริการตามปกติ"},
		breach.TaskSet{Owner: "งานเทคโนโลยีสารสนเทศ", Text: "ตรวจไฟล์ก่อนเผยแพร่", DueAt: at(d.now.Add(7 * day))},
		breach.TaskDone{Task: 1, DoneAt: at(d.now)},
		breach.TaskChecked{Task: 1, CheckedAt: at(d.now), Effective: breach.Yes, How: "สแกนซ้ำไม่พบ"},
		review(),
	)
	return d
}

// open duties by name at the desk's clock.
func (d *desk) unmet() []breach.DutyName {
	names := []breach.DutyName{}
	for _, duty := range breach.Duties(d.c, d.now) {
		if !duty.State.Done() {
			names = append(names, duty.Duty)
		}
	}
	return names
}
