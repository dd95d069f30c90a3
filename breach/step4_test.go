package breach_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"chipproof/breach"
)

// high is a desk with a case of high risk, the Office told.
func high(tb testing.TB) *desk {
	tb.Helper()
	d := open(tb).toConfirmed().toContained()
	d.record(assessed(breach.RiskHigh), notified(d.now))
	return d
}

func delivered(rows int, done ...breach.Rows) breach.Delivered {
	return breach.Delivered{List: 1, Rows: rows, By: breach.ByLetter, Done: done}
}

func TestB19NothingIsSentWithoutRemedies(t *testing.T) {
	d := high(t)
	for field, change := range map[string]func(*breach.SubjectsPrepared){
		"nature":   func(b *breach.SubjectsPrepared) { b.Nature = "" },
		"effects":  func(b *breach.SubjectsPrepared) { b.Effects = "" },
		"remedies": func(b *breach.SubjectsPrepared) { b.Remedies = " " },
		"measures": func(b *breach.SubjectsPrepared) { b.Measures = "" },
		"advice":   func(b *breach.SubjectsPrepared) { b.Advice = "" },
	} {
		b := prepared()
		change(&b)
		d.refusesFields(b, field)
	}
	for _, b := range []breach.Body{delivered(1, breach.Rows{From: 1, To: 1, Status: breach.Sent}), published(d.now)} {
		var missing *breach.MissingError
		require.ErrorAs(t, d.refuses(b), &missing)
		assert.Contains(t, missing.What, breach.ContentRemedies)
	}
	assert.Equal(t, []string{"nature", "effects", "remedies", "measures", "advice", "delivery"}, d.duty(breach.DutySubjects).Needs)
	d.record(prepared(), delivered(1, breach.Rows{From: 1, To: 1, Status: breach.Sent}))
	assert.Equal(t, breach.Met, d.duty(breach.DutySubjects).State)
}

func TestB20DeliveryIsKeptByRowNumberAndNothingElse(t *testing.T) {
	d := high(t)
	d.record(prepared(), delivered(10, breach.Rows{From: 1, To: 4, Status: breach.Sent}, breach.Rows{From: 5, To: 5, Status: breach.Failed}))
	sent, failed, pending := d.c.Lists[0].Counts()
	assert.Equal(t, []int{4, 1, 5}, []int{sent, failed, pending})
	assert.Equal(t, []string{"delivery", "fallback"}, d.duty(breach.DutySubjects).Needs)

	d.refusesWhy(delivered(11, breach.Rows{From: 11, To: 11, Status: breach.Sent}), breach.WhyOtherList)
	d.refusesFields(delivered(10, breach.Rows{From: 10, To: 11, Status: breach.Sent}), "done")
	d.refusesFields(delivered(10, breach.Rows{From: 3, To: 4, Status: breach.Sent}, breach.Rows{From: 4, To: 5, Status: breach.Sent}), "done")
	d.refusesFields(delivered(10), "done")

	d.record(delivered(10, breach.Rows{From: 5, To: 10, Status: breach.Sent}))
	assert.Equal(t, []breach.Rows{{From: 1, To: 10, Status: breach.Sent}}, d.c.Lists[0].Done)
	assert.Equal(t, breach.Met, d.duty(breach.DutySubjects).State)
	d.record(delivered(10, breach.Rows{From: 7, To: 7, Status: breach.Failed}))
	assert.Equal(t, breach.Failed, d.c.Lists[0].Status(7), "a letter may come back")
	assert.Equal(t, breach.Sent, d.c.Lists[0].Status(8))
	assert.Equal(t, []string{"fallback"}, d.duty(breach.DutySubjects).Needs)
}

func TestB21TheFallbackNeedsARecordedReason(t *testing.T) {
	d := high(t)
	d.record(prepared())
	b := published(d.now)
	b.Reason = ""
	d.refusesFields(b, "reason")
	b = published(d.now)
	b.Ground = "cheaper"
	d.refusesFields(b, "ground")
	b = published(d.now)
	b.Evidence = ""
	d.refusesFields(b, "evidence")

	for _, way := range []breach.Way{breach.WayGroup, breach.WayPublic} {
		for _, ground := range []breach.NoIndividual{breach.NoContact, breach.OtherNecessity} {
			each := *d
			b = published(d.now)
			b.Way, b.Ground, b.Medium, b.Where = way, ground, breach.MediumMedia, "หนังสือพิมพ์ท้องถิ่น"
			each.record(b)
			assert.Equal(t, breach.Met, each.duty(breach.DutySubjects).State)
		}
	}
}

func TestB21ANoticeToEveryoneDoesNotEndLettersHalfWay(t *testing.T) {
	d := high(t)
	b := published(d.now)
	b.Medium, b.Where = breach.MediumMedia, "หนังสือพิมพ์ท้องถิ่น"
	d.record(prepared(), delivered(3, breach.Rows{From: 1, To: 1, Status: breach.Sent}), b)
	assert.Equal(t, []string{"delivery"}, d.duty(breach.DutySubjects).Needs)
	d.record(delivered(3, breach.Rows{From: 2, To: 3, Status: breach.Failed}))
	assert.Equal(t, breach.Met, d.duty(breach.DutySubjects).State, "those without a working address are reached by the notice")
}

func TestB22APageBehindALoginFails(t *testing.T) {
	const notice = "ขอแจ้งว่ารายชื่อผู้ป่วยถูกเปิดเผย"
	for name, row := range map[string]struct {
		got  breach.Fetched
		want breach.Reach
	}{
		"the notice":                          {breach.Fetched{Status: 200, Body: []byte("<p>ขอแจ้งว่า\n<b>รายชื่อ</b>ผู้ป่วยถูกเปิดเผย</p>")}, breach.ReachOpen},
		"the notice beside a field for login": {breach.Fetched{Status: 200, Body: []byte(`<form><input type="password"></form><p>` + notice + `</p>`)}, breach.ReachOpen},
		"a login page":                        {breach.Fetched{Status: 200, Body: []byte(`<form><input name=p type='password'></form>`)}, breach.ReachLogin},
		"refused without credentials":         {breach.Fetched{Status: 401, Body: []byte(notice)}, breach.ReachLogin},
		"forbidden":                           {breach.Fetched{Status: 403}, breach.ReachLogin},
		"another page":                        {breach.Fetched{Status: 200, Body: []byte("<p>หน้าแรก</p>")}, breach.ReachOther},
		"not found":                           {breach.Fetched{Status: 404, Body: []byte(notice)}, breach.ReachNothing},
		"no answer":                           {breach.Fetched{}, breach.ReachNothing},
	} {
		assert.Equal(t, row.want, breach.JudgeReach(row.got, notice), name)
	}
	assert.NotEqual(t, breach.ReachOpen, breach.JudgeReach(breach.Fetched{Status: 200, Body: []byte("x")}, " "), "an empty notice is seen nowhere")

	d := high(t)
	d.record(prepared(), published(d.now))
	assert.Equal(t, []string{"delivery", "reach"}, d.duty(breach.DutySubjects).Needs[len(d.duty(breach.DutySubjects).Needs)-2:], "nobody looked yet")
	for _, reach := range []breach.Reach{breach.ReachLogin, breach.ReachOther, breach.ReachNothing} {
		d.record(breach.ReachChecked{Publication: 1, CheckedAt: at(d.now), Reach: reach})
		assert.NotEqual(t, breach.Met, d.duty(breach.DutySubjects).State, "%s", reach)
	}
	d.record(breach.ReachChecked{Publication: 1, CheckedAt: at(d.now), Reach: breach.ReachOpen})
	assert.Equal(t, breach.Met, d.duty(breach.DutySubjects).State)
	d.refusesWhy(breach.ReachChecked{Publication: 2, CheckedAt: at(d.now), Reach: breach.ReachOpen}, breach.WhyUnknownNumber)
}

// broken is a scanner that can't scan.
type broken struct{}

var errScanner = errors.New("scanner broken")

func (broken) PersonalData(string) ([]string, error) { return nil, errScanner }

func TestB23APublicNoticeWithPersonalDataIsBlocked(t *testing.T) {
	d := high(t)
	d.record(prepared())
	for _, text := range []string{
		"ผู้ได้รับผลกระทบคือ 1101700230708",
		"ผู้ได้รับผลกระทบคือ ๑๑๐๑๗๐๐๒๓๐๗๐๘", // Thai digits hide nothing
	} {
		b := published(d.now)
		b.Text = text
		err := d.refuses(b)
		require.ErrorIs(t, err, breach.ErrNoticeExposes)
		var exposes *breach.ExposesError
		require.ErrorAs(t, err, &exposes)
		assert.Equal(t, []string{"th_citizen_id"}, exposes.Classes)
		assert.NotContains(t, err.Error(), "0708", "the error names the class and never the value")
	}
	b := published(d.now)
	b.Where = "https://example.go.th/1101700230708"
	require.ErrorIs(t, d.refuses(b), breach.ErrNoticeExposes)
	// A pointer to the notice is the same notice.
	require.ErrorIs(t, d.refuses(&b), breach.ErrNoticeExposes)

	t.Run("and one that nobody could read is not released", func(t *testing.T) {
		for _, reader := range []breach.Reader{nil, broken{}} {
			blind := *d
			blind.TB, blind.keeper.Reader = t, reader
			assert.ErrorIs(t, blind.refuses(published(d.now)), breach.ErrNoReader)
		}
	})
}

func TestB23TheOfficesOwnContactMayStandInTheNotice(t *testing.T) {
	reader := finds{"dpo@": "email", "0 2000": "th_phone", "1101700230708": "th_citizen_id", "a@b.example": "email"}
	own := contact().Parts()
	text := "ติดต่อ dpo@example.go.th โทร. ๐ ๒๐๐๐ ๐๐๐๐"
	assert.NoError(t, breach.CheckPublic(reader, own, text))
	assert.ErrorIs(t, breach.CheckPublic(reader, nil, text), breach.ErrNoticeExposes, "without being the office's it is a person's")
	assert.ErrorIs(t, breach.CheckPublic(reader, own, text+" a@b.example"), breach.ErrNoticeExposes, "somebody else's address is a person's")
	assert.ErrorIs(t, breach.CheckPublic(reader, append(own, "1101700230708"), text), breach.ErrNoticeExposes, "a citizen number can't hide as contact")
}

func TestB20EveryListIsDelivered(t *testing.T) {
	d := high(t)
	second := delivered(2, breach.Rows{From: 1, To: 2, Status: breach.Sent})
	second.List = 2
	d.record(prepared())
	d.refusesFields(second, "list") // there is no first one yet
	d.record(delivered(2, breach.Rows{From: 1, To: 1, Status: breach.Sent}), second)
	assert.Equal(t, []string{"delivery"}, d.duty(breach.DutySubjects).Needs)
	d.record(delivered(2, breach.Rows{From: 2, To: 2, Status: breach.Sent}))
	assert.Equal(t, breach.Met, d.duty(breach.DutySubjects).State)
}

// A list that is marked row by row says the same as its ranges, whatever their order.
func TestB20RangesSayWhatTheRowsSay(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := high(t)
		d.record(prepared())
		want := map[int]breach.Status{}
		for range rapid.IntRange(1, 8).Draw(rt, "runs") {
			from := rapid.IntRange(1, 12).Draw(rt, "from")
			r := breach.Rows{From: from, To: rapid.IntRange(from, 12).Draw(rt, "to"), Status: rapid.SampledFrom([]breach.Status{breach.Sent, breach.Failed}).Draw(rt, "status")}
			d.record(delivered(12, r))
			for row := r.From; row <= r.To; row++ {
				want[row] = r.Status
			}
		}
		l := d.c.Lists[0]
		for row := range 14 {
			assert.Equal(rt, want[row], l.Status(row), "row %d of %v", row, l.Done)
		}
		sent, failed, pending := l.Counts()
		assert.Equal(rt, 12, sent+failed+pending)
		assert.Equal(rt, len(want), sent+failed)
	})
}
