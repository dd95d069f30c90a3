package office

import (
	"strings"

	"chipproof/api"
	"chipproof/exposure"
	"chipproof/exposure/formats"
	"chipproof/exposure/job"
)

// What follows says for the command line what the pages say, in the same words
// and the same shapes.

// DescribeFinding is a finding as GET /v1/findings lists it.
func DescribeFinding(f job.Found) FindingLine { return findingLine(f) }

// CountFindings is what all findings of a filter come to, as GET /v1/findings
// has it. scanned says that there was any scan at all.
func CountFindings(t job.Totals, scanned int) FindingCounts {
	return FindingCounts{
		People: t.People, PeopleEstimated: t.PeopleEstimated, Findings: t.Findings, Targets: t.Targets,
		Severities: nonNilMap(counted(t.By)), Scanned: scanned > 0,
	}
}

// DescribeTask is a task as GET /v1/tasks lists it for an officer; names are those
// of accounts by their ids.
func DescribeTask(t job.Task, names map[string]string) TaskAnswer {
	a := taskAnswer(t, names, api.Person{})
	a.MayClaim = t.State != exposure.TaskStopped
	return a
}

// Severities are those of findings, the worst first.
func Severities() []exposure.Severity { return severities() }

// Classes are what findings are about.
func Classes() []exposure.Class { return classes() }

// ClassText names a kind of data.
func ClassText(c exposure.Class) api.Text { return officeText("dataclass." + string(c)) }

// SeverityText names how bad a finding is.
func SeverityText(s exposure.Severity) api.Text { return officeText("severity." + string(s)) }

// ReachText names who can get at what was found.
func ReachText(r exposure.Reachability) api.Text { return officeText("reach." + string(r)) }

// ChangeText names what became of a finding.
func ChangeText(c exposure.Change) api.Text { return officeText("findingstate." + string(c)) }

// NotReadText says why something was not read.
func NotReadText(r formats.Reason) api.Text { return officeText("notread." + string(r)) }

// ScanReasonText says why a scan is incomplete, and what to do.
func ScanReasonText(r job.Reason) api.Text { return officeText("scanreason." + string(r)) }

// TaskStateText names how a task stands.
func TaskStateText(s exposure.TaskState) api.Text { return officeText("taskstate." + string(s)) }

// TaskMeansText says what the state of a task asks for.
func TaskMeansText(s exposure.TaskState) api.Text { return officeText("taskmeans." + string(s)) }

// PlaceText names what a place of a task is.
func PlaceText(k exposure.PlaceKind) api.Text { return officeText("placekind." + string(k)) }

// UnprovenText says why nothing is proven for a place.
func UnprovenText(why string) api.Text { return officeText("unproven." + why) }

// UnprovenRemedy says what to do about that.
func UnprovenRemedy(why string) api.Text { return officeText("unproven_remedy." + why) }

// officeText is a fixed word; one that has none stands for itself.
func officeText(key string) api.Text {
	for _, m := range officeWords() {
		if m.Key == key {
			return api.Text{TH: m.TH, EN: m.EN}
		}
	}
	_, word, _ := strings.Cut(key, ".")
	return api.Text{TH: word, EN: word}
}
