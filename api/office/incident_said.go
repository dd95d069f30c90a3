package office

import (
	"regexp"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/breach"
)

// What follows says for the command line what the pages say, in the same words
// and the same shapes.

// DescribeIncident is an incident as GET /v1/incidents/{id} answers it.
func DescribeIncident(c breach.Case, now time.Time, lang api.Lang) IncidentDetail {
	return detailOf(c, now, lang)
}

// SummarizeIncident is an incident's line in the list.
func SummarizeIncident(c breach.Case, now time.Time, lang api.Lang) IncidentSummary {
	return summaryOf(c, now, lang)
}

// DutyText names a duty.
func DutyText(name breach.DutyName) api.Text {
	if order, ok := strings.CutPrefix(string(name), "order_"); ok {
		t := incidentText("duty.order")
		return api.Text{TH: strings.Replace(t.TH, "%s", order, 1), EN: strings.Replace(t.EN, "%s", order, 1)}
	}
	return incidentText("duty." + string(name))
}

// DutyStateText names how a duty stands.
func DutyStateText(s breach.DutyState) api.Text { return incidentText("dutystate." + string(s)) }

// IncidentStateText names how far an incident has come.
func IncidentStateText(s breach.State) api.Text { return incidentText("casestate." + string(s)) }

var needOfTask = regexp.MustCompile(`^task_(\d+)_(done|check)$`)

// NeedText names what a duty still needs.
func NeedText(need string) api.Text {
	if task := needOfTask.FindStringSubmatch(need); task != nil {
		t := incidentText("need.task_" + task[2])
		return api.Text{TH: strings.Replace(t.TH, "%s", task[1], 1), EN: strings.Replace(t.EN, "%s", task[1], 1)}
	}
	return incidentText("need." + need)
}

// LawText is the law or the penalty of a duty.
func LawText(text string) api.Text {
	return api.Text{TH: lawIn(text, api.Thai), EN: lawIn(text, api.English)}
}

// AlarmText says what our own programs noticed.
func AlarmText(a breach.Alarm, number string) api.Text {
	t := incidentText("alarm." + string(a))
	return api.Text{TH: strings.Replace(t.TH, "%s", number, 1), EN: strings.Replace(t.EN, "%s", number, 1)}
}

// incidentText is a fixed word; one that has none stands for itself.
func incidentText(key string) api.Text {
	for _, m := range incidentWords() {
		if m.Key == key {
			return api.Text{TH: m.TH, EN: m.EN}
		}
	}
	_, word, _ := strings.Cut(key, ".")
	return api.Text{TH: word, EN: word}
}
