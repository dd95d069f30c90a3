package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"chipproof/api"
	"chipproof/api/office"
	"chipproof/breach"
	"chipproof/cmd/internal/program"
)

// printJSON writes one document on one line, in the shapes of the API.
func printJSON[T any](w io.Writer, document T) error {
	text, err := json.Marshal(document, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// printCase says how an incident stands, in a line, and what is next.
func printCase(p *program.Program, c breach.Case, asJSON bool) error {
	s := office.SummarizeIncident(c, time.Now(), p.Say[0])
	if asJSON {
		return printJSON(p.Out, s)
	}
	var page strings.Builder
	writeSummary(&page, p.Say, s)
	_, err := io.WriteString(p.Out, page.String())
	return err
}

func writeSummary(page *strings.Builder, say program.Speech, s office.IncidentSummary) {
	fmt.Fprintf(page, "%s  %s  [%s]\n", s.ID, program.Shown(s.Title), say.Label(office.IncidentStateText(s.State)))
	if s.Next != nil {
		fmt.Fprintf(page, "  %s: %s\n", say.Label(api.Text{TH: "ถัดไป", EN: "next"}), dutyLine(say, s.Next.Duty, s.Next.Deadline, s.Next.State))
	}
}

// dutyLine is a duty in a line: what, by when, how it stands.
func dutyLine(say program.Speech, name breach.DutyName, deadline *breach.Moment, state breach.DutyState) string {
	line := fmt.Sprintf("%s (%s)", say.Label(office.DutyText(name)), say.Label(office.DutyStateText(state)))
	if deadline != nil {
		line += "  " + deadline.String()
	}
	return line
}

// writeDuty says of a duty what it rests on and what it lacks.
func writeDuty(page *strings.Builder, say program.Speech, d breach.Duty) {
	fmt.Fprintf(page, "%s  %s\n", d.Incident, dutyLine(say, d.Duty, d.Deadline, d.State))
	fmt.Fprintf(page, "    %s\n", say.Label(office.LawText(d.Law)))
	if d.Penalty != "" {
		fmt.Fprintf(page, "    %s\n", say.Label(office.LawText(d.Penalty)))
	}
	if len(d.Needs) > 0 {
		var needs []string
		for _, n := range d.Needs {
			needs = append(needs, say.Label(office.NeedText(n)))
		}
		fmt.Fprintf(page, "    %s: %s\n", say.Label(api.Text{TH: "ยังขาด", EN: "still missing"}), strings.Join(needs, ", "))
	}
}

// warnBroken says on stderr of which incidents nobody can tell what they owe.
func warnBroken(p *program.Program, broken []string) {
	if len(broken) == 0 {
		return
	}
	row := p.Kind.Problems().Find(breach.ErrHistoryBroken)
	for _, lang := range p.Say {
		fmt.Fprintf(p.Err, "%s: %s: %s — %s\n", p.Kind.Name, row.Code, row.Title.In(lang), row.Remedy.In(lang))
	}
	fmt.Fprintf(p.Err, "  %s\n", strings.Join(broken, ", "))
}
