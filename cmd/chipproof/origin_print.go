package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/cmd/internal/program"
	"chipproof/proofing"
)

// originLine is an origin as `origin … --json` prints it, the same as in
// GET /v1/origins.
type originLine struct {
	ID         string       `json:"id"`
	Origin     string       `json:"origin"`
	Audience   string       `json:"audience"`
	Fields     []string     `json:"fields"`
	Purposes   []string     `json:"purposes"`
	ReturnURLs []string     `json:"return_urls"`
	Keys       []string     `json:"keys"`
	Ask        proofing.Ask `json:"ask"`
	PlainHTTP  bool         `json:"plain_http"`
	ApprovedBy string       `json:"approved_by"`
	ApprovedAt time.Time    `json:"approved_at"`
	LastUseAt  time.Time    `json:"last_use_at,omitzero"`
}

// hintedOrigin is one that was added in a way that can't be meant.
type hintedOrigin struct {
	originLine
	Hint string `json:"hint"`
}

// hintKeysMissing is the hint of an entry for proofs without keys.
const hintKeysMissing = "keys_missing"

// hintKeys says on stderr that the entry stands and what it lacks.
func hintKeys(p *program.Program, origin string) {
	for _, lang := range p.Say {
		fmt.Fprintf(p.Err, "chipproof: %s: %s\n", hintKeysMissing, api.Text{
			TH: origin + " ยังขอผลพิสูจน์ไม่ได้ เพราะยังไม่มีกุญแจสาธารณะของเว็บไซต์ สั่งคำสั่งเดิมอีกครั้งโดยเพิ่ม --jwks FILE",
			EN: origin + " can't ask for proofs yet: they need the site's public keys. Run the same command again with --jwks FILE.",
		}.In(lang))
	}
}

func lineOfOrigin(o proofing.Origin) originLine {
	all := func(words []string) []string { return append([]string{}, words...) } // [] and never null
	return originLine{
		o.ID, o.Origin, o.Audience, all(o.Fields), all(o.Purposes), all(o.ReturnURLs),
		all(counter.Thumbprints(o.Keys)), o.Ask, o.PlainHTTP, o.ApprovedBy, o.ApprovedAt, o.LastUse,
	}
}

func printOrigins(p *program.Program, origins []proofing.Origin, asJSON bool) error {
	if asJSON {
		lines := []originLine{}
		for _, o := range origins {
			lines = append(lines, lineOfOrigin(o))
		}
		return program.PrintJSON(p.Out, struct {
			Origins []originLine `json:"origins"`
		}{lines})
	}
	if len(origins) == 0 {
		_, err := fmt.Fprintln(p.Out, p.Say.Label(api.Text{TH: "ยังไม่มีเว็บไซต์ที่ได้รับอนุญาต", EN: "no site is approved"}))
		return err
	}
	for _, o := range origins {
		if err := printOrigin(p, o, false); err != nil {
			return err
		}
	}
	return nil
}

func printOrigin(p *program.Program, o proofing.Origin, asJSON bool) error {
	if asJSON {
		return program.PrintJSON(p.Out, lineOfOrigin(o))
	}
	fmt.Fprintln(p.Out, o.Origin)
	table := tabwriter.NewWriter(p.Out, 0, 0, 2, ' ', 0)
	row := func(label api.Text, value string) {
		if value != "" {
			fmt.Fprintf(table, "  %s\t%s\n", p.Say.Label(label), value)
		}
	}
	row(api.Text{TH: "ข้อมูล", EN: "fields"}, strings.Join(o.Fields, " "))
	row(api.Text{TH: "วัตถุประสงค์", EN: "purposes"}, strings.Join(o.Purposes, " "))
	for _, thumbprint := range counter.Thumbprints(o.Keys) {
		row(api.Text{TH: "กุญแจ (เทียบกับที่เว็บไซต์แสดง)", EN: "key (compare with the site's)"}, thumbprint)
	}
	if o.Audience != o.Origin {
		row(api.Text{TH: "ผู้รับ", EN: "audience"}, o.Audience)
	}
	for _, url := range o.ReturnURLs {
		row(api.Text{TH: "ส่งผลกลับที่", EN: "returns to"}, url)
	}
	if o.Ask == proofing.AskAlways {
		row(api.Text{TH: "ถามเจ้าหน้าที่", EN: "asks the clerk"}, p.Say.Label(api.Text{TH: "ทุกครั้ง", EN: "always"}))
	}
	if o.PlainHTTP {
		row(api.Text{TH: "ระวัง", EN: "beware"}, p.Say.Label(api.Text{TH: "http ธรรมดา ผลพิสูจน์ส่งโดยไม่เข้ารหัส", EN: "plain http, its proofs travel unencrypted"}))
	}
	row(api.Text{TH: "อนุญาตโดย", EN: "approved by"}, o.ApprovedBy+" "+p.Moment(o.ApprovedAt))
	if !o.LastUse.IsZero() {
		row(api.Text{TH: "ใช้ล่าสุด", EN: "last used"}, p.Moment(o.LastUse))
	}
	return table.Flush()
}

// approvalLine is a request that waits, as `approve --json` prints it.
type approvalLine struct {
	ID      string    `json:"id"`
	Origin  string    `json:"origin"`
	Purpose string    `json:"purpose"`
	Fields  []string  `json:"fields"`
	AskedAt time.Time `json:"asked_at"`
	EndsAt  time.Time `json:"ends_at"`
}

func printApprovals(p *program.Program, waiting []proofing.Approval, asJSON bool) error {
	if asJSON {
		lines := []approvalLine{}
		for _, a := range waiting {
			lines = append(lines, approvalLine{a.ID, a.Origin, a.Purpose, a.Fields, a.Asked, a.Ends})
		}
		return program.PrintJSON(p.Out, struct {
			Approvals []approvalLine `json:"approvals"`
		}{lines})
	}
	if len(waiting) == 0 {
		_, err := fmt.Fprintln(p.Out, p.Say.Label(api.Text{TH: "ไม่มีคำขอที่รออยู่", EN: "nothing waits"}))
		return err
	}
	for _, a := range waiting {
		if _, err := fmt.Fprintf(p.Out, "%s  %s  %s  %s\n", a.ID, a.Origin, a.Purpose, strings.Join(a.Fields, ",")); err != nil {
			return err
		}
	}
	return nil
}

func printAnswer(p *program.Program, id string, answer proofing.Answer, counted, asJSON bool) error {
	if asJSON {
		return program.PrintJSON(p.Out, struct {
			ID      string          `json:"id"`
			Answer  proofing.Answer `json:"answer"`
			Counted bool            `json:"counted"`
		}{id, answer, counted})
	}
	text := api.Text{TH: "อนุญาตแล้ว", EN: "approved"}
	switch {
	case !counted:
		text = api.Text{TH: "สายเกินไป หรือมีผู้ตอบแล้ว", EN: "too late, or answered already"}
	case answer == proofing.Declined:
		text = api.Text{TH: "ไม่อนุญาต", EN: "declined"}
	}
	_, err := fmt.Fprintln(p.Out, p.Say.Label(text))
	return err
}
