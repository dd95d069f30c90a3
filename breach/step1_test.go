package breach_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

func TestB01OnlyTheSixEffectsOfTheLawAreEffectsAndOneIsNeeded(t *testing.T) {
	d := open(t)
	b := nature()
	b.Effects = nil
	d.refusesFields(b, "effects")
	b.Effects = []breach.Effect{"leak"}
	d.refusesFields(b, "effects")
	b.Effects = []breach.Effect{breach.EffectLoss, breach.EffectLoss}
	d.refusesFields(b, "effects")

	assert.Len(t, breach.Effects(), 6)
	for _, effect := range breach.Effects() {
		b.Effects = []breach.Effect{effect}
		d.record(b)
	}
	b.Effects = breach.Effects()
	d.record(b)
	assert.Equal(t, breach.Effects(), d.c.Nature.Effects)
}

func TestB02AnOtherCauseIsRefusedWithoutText(t *testing.T) {
	d := open(t)
	b := nature()
	b.Causes = nil
	d.refusesFields(b, "causes")
	b.Causes = []breach.Cause{"bad luck"}
	d.refusesFields(b, "causes")
	b.Causes = []breach.Cause{breach.CauseOther}
	d.refusesFields(b, "other_cause")
	b.OtherCause = " "
	d.refusesFields(b, "other_cause")
	b.OtherCause = "น้ำท่วมห้องเครื่อง"
	d.record(b)

	b.Causes = []breach.Cause{breach.CauseAccident}
	d.refusesFields(b, "other_cause")
}

func TestB03AnAvailabilityOnlyCaseRunsTheWholeFlow(t *testing.T) {
	d := open(t)
	b := nature()
	b.Labels, b.Effects = []breach.Label{breach.Availability}, []breach.Effect{breach.EffectLoss}
	d.record(aware(d.now), credible(), b, checklist(breach.Organisational), checklist(breach.Technical), checklist(breach.Physical), confirmed())
	d.toContained().record(assessed(breach.RiskSome), notified(d.now), breach.DocumentAttached{Title: "ผลประเมิน", Digest: digest})
	d.toPrevented().record(breach.Closed{Summary: "จบ"})
	assert.Equal(t, breach.StateClosed, d.c.State())
}

func TestB03ACaseMayHaveAllThreeLabelsAndNeedsOne(t *testing.T) {
	d := open(t)
	b := nature()
	b.Labels = breach.Labels()
	d.record(b)
	b.Labels = nil
	d.refusesFields(b, "labels")
}

func TestB04TheDutyToNotifyFollowsFromTheDecisionAlone(t *testing.T) {
	for _, row := range []struct {
		risk             breach.Risk
		office, subjects bool
		state            breach.State
	}{
		{breach.RiskNone, false, false, breach.StateNoRisk},
		{breach.RiskSome, true, false, breach.StateContained},
		{breach.RiskHigh, true, true, breach.StateContained},
	} {
		t.Run(string(row.risk), func(t *testing.T) {
			d := open(t).toConfirmed().toContained()
			assert.True(t, d.owes(breach.DutyOffice), "undecided counts as risk")
			assert.False(t, d.owes(breach.DutySubjects))

			// The figure says the opposite of the decision, and changes nothing.
			b := assessed(row.risk)
			b.Severity = breach.Severity{Context: breach.ContextSensitive, Identification: 4, Confidentiality: 2, Malicious: 2}
			if row.risk == breach.RiskHigh {
				b.Severity = breach.Severity{Context: breach.ContextSimple, Identification: 1}
			}
			d.record(b)
			assert.Equal(t, row.office, d.owes(breach.DutyOffice))
			assert.Equal(t, row.subjects, d.owes(breach.DutySubjects))
			assert.True(t, d.owes(breach.DutyRecord), "the assessment is kept, without risk above all")
			assert.Equal(t, row.state, d.c.State())
		})
	}
}

func TestB04ACaseWithoutRiskClosesWithItsRecordAndWithoutANotice(t *testing.T) {
	d := open(t).toConfirmed().toContained()
	d.record(assessed(breach.RiskNone))
	d.toPrevented()
	assert.Equal(t, []breach.DutyName{breach.DutyRecord}, d.unmet())
	d.record(breach.DocumentAttached{Title: "ผลประเมิน", Digest: digest}, breach.Closed{Summary: "ไม่มีความเสี่ยง"})
	assert.NotEmpty(t, d.c.ExitReason(), "the side exit has its reason")
}

func TestB05AnyoneCanReportAndTheReportIsNotAwareness(t *testing.T) {
	for _, source := range []breach.Source{
		breach.FromStaff, breach.FromPublic, breach.FromProcessor, breach.FromScanner, breach.FromCERT, breach.FromSystem, breach.FromOther,
	} {
		d := newDesk(t)
		b := report(d.now.Add(-2 * hour))
		b.Source = source
		d.record(b)
		assert.Equal(t, at(d.now.Add(-2*hour)), d.c.ReportedAt)
		assert.True(t, d.c.AwareAt.IsZero(), "a report from %s starts no clock of the law", source)
		assert.False(t, d.owes(breach.DutyOffice))
	}
	b := report(start)
	b.Source = "rumour"
	newDesk(t).refusesFields(b, "source")
}

func TestB05TheReportTimeIsCorrectedWithAReasonAndBothStayVisible(t *testing.T) {
	d := open(t)
	earlier := at(d.now.Add(-hour))
	d.refusesFields(breach.ReportedCorrected{ReportedAt: earlier}, "reason")
	d.record(breach.ReportedCorrected{ReportedAt: earlier, Reason: "โทรแจ้งก่อนหน้า"})
	assert.Equal(t, earlier, d.c.ReportedAt)
	assert.Equal(t, at(start), d.c.Report.ReportedAt, "the first one is still there")
}

func TestB06CredibilityHasATimerFromTheReportAndNeedsAReason(t *testing.T) {
	d := open(t)
	duty := d.duty(breach.DutyCredibility)
	require.NotNil(t, duty.Deadline)
	assert.Equal(t, at(start.Add(d.keeper.Settings.Credibility)), *duty.Deadline)
	assert.Equal(t, []string{"verdict"}, duty.Needs)

	for _, verdict := range []breach.Verdict{breach.Credible, breach.NotCredible} {
		d.refusesFields(breach.Credibility{Verdict: verdict}, "reason")
		d.refusesFields(breach.Credibility{Verdict: verdict, Reason: "\n \t"}, "reason")
	}
	d.refusesFields(breach.Credibility{Verdict: breach.Confirmed, Reason: "ผิดคำ"}, "verdict")

	d.after(d.keeper.Settings.Credibility)
	assert.Equal(t, breach.DueSoon, d.duty(breach.DutyCredibility).State)
	assert.Equal(t, breach.Overdue, d.after(1e9).duty(breach.DutyCredibility).State)
	d.record(credible())
	assert.Equal(t, breach.Late, d.duty(breach.DutyCredibility).State)
}

func TestB06WhatIsNotCredibleClosesWithItsReason(t *testing.T) {
	d := open(t)
	d.record(aware(d.now), breach.Credibility{Verdict: breach.NotCredible, Reason: "เป็นไฟล์ทดสอบ"})
	assert.Equal(t, breach.StateNotCredible, d.c.State())
	assert.Equal(t, "เป็นไฟล์ทดสอบ", d.c.ExitReason())
	assert.False(t, d.owes(breach.DutyOffice))

	t.Run("and new information takes it up again with the same clock", func(t *testing.T) {
		again := *d
		again.TB = t
		again.after(hour).record(credible())
		assert.Equal(t, at(start.Add(72*hour)), *again.duty(breach.DutyOffice).Deadline)
	})
	d.record(breach.Closed{Summary: "ไม่น่าเชื่อถือ"})
	assert.Equal(t, breach.StateClosed, d.c.State())
}

func TestB07B08B09EveryItemOfTheThreeChecklistsIsAnsweredOrMarkedUnknown(t *testing.T) {
	for _, area := range breach.Areas() {
		t.Run(string(area), func(t *testing.T) {
			d := open(t)
			full := checklist(area)
			for i, item := range area.Items() {
				left := full
				left.Items = append(append([]breach.Measure{}, full.Items[:i]...), full.Items[i+1:]...)
				d.refusesFields(left, item)

				bare := full
				bare.Items = append([]breach.Measure{}, full.Items...)
				bare.Items[i].Evidence = ""
				d.refusesFields(bare, item)
				bare.Items[i].InPlace = breach.InPlaceUnknown
				d.record(bare)
				bare.Items[i].InPlace = "maybe"
				d.refusesFields(bare, item)
			}
			twice := full
			twice.Items = append(append([]breach.Measure{}, full.Items...), full.Items[0])
			d.refusesFields(twice, "items")
			d.record(full)
		})
	}
	other := checklist(breach.Physical)
	other.Area = "moral"
	open(t).refuses(other)
}

func TestB08WhetherTheDataWasUnintelligibleReachesTheAssessment(t *testing.T) {
	for _, row := range []struct {
		unintelligible, keyLost breach.Answer
		want                    bool
	}{
		{breach.Yes, breach.No, true},
		{breach.Yes, breach.Yes, false},
		{breach.Yes, breach.NotKnown, false}, // what nobody knows is no comfort
		{breach.No, breach.No, false},
		{breach.NotKnown, breach.No, false},
	} {
		d := open(t).toConfirmed()
		b := checklist(breach.Technical)
		b.Unintelligible, b.KeyLost = row.unintelligible, row.keyLost
		d.record(b, assessed(breach.RiskSome))
		assert.Equal(t, row.want, d.c.Assessments[0].Figure.Unintelligible, "%s, key lost: %s", row.unintelligible, row.keyLost)
	}

	d := open(t)
	d.record(credible())
	d.refusesWhy(assessed(breach.RiskSome), breach.WhyTechnicalFirst)
	b := checklist(breach.Technical)
	b.Unintelligible = ""
	d.refusesFields(b, "unintelligible")
	physical := checklist(breach.Physical)
	physical.KeyLost = breach.Yes
	d.refusesFields(physical, "key_lost")
}

func TestB10AFactCanNeitherBeChangedNorRemoved(t *testing.T) {
	d := open(t)
	first := breach.Fact{SeenAt: at(d.now.Add(-hour)), Source: "บันทึกเว็บเซิร์ฟเวอร์", Text: "ดาวน์โหลด 3 ครั้ง"}
	d.record(first)
	before := d.c
	d.record(breach.Fact{SeenAt: at(d.now), Source: "ผู้ดูแลระบบ", Text: "นับใหม่ได้ 5 ครั้ง"})
	assert.Equal(t, first, d.c.Facts[0])
	assert.Len(t, before.Facts, 1, "a case that was read before doesn't change under its reader")

	d.refusesFields(breach.Fact{SeenAt: at(d.now), Text: "ไม่มีที่มา"}, "source")
	d.refusesFields(breach.Fact{Source: "ก", Text: "ไม่มีเวลา"}, "seen_at")
	assert.ErrorIs(t, d.refuses(breach.Fact{SeenAt: at(d.now.Add(1e9)), Source: "ก", Text: "ข"}), breach.ErrInFuture)

	t.Run("a history with a fact taken out, moved or written over is found out", func(t *testing.T) {
		events := d.c.Events
		_, err := breach.Replay(append(append([]breach.Event{}, events[:1]...), events[2:]...), d.keeper.Settings)
		require.ErrorIs(t, err, breach.ErrHistoryBroken)
		swapped := append([]breach.Event{}, events...)
		swapped[1], swapped[2] = swapped[2], swapped[1]
		_, err = breach.Replay(swapped, d.keeper.Settings)
		require.ErrorIs(t, err, breach.ErrHistoryBroken)
		foreign := append([]breach.Event{}, events...)
		foreign[1].Incident = "b-2026-0008"
		_, err = breach.Replay(foreign, d.keeper.Settings)
		require.ErrorIs(t, err, breach.ErrHistoryBroken)
		_, err = breach.Replay(nil, d.keeper.Settings)
		require.ErrorIs(t, err, breach.ErrHistoryBroken)
	})
}

func TestB10TheVerdictOnTheBreachNeedsReasonNatureAndAwareness(t *testing.T) {
	d := open(t)
	d.refusesWhy(confirmed(), breach.WhyNotCredible)
	d.record(credible())
	d.refusesWhy(confirmed(), breach.WhyNotAware)
	d.record(aware(d.now))
	d.refusesWhy(confirmed(), breach.WhyNatureMissing)
	d.record(nature())
	d.refusesFields(breach.Established{Verdict: breach.Confirmed}, "reason")
	d.record(confirmed())
	assert.Equal(t, []string{"organisational", "technical", "physical"}, d.duty(breach.DutyFacts).Needs, "the verdict alone doesn't end step 1")
}

func TestB10WhatIsNotConfirmedClosesWithItsReasonAndItsChecklists(t *testing.T) {
	d := open(t)
	d.record(aware(d.now), credible(), breach.Established{Verdict: breach.NotConfirmed, Reason: "ไม่มีข้อมูลจริง"})
	assert.Equal(t, breach.StateNotConfirmed, d.c.State())
	assert.Equal(t, []breach.DutyName{breach.DutyFacts}, d.unmet())
	d.refuses(breach.Closed{Summary: "จบ"})
	d.record(checklist(breach.Organisational), checklist(breach.Technical), checklist(breach.Physical), breach.Closed{Summary: "จบ"})
}

func TestB11AnAssessmentNeedsAllSevenFactorsAndANewOneKeepsTheOld(t *testing.T) {
	d := open(t).toConfirmed()
	whole := assessed(breach.RiskSome)
	names := whole.Factors.List()
	require.Len(t, names, 7)
	for i, blank := range []func(*breach.Factors){
		func(x *breach.Factors) { x.Breach = "" },
		func(x *breach.Factors) { x.Data = " " },
		func(x *breach.Factors) { x.People = "" },
		func(x *breach.Factors) { x.Severity = "" },
		func(x *breach.Factors) { x.WideEffect = "" },
		func(x *breach.Factors) { x.Storage = "" },
		func(x *breach.Factors) { x.Controller = "" },
	} {
		b := whole
		blank(&b.Factors)
		d.refusesFields(b, "factors."+names[i][0])
	}
	unreasoned := whole
	unreasoned.Reason = ""
	d.refusesFields(unreasoned, "reason")
	unreasoned = whole
	unreasoned.Risk = "low"
	d.refusesFields(unreasoned, "risk")

	d.record(whole, assessed(breach.RiskHigh))
	require.Len(t, d.c.Assessments, 2)
	assert.Equal(t, []int{1, 2}, []int{d.c.Assessments[0].Version, d.c.Assessments[1].Version})
	assert.Equal(t, breach.RiskSome, d.c.Assessments[0].Risk)
	assert.Equal(t, breach.RiskHigh, d.c.Risk(), "the last one counts")
	assert.True(t, d.c.Assessments[0].Figure.Over100, "240 people, from the case and not from the form")
}

func TestB06AVerdictGivenAgainMovesNoTarget(t *testing.T) {
	d := open(t)
	d.record(credible())
	due := *d.duty(breach.DutyFacts).Deadline
	d.after(hour).record(credible())
	assert.Equal(t, due, *d.duty(breach.DutyFacts).Deadline)
}

func TestB06WhatTurnsOutNotCredibleOwesNoRecoveryAnyMore(t *testing.T) {
	d := open(t).toConfirmed()
	assert.True(t, d.owes(breach.DutyRecover))
	d.record(breach.Credibility{Verdict: breach.NotCredible, Reason: "ไฟล์ทดสอบ"})
	assert.Equal(t, []breach.DutyName{breach.DutyCredibility}, names(breach.Duties(d.c, d.now)))
}
