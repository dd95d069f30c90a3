package main

import (
	"context"
	"time"

	"chipproof/breach"
	"chipproof/breach/reading"
	"chipproof/cmd/internal/program"
	officestore "chipproof/store/office"
)

// breachCmd groups what is done with the register of incidents: the five steps in
// their order, and what stands beside them.
type breachCmd struct {
	Open     breachOpenCmd     `cmd:"" help:"Report something abnormal: open an incident."`
	List     breachListCmd     `cmd:"" help:"List the incidents, newest first."`
	Show     breachShowCmd     `cmd:"" help:"Show an incident: what it owes, and its history."`
	Due      breachDueCmd      `cmd:"" help:"What is owed over all incidents, by when, and by which law; for cron."`
	Note     breachNoteCmd     `cmd:"" help:"Add a line to the log of facts."`
	Assess   breachAssessCmd   `cmd:"" help:"Step 1: whether it is credible, whether it is confirmed, how risky it is."`
	Contain  breachContainCmd  `cmd:"" help:"What is done to end it, orders to a processor, and what it came to."`
	Notify   breachNotifyCmd   `cmd:"" help:"Record the notice to the Office, or to our controller."`
	Record   breachRecordCmd   `cmd:"" help:"Record any kind of event."`
	Form     breachFormCmd     `cmd:"" help:"Print what an event of a kind says, to be filled in for 'breach record'."`
	Document breachDocumentCmd `cmd:"" help:"Write a document: notice, letters, order, file note."`
	Close    breachCloseCmd    `cmd:"" help:"Close an incident that owes nothing any more."`
	Check    breachCheckCmd    `cmd:"" help:"Check that nobody has changed the history of an incident."`
	Proposal breachProposalCmd `cmd:"" help:"What this program takes for a possible incident: list, accept, dismiss."`
}

// register is the register of incidents of an open data folder.
type register struct {
	*officestore.Incidents
	mail   *officestore.Mail
	by     breach.Actor
	reader breach.Reader
}

func registerOf(b *bureau) *register {
	return &register{
		Incidents: b.incidents, mail: officestore.NewMail(b.Store, b.Audit, time.Now),
		by: breach.Actor{ID: b.Actor}, reader: reading.New(b.scanner),
	}
}

// onRegister opens the register of the data folder for one act. agency are the
// texts that a public notice may hold.
func onRegister[T any](ctx context.Context, p *program.Program, d program.DataDir, agency agencyFlags, act func(*register) (T, error)) (T, error) {
	return onBureau(ctx, p, d, agency, func(b *bureau) (T, error) { return act(registerOf(b)) })
}

// recorded adds events to an incident and prints how it stands then.
func recorded(ctx context.Context, p *program.Program, d program.DataDir, asJSON bool, id string, bodies ...breach.Body) error {
	c, err := onRegister(ctx, p, d, agencyFlags{}, func(r *register) (breach.Case, error) {
		return r.Record(ctx, r.by, id, officestore.AnyState, bodies...)
	})
	if err != nil {
		return err
	}
	return printCase(p, c, asJSON)
}

// misused is a command line that can't be meant.
func misused(command string, err error) error {
	return &program.UsageError{Err: err, Help: "${program} breach " + command + " --help"}
}
