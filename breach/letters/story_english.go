package letters

import (
	"fmt"
	"strings"

	"chipproof/breach"
)

// englishMoment is a day with the time in Thailand: 31 December 2026, 23:30. Empty
// when not set.
func englishMoment(m breach.Moment) string {
	if m.IsZero() {
		return ""
	}
	form := "2 January 2006, 15:04"
	if m.Time().Second() != 0 { // clocks of the law run in seconds
		form += ":05"
	}
	return m.Time().Format(form)
}

// tellInEnglish says what happened, the first three steps here, the others below.
func tellInEnglish(body breach.Body) string {
	switch b := body.(type) {
	case breach.Reported:
		return fmt.Sprintf("Reported by %s on %s: %s", sourceEnglish[b.Source], englishMoment(b.ReportedAt), b.Title)
	case breach.ReportedCorrected:
		return fmt.Sprintf("Time of the report corrected to %s: %s", englishMoment(b.ReportedAt), b.Reason)
	case breach.Aware:
		return "Aware of the breach on " + englishMoment(b.AwareAt)
	case breach.AwareCorrected:
		return fmt.Sprintf("Time of awareness corrected to %s: %s", englishMoment(b.AwareAt), b.Reason)
	case breach.Linked:
		return fmt.Sprintf("Evidence attached: %s %s", linkEnglish[b.To], b.Ref)
	case breach.Credibility:
		return fmt.Sprintf("Credibility weighed: %s, because: %s", verdictEnglish[b.Verdict], b.Reason)
	case breach.Fact:
		return fmt.Sprintf("Fact (%s, %s): %s", englishMoment(b.SeenAt), b.Source, b.Text)
	case breach.Checklist:
		return areaEnglish[b.Area] + " checked"
	case breach.Nature:
		return fmt.Sprintf("Nature of the breach: %s (%s)", b.Description, strings.Join(sayEach(b.Labels, labelEnglish), ", "))
	case breach.Established:
		return fmt.Sprintf("Facts established: %s, because: %s", verdictEnglish[b.Verdict], b.Reason)
	case breach.Assessed:
		return fmt.Sprintf("Risk assessed: %s, because: %s", riskEnglish[b.Risk], b.Reason)
	case breach.ActionStarted:
		return fmt.Sprintf("Action begun (%s): %s", meansEnglish[b.Means], b.Text)
	case breach.ActionFinished:
		return fmt.Sprintf("Action %d finished on %s", b.Action, englishMoment(b.FinishedAt))
	case breach.Contained:
		return fmt.Sprintf("Containment: %s (%s)", resultEnglish[b.Result], b.Text)
	case breach.Ordered:
		return fmt.Sprintf("Order to %s: %s, by %s", b.To, b.Text, englishMoment(b.DueAt))
	case breach.OrderAcknowledged:
		return fmt.Sprintf("Order %d acknowledged on %s", b.Order, englishMoment(b.AcknowledgedAt))
	case breach.OrderDone:
		return fmt.Sprintf("Order %d carried out on %s: %s", b.Order, englishMoment(b.DoneAt), b.Report)
	case breach.OrderWithdrawn:
		return fmt.Sprintf("Order %d withdrawn, because: %s", b.Order, b.Reason)
	}
	return tellNoticesInEnglish(body)
}

func tellNoticesInEnglish(body breach.Body) string {
	switch b := body.(type) {
	case breach.Contact:
		return "Contact named: " + b.Name
	case breach.OfficeNotified:
		return fmt.Sprintf("The Office of the Personal Data Protection Committee notified on %s by %s", englishMoment(b.SentAt), b.Channel)
	case breach.OfficeReceipt:
		return fmt.Sprintf("Receipt %s of the notice, received on %s", b.Receipt.Reference, englishMoment(b.Receipt.ReceivedAt))
	case breach.DelayExplained:
		return "Reasons of the delay given on " + englishMoment(b.SentAt)
	case breach.OfficeDecided:
		return fmt.Sprintf("The Office %s by letter %s of %s", excusalEnglish[b.Decision], b.Reference, englishMoment(b.DecidedAt))
	case breach.SubjectsPrepared:
		return "Notice to data subjects prepared, with remedies"
	case breach.Delivered:
		return fmt.Sprintf("Letters to data subjects sent: list %d, of %d rows", b.List, b.Rows)
	case breach.Published:
		return fmt.Sprintf("Public notice at %s, because: %s", b.Where, b.Reason)
	case breach.ReachChecked:
		return fmt.Sprintf("Page of publication %d checked: %s", b.Publication, reachEnglish[b.Reach])
	case breach.ControllerTold:
		return fmt.Sprintf("Controller told on %s by %s", englishMoment(b.ToldAt), b.Channel)
	case breach.ControllerAcknowledged:
		return "Acknowledged by the controller: " + b.Receipt.Reference
	}
	return tellRecoveryInEnglish(body)
}

func tellRecoveryInEnglish(body breach.Body) string {
	switch b := body.(type) {
	case breach.Recovered:
		return "Recovered: " + b.State
	case breach.TaskSet:
		return fmt.Sprintf("Task of prevention given to %s: %s, by %s", b.Owner, b.Text, englishMoment(b.DueAt))
	case breach.TaskDone:
		return fmt.Sprintf("Task of prevention %d done on %s", b.Task, englishMoment(b.DoneAt))
	case breach.TaskChecked:
		if b.Effective == breach.Yes {
			return fmt.Sprintf("Task of prevention %d checked, it works: %s", b.Task, b.How)
		}
		return fmt.Sprintf("Task of prevention %d checked, it doesn't work: %s", b.Task, b.How)
	case breach.Reviewed:
		return "Security measures reviewed under all seven heads"
	case breach.DocumentAttached:
		return "Document attached: " + b.Title
	case breach.Closed:
		return "Closed: " + b.Summary
	case breach.Reopened:
		return "Opened again, because: " + b.Reason
	}
	return ""
}
