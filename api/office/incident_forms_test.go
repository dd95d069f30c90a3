package office

import (
	"encoding/json"
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	web "chipproof/api/console"
	"chipproof/breach"
	"chipproof/breach/letters"
)

func TestEveryKindOfEventHasAForm(t *testing.T) {
	var kinds []breach.Kind
	ids := map[string]bool{}
	for _, f := range incidentForms() {
		assert.False(t, ids[f.ID], "%s stands twice", f.ID)
		ids[f.ID] = true
		kinds = append(kinds, breach.Kind(f.Kind))
		for _, field := range f.Fields {
			if len(field.Choices) == 0 {
				assert.NotContains(t, []input{inChoice, inMany, inCount, inMeasure}, field.Input, "%s has no choices", field.ID())
			}
			assert.Equal(t, field.Input == inRef, field.Of != "", field.ID())
		}
	}
	for _, kind := range breach.Kinds() {
		assert.Contains(t, kinds, kind)
	}
	assert.Len(t, ids, len(breach.Kinds())+2, "three checklists are of one kind")
}

// sample is what a person could fill in.
func sample(f field) any {
	switch f.Input {
	case inWhen:
		return "2026-11-23T08:00:00+07:00"
	case inChoice:
		if f.Number {
			return json.Number(f.Choices[0].Value)
		}
		return f.Choices[0].Value
	case inMany:
		return []string{f.Choices[0].Value}
	case inCount:
		return map[string]any{"number": 3, "certainty": f.Choices[0].Value}
	case inRef, inNumber:
		return 1
	case inDigest:
		return strings.Repeat("a", 64)
	case inRows:
		return []map[string]any{{"from": 1, "to": 1, "status": "sent"}}
	}
	return "ข้อความ"
}

// filled is a form as the page sends it, with one field set otherwise.
func filled(f form, name string, value any) []byte {
	body := map[string]any{}
	for member, fixed := range f.Fixed {
		body[member] = fixed
	}
	var items []any
	for _, field := range f.Fields {
		v := sample(field)
		if field.Name == name {
			v = value
		}
		if field.Input == inMeasure {
			items = append(items, map[string]any{"item": field.Name, "in_place": field.Choices[0].Value, "evidence": "เอกสาร"})
			continue
		}
		into := body
		path := strings.Split(field.Name, ".")
		for _, part := range path[:len(path)-1] {
			if into[part] == nil {
				into[part] = map[string]any{}
			}
			into = into[part].(map[string]any)
		}
		into[path[len(path)-1]] = v
	}
	if items != nil {
		body["items"] = items
	}
	text, _ := json.Marshal(body)
	return text
}

// aCase is one that knows something of everything that forms refer to.
func aCase(t *testing.T) (breach.Keeper, breach.Case, time.Time) {
	t.Helper()
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, breach.Bangkok())
	k := breach.Keeper{Settings: breach.Shipped()}
	c, _, err := k.Open("b-2026-0001", breach.Reported{Title: "ก", Role: breach.RoleController, Source: breach.FromStaff, ReportedAt: breach.At(at)}, "u-1", at)
	require.NoError(t, err)
	return k, c, at.Add(time.Hour)
}

// Whatever a form can send is read by package breach, and no choice that it offers
// is one that package breach doesn't take.
func TestEveryFormSendsWhatItsKindReads(t *testing.T) {
	keeper, c, at := aCase(t)
	for _, f := range incidentForms() {
		body, err := breach.ParseBody(breach.Kind(f.Kind), filled(f, "", nil))
		require.NoError(t, err, "%s: %s", f.ID, filled(f, "", nil))
		complained(t, keeper, c, body, at, f, "as it is")
		for _, field := range f.Fields {
			for _, o := range field.Choices {
				var v any = o.Value
				switch field.Input {
				case inChoice:
					if field.Number {
						v = json.Number(o.Value)
					}
				case inMany:
					v = []string{o.Value}
				default:
					continue
				}
				body, err := breach.ParseBody(breach.Kind(f.Kind), filled(f, field.Name, v))
				require.NoError(t, err, "%s %s", field.ID(), o.Value)
				complained(t, keeper, c, body, at, f, field.Name+" "+o.Value)
			}
		}
	}
}

// complained fails where the form of an event is found wrong; that the case can't
// take it now is another matter.
func complained(t *testing.T, k breach.Keeper, c breach.Case, body breach.Body, at time.Time, f form, what string) {
	t.Helper()
	_, _, err := k.Record(c, body, "u-1", at)
	e, ok := errors.AsType[*breach.FieldsError](err)
	if !ok {
		return
	}
	// Words that depend on another field are the officer's to get right.
	free := []string{"other_cause", "controller", "due_at", "area"}
	wrong := slices.DeleteFunc(slices.Clone(e.Fields), func(name string) bool { return slices.Contains(free, name) })
	assert.Empty(t, wrong, "%s, %s", f.ID, what)
}

func TestClosedListsAreWhole(t *testing.T) {
	values := func(list []option) (all []string) {
		for _, o := range list {
			all = append(all, o.Value)
		}
		return all
	}
	assert.Equal(t, strs(breach.Effects()), values(effectChoices()))
	assert.Equal(t, strs(breach.Causes()), values(causeChoices()))
	assert.Equal(t, strs(breach.Labels()), values(labelChoices()))
	assert.Equal(t, strs(breach.MeansList()), values(meansChoices()))
	for _, area := range breach.Areas() {
		for _, item := range area.Items() {
			assert.NotEmpty(t, itemWords[item][0], item)
			assert.NotEmpty(t, itemWords[item][1], item)
		}
	}
}

// incidentSources are the scripts and templates of the register's pages.
func incidentSources(t *testing.T, end string) map[string]string {
	t.Helper()
	all := map[string]string{}
	p := Pages(Office{Incidents: &Incidents{}})
	for _, files := range []fs.FS{p.Static, p.Templates} {
		require.NoError(t, fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasPrefix(name, "incident") || !strings.HasSuffix(name, end) {
				return err
			}
			content, err := fs.ReadFile(files, name)
			all[name] = string(content)
			return err
		}))
	}
	return all
}

func TestEveryWordOfTheRegisterHasATextInBothLanguages(t *testing.T) {
	known := map[string]bool{}
	for _, m := range slices.Concat(Pages(Office{Incidents: &Incidents{}, Exposures: &Exposures{}}).Messages, web.Common().Messages) {
		known[m.Key] = true
	}
	for _, m := range slices.Concat(incidentMessages(), formMessages(incidentForms()), incidentWords()) {
		assert.NotEmpty(t, m.TH, m.Key)
		assert.NotRegexp(t, `[ก-๙]`, m.EN, m.Key)
		assert.True(t, strings.ContainsFunc(m.TH, func(r rune) bool { return r >= 'ก' && r <= '๙' }), m.Key)
	}
	var words []string
	group := func(name string, values ...string) {
		for _, v := range values {
			words = append(words, name+"."+v)
		}
	}
	group("duty", "assess_credibility", "establish_facts", "contain", "assess_risk", "notify_office", "explain_delay", "notify_subjects", "keep_record",
		"tell_controller", "recover", "prevent_and_review", "order")
	group("dutystate", strs([]breach.DutyState{breach.Open, breach.DueSoon, breach.Overdue, breach.Late, breach.Met})...)
	group("casestate", strs([]breach.State{
		breach.StateReported, breach.StateCredible, breach.StateConfirmed, breach.StateContained, breach.StateNotifiedOffice, breach.StateNotifiedSubjects,
		breach.StateToldController, breach.StateNoRisk, breach.StateRecovered, breach.StatePrevented, breach.StateClosed, breach.StateNotCredible, breach.StateNotConfirmed,
	})...)
	group("timing", strs([]breach.Timing{breach.TimingInTime, breach.TimingLate, breach.TimingOutOfTime})...)
	group("why", strs([]breach.Why{
		breach.WhyAlready, breach.WhyClosed, breach.WhyNotClosed, breach.WhyNotAware, breach.WhyNotCredible, breach.WhyNotConfirmed, breach.WhyNatureMissing,
		breach.WhyTechnicalFirst, breach.WhyNoAction, breach.WhyUnknownNumber, breach.WhyController, breach.WhyProcessor, breach.WhyNotLate,
		breach.WhyDelayUnreasoned, breach.WhyNoNotice, breach.WhyOtherList,
	})...)
	group("alarm", strs([]breach.Alarm{breach.AlarmLogins, breach.AlarmAudit, breach.AlarmGuard, breach.AlarmFinding})...)
	group("band", strs([]breach.Band{breach.BandLow, breach.BandMedium, breach.BandHigh, breach.BandVeryHigh})...)
	group("document", strs(letters.Kinds())...)
	group("need", breach.ContentDescription, breach.ContentPeople, breach.ContentRecords, breach.ContentContact, breach.ContentConsequences, breach.ContentMeasures,
		breach.ContentReceipt, breach.ContentReasons, breach.ContentDetails, breach.ContentNature, breach.ContentEffects, breach.ContentRemedies, breach.ContentAdvice)
	for name, content := range incidentSources(t, ".js") {
		for _, m := range regexp.MustCompile(`\bt\('([a-z_]+\.[a-z_0-9-]+)'`).FindAllStringSubmatch(content, -1) {
			words = append(words, m[1])
			assert.True(t, known[m[1]], "%s says %s", name, m[1])
		}
	}
	for _, w := range words {
		assert.True(t, known[w], w)
	}
}

func TestDutiesOfferOnlyFormsThatThereAre(t *testing.T) {
	ids := map[string]bool{}
	for _, f := range incidentForms() {
		ids[f.ID] = true
	}
	content := incidentSources(t, "duties.js")["incident-duties.js"]
	found := 0
	for _, list := range regexp.MustCompile(`: \[((?:'[a-z_]+'(?:, )?)+)\]`).FindAllStringSubmatch(content, -1) {
		for _, name := range regexp.MustCompile(`'([a-z_]+)'`).FindAllStringSubmatch(list[1], -1) {
			found++
			assert.True(t, ids[name[1]], name[1])
		}
	}
	assert.Greater(t, found, 30)
}

func TestTheRegistersPagesFitTogetherAndHaveNothingInline(t *testing.T) {
	_, err := web.New(web.Options{Mode: api.Production, Parts: []web.Part{web.Common(), Pages(Office{Incidents: &Incidents{}, Exposures: &Exposures{}})}})
	require.NoError(t, err)
	for name, content := range incidentSources(t, ".html") {
		assert.NotRegexp(t, `(?i)<script|<style|\sstyle=|\son[a-z]+=|javascript:`, content, name)
		assert.NotRegexp(t, `(?:src|href|action)="(?:https?:)?//`, content, name)
	}
	for name, content := range incidentSources(t, ".js") {
		assert.NotRegexp(t, `localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|\beval\(|new Function`, content, name)
	}
}
