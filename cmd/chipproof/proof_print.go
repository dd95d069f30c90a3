package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"chipproof/api"
	"chipproof/cmd/internal/program"
	"chipproof/proofing/proof"
)

// refusalCodes are what `proof verify` calls the refusal of each step, by its
// name. They are stable, as the codes of problems are.
var refusalCodes = map[string]string{
	"form":      "proof_malformed",
	"header":    "proof_header_refused",
	"key":       "proof_key_unknown",
	"signature": "proof_signature_wrong",
	"payload":   "proof_payload_invalid",
	"issuer":    "proof_issuer_wrong",
	"audience":  "proof_audience_wrong",
	"time":      "proof_times_invalid",
	"mode":      "proof_mode_wrong",
	"asked":     "proof_context_wrong",
	"nonce":     "proof_nonce_wrong",
	"replayed":  "proof_replayed",
	"demand":    "proof_inconsistent",
	"operator":  "proof_operator_refused",
	"photo":     "proof_photo_wrong",
}

// code is the refusal's, and the number of its step; what isn't told apart by
// the step is told apart here.
func (c judgement) code() (code string, step int) {
	at, _ := proof.StepOf(c.err)
	code = refusalCodes[at.Name]
	if clock, ok := errors.AsType[*proof.ClockError](c.err); ok {
		code = "proof_expired"
		if clock.Ahead > 0 {
			code = "proof_early"
		}
	}
	if errors.Is(c.err, proof.ErrDemand) && c.proof != nil && c.proof.Decision != proof.Accepted {
		code = "proof_not_accepted"
	}
	return code, at.Number
}

// checkedLine is what `proof verify --json` prints.
type checkedLine struct {
	Valid      bool           `json:"valid"`
	Code       string         `json:"code,omitzero"`
	Step       int            `json:"step,omitzero"`
	Detail     string         `json:"detail,omitzero"`
	Decision   string         `json:"decision,omitzero"`
	Txn        string         `json:"txn,omitzero"`
	NotChecked []string       `json:"not_checked,omitempty"`
	Claims     jsontext.Value `json:"claims,omitzero"`
}

func printChecked(p *program.Program, c judgement, asJSON bool) error {
	if !asJSON {
		return printCheckedText(p, c)
	}
	line := checkedLine{Valid: c.err == nil}
	if c.err != nil {
		line.Code, line.Step = c.code()
		line.Detail = c.err.Error()
	}
	if c.proof != nil {
		claims, err := c.proof.Reveal()
		if err != nil {
			return fmt.Errorf("print proof: %w", err)
		}
		line.Decision, line.Txn, line.NotChecked, line.Claims = c.proof.Decision, c.proof.Txn, c.unchecked, claims
	}
	return program.PrintJSON(p.Out, line)
}

// printCheckedText says what was proved, and nothing of whom.
func printCheckedText(p *program.Program, c judgement) error {
	if c.err != nil {
		code, step := c.code()
		fmt.Fprintf(p.Out, "%s: %s (%s %d)\n  %v\n", p.Say.Label(api.Text{TH: "ไม่ผ่าน", EN: "refused"}), code, p.Say.Label(api.Text{TH: "ขั้นที่", EN: "step"}), step, c.err)
	} else {
		fmt.Fprintln(p.Out, p.Say.Label(api.Text{TH: "ผลพิสูจน์ถูกต้อง", EN: "the proof is good"}))
	}
	if c.proof == nil {
		return nil
	}
	table := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
	row := func(label api.Text, value string) {
		if value != "" {
			fmt.Fprintf(table, "  %s\t%s\n", p.Say.Label(label), value)
		}
	}
	row(api.Text{TH: "ผลการตัดสิน", EN: "decision"}, c.proof.Decision)
	row(api.Text{TH: "เลขที่รายการ", EN: "entry"}, c.proof.Txn)
	row(api.Text{TH: "โหมด", EN: "mode"}, string(c.proof.Mode))
	row(api.Text{TH: "ผู้ขอ", EN: "asked by"}, c.proof.Origin)
	row(api.Text{TH: "วัตถุประสงค์", EN: "purpose"}, c.proof.Purpose)
	row(api.Text{TH: "ลงนามเมื่อ", EN: "signed"}, p.Moment(time.Unix(c.proof.IssuedAt, 0)))
	row(api.Text{TH: "เครื่อง", EN: "agent"}, c.proof.Agent.ID)
	row(api.Text{TH: "เจ้าหน้าที่", EN: "operator"}, c.proof.Operator.ID)
	for _, f := range c.proof.Facts {
		row(api.Text{TH: "ข้อเท็จจริง", EN: "fact"}, f.Kind+" "+f.Outcome)
	}
	for _, a := range c.proof.Assurance {
		row(api.Text{TH: "ระดับ", EN: "level"}, a.Scheme+" "+levelWords(p, a))
	}
	row(api.Text{TH: "ไม่ได้ตรวจ", EN: "not checked"}, strings.Join(c.unchecked, " "))
	return table.Flush()
}

// levelWords never let a candidate pass for a level (assurance §2.1).
func levelWords(p *program.Program, a proof.Assurance) string {
	switch {
	case a.Level != nil && *a.Level != "":
		return *a.Level
	case a.CandidateLevel != nil && *a.CandidateLevel != "":
		return *a.CandidateLevel + " " + p.Say.Label(api.Text{TH: "(ยังไม่ยืนยันกับมาตรฐาน)", EN: "(candidate, unconfirmed)"})
	}
	return p.Say.Label(api.Text{TH: "ไม่ถึงระดับใด", EN: "none"})
}
