package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"

	"chipproof/breach"
	"chipproof/cmd/internal/program"
)

type breachNotifyCmd struct {
	ID         string          `arg:"" help:"The incident, such as b-2026-0007."`
	To         string          `help:"Whom: office (the PDPC's), or controller when we are the processor." enum:"office,controller" default:"office"`
	SentAt     when            `help:"When it went out. Without it: now." placeholder:"TIME"`
	Channel    string          `help:"How it went out." required:"" placeholder:"TEXT"`
	Document   string          `help:"The notice as it was sent: its digest is kept, not the file." placeholder:"FILE|SHA256"`
	Reference  string          `help:"Number of the receipt, once there is one." placeholder:"TEXT"`
	ReceivedAt when            `help:"When it was received. Without it: now." placeholder:"TIME"`
	Receipt    string          `help:"The receipt: its digest is kept, not the file." placeholder:"FILE|SHA256"`
	Necessity  string          `help:"After 72 hours: why it could not be in time." placeholder:"TEXT"`
	Details    string          `help:"After 72 hours: the details that show it." placeholder:"TEXT"`
	Text       string          `help:"To our controller: what we told it." placeholder:"TEXT"`
	JSON       bool            `name:"json" help:"Print JSON: the incident as a line of the API's list."`
	Data       program.DataDir `embed:""`
}

// Help is the long text of `breach notify --help`.
func (breachNotifyCmd) Help() string {
	return `Records that the notice was sent; it sends nothing. 'chipproof-office breach document ID office_notice' writes it. A receipt that comes later: 'chipproof-office breach record ID --kind office_receipt'. Data subjects are told by 'chipproof-office breach document ID subject_letter --recipients LIST.csv', or publicly: '--kind published'.`
}

// Validate is called by kong once all values are settled.
func (c *breachNotifyCmd) Validate() error {
	switch {
	case (c.Receipt != "" || !c.ReceivedAt.IsZero()) && c.Reference == "":
		return errors.New("--receipt and --received-at need --reference")
	case (c.Necessity == "") != (c.Details == ""):
		return errors.New("--necessity and --details go together")
	case c.To == "office" && c.Text != "":
		return errors.New("--text is for --to controller")
	case c.To == "controller" && c.Text == "":
		return errors.New("--to controller needs --text")
	case c.To == "controller" && c.Necessity != "":
		return errors.New("--necessity and --details are for --to office")
	}
	return nil
}

// Run implements [program.Command].
func (c *breachNotifyCmd) Run(ctx context.Context, p *program.Program) error {
	document, err := digestOf(c.Document)
	if err != nil {
		return misused("notify", fmt.Errorf("--document: %w", err))
	}
	receipt, err := c.receipt()
	if err != nil {
		return misused("notify", fmt.Errorf("--receipt: %w", err))
	}
	return recorded(ctx, p, c.Data, c.JSON, c.ID, c.bodies(document, receipt)...)
}

func (c *breachNotifyCmd) receipt() (*breach.Receipt, error) {
	if c.Reference == "" {
		return nil, nil
	}
	digest, err := digestOf(c.Receipt)
	if err != nil {
		return nil, err
	}
	return &breach.Receipt{Reference: c.Reference, ReceivedAt: c.ReceivedAt.or(present()), Document: digest}, nil
}

func (c *breachNotifyCmd) bodies(document string, receipt *breach.Receipt) []breach.Body {
	sent := c.SentAt.or(present())
	if c.To == "controller" {
		list := []breach.Body{breach.ControllerTold{ToldAt: sent, Channel: c.Channel, Text: c.Text, Document: document}}
		if receipt != nil {
			list = append(list, breach.ControllerAcknowledged{Receipt: *receipt})
		}
		return list
	}
	notice := breach.OfficeNotified{SentAt: sent, Channel: c.Channel, Document: document, Receipt: receipt}
	if c.Necessity != "" {
		notice.Delay = &breach.Delay{Necessity: c.Necessity, Details: c.Details}
	}
	return []breach.Body{notice}
}

var sha256Text = regexp.MustCompile(`^[0-9a-f]{64}$`)

// digestOf is the SHA-256 of a file, or the one that was given in its place; empty
// for nothing.
func digestOf(given string) (digest string, err error) {
	if given == "" || sha256Text.MatchString(given) {
		return given, nil
	}
	f, err := os.Open(given)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
