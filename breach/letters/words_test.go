package letters

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
)

func said[K comparable](t *testing.T, words map[K]string, list ...K) {
	t.Helper()
	seen := map[string]bool{}
	for _, k := range list {
		assert.NotEmpty(t, words[k], "%v has a word", k)
		assert.False(t, seen[words[k]], "%v has a word of its own", k)
		seen[words[k]] = true
	}
	assert.Len(t, words, len(list), "and nothing else has one")
}

func TestEveryWordOfTheClosedListsIsSaidInThai(t *testing.T) {
	said(t, effectWords, breach.Effects()...)
	said(t, causeWords, breach.Causes()...)
	said(t, labelWords, breach.Labels()...)
	said(t, meansWords, breach.MeansList()...)
	said(t, areaWords, breach.Areas()...)
	said(t, riskWords, breach.RiskNone, breach.RiskSome, breach.RiskHigh)
	said(t, verdictWords, breach.Credible, breach.NotCredible, breach.Confirmed, breach.NotConfirmed)
	said(t, resultWords, breach.ResultEnded, breach.ResultEased)
	said(t, reachWords, breach.ReachOpen, breach.ReachLogin, breach.ReachOther, breach.ReachNothing)
	said(t, excusalWords, breach.Excused, breach.NotExcused, breach.OtherWord)
	said(t, bandWords, breach.BandLow, breach.BandMedium, breach.BandHigh, breach.BandVeryHigh)
	said(t, linkWords, breach.LinkFinding, breach.LinkTakedown, breach.LinkAudit, breach.LinkIncident)
	said(t, sourceWords, breach.FromStaff, breach.FromPublic, breach.FromProcessor, breach.FromScanner, breach.FromCERT, breach.FromSystem, breach.FromOther)
	for _, s := range []breach.State{
		breach.StateReported, breach.StateCredible, breach.StateConfirmed, breach.StateContained, breach.StateNotifiedOffice,
		breach.StateNotifiedSubjects, breach.StateToldController, breach.StateNoRisk, breach.StateRecovered, breach.StatePrevented,
		breach.StateClosed, breach.StateNotCredible, breach.StateNotConfirmed,
	} {
		assert.NotEmpty(t, stateWords[s], "%s has a word", s)
	}
}

func TestEveryWordOfAHistoryIsSaidInEnglish(t *testing.T) {
	said(t, labelEnglish, breach.Labels()...)
	said(t, meansEnglish, breach.MeansList()...)
	said(t, areaEnglish, breach.Areas()...)
	said(t, riskEnglish, breach.RiskNone, breach.RiskSome, breach.RiskHigh)
	said(t, verdictEnglish, breach.Credible, breach.NotCredible, breach.Confirmed, breach.NotConfirmed)
	said(t, resultEnglish, breach.ResultEnded, breach.ResultEased)
	said(t, reachEnglish, breach.ReachOpen, breach.ReachLogin, breach.ReachOther, breach.ReachNothing)
	said(t, excusalEnglish, breach.Excused, breach.NotExcused, breach.OtherWord)
	said(t, linkEnglish, breach.LinkFinding, breach.LinkTakedown, breach.LinkAudit, breach.LinkIncident)
	said(t, sourceEnglish, breach.FromStaff, breach.FromPublic, breach.FromProcessor, breach.FromScanner, breach.FromCERT, breach.FromSystem, breach.FromOther)
}

func TestEveryKindOfEventIsASentence(t *testing.T) {
	for _, kind := range breach.Kinds() {
		body, err := breach.ParseBody(kind, []byte("{}"))
		require.NoError(t, err)
		assert.NotEmpty(t, tell(body), "%s", kind)
		assert.NotEmpty(t, tellInEnglish(body), "%s", kind)
		assert.NotRegexp(t, `[\x{0E00}-\x{0E7F}]`, tellInEnglish(body), "%s", kind)
	}
	assert.Empty(t, tell(nil))
	assert.Empty(t, tellInEnglish(nil))
	assert.Contains(t, tellInEnglish(breach.TaskChecked{Effective: breach.Yes}), "it works")
	assert.Contains(t, tellInEnglish(breach.TaskChecked{Effective: breach.No}), "doesn't work")
	assert.Contains(t, tell(breach.TaskChecked{Effective: breach.Yes}), " ได้ผล")
	assert.Contains(t, tell(breach.TaskChecked{Effective: breach.No}), "ไม่ได้ผล")
}

func TestMomentsAreWrittenInTheBuddhistEraAndInEnglishInTheCommonOne(t *testing.T) {
	for text, want := range map[string][2]string{
		"2026-12-31T23:59:59+07:00": {"31 ธันวาคม 2569 เวลา 23.59.59 น.", "31 December 2026, 23:59:59"},
		"2026-12-31T17:00:00Z":      {"1 มกราคม 2570 เวลา 00.00 น.", "1 January 2027, 00:00"},
		"2028-02-29T08:05:00+07:00": {"29 กุมภาพันธ์ 2571 เวลา 08.05 น.", "29 February 2028, 08:05"},
	} {
		m, err := breach.ParseMoment(text)
		require.NoError(t, err)
		assert.Equal(t, want, [2]string{thaiMoment(m), englishMoment(m)})
	}
	assert.Empty(t, thaiMoment(breach.Moment{}))
	assert.Empty(t, englishMoment(breach.Moment{}))
}

func TestNumbersAreGroupedByThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 12400: "12,400", 1234567: "1,234,567"} {
		assert.Equal(t, want, thousands(n))
	}
	assert.Equal(t, "จำนวนประมาณ 1,000 ราย", thaiCount(breach.Count{Number: 1000, Certainty: breach.Estimate}, "ราย"))
}
