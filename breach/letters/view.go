package letters

import (
	"fmt"

	"chipproof/breach"
)

// view is what a template can say: words ready for print, in Arabic digits.
type view struct {
	Agency   Agency
	Number   string // with the agency's prefix
	Date     string
	Incident string
	Title    string
	Reported string // when and by whom
	AwareAt  string
	Contact  breach.Contact

	Description  string
	Labels       []string
	Effects      string
	Causes       string
	Data         string
	Subjects     string
	People       string
	Records      string
	Consequences string
	Measures     []string
	Evidence     []pair
	Delay        breach.Delay
	Late         string // in_time, late, out_of_time

	Recipient Person
	Told      breach.SubjectsPrepared

	Order breach.Order
	DueAt string

	State      string
	Factors    []pair
	Risk       string
	RiskReason string
	Figure     string
	Review     []pair
	Story      []Line
	Rules      string
}

// pair is a heading and what stands below it.
type pair struct{ Head, Text string }

// dots are where a pen writes.
const dots = "........................"

func (m Maker) view(c breach.Case, d Draft) view {
	v := view{
		Agency: m.Agency, Number: m.Agency.Prefix + d.Number, Date: thaiDate(d.At), Incident: c.ID, Title: c.Report.Title,
		Reported: fmt.Sprintf("%s เมื่อวันที่ %s", sourceWords[c.Report.Source], thaiMoment(c.ReportedAt)),
		AwareAt:  thaiMoment(c.AwareAt), State: stateWords[c.State()], Story: Story(c, Thai), Rules: breach.RuleSet,
		Measures: measures(c), Evidence: evidence(c),
	}
	if d.Number == "" {
		v.Number = m.Agency.Prefix + dots
	}
	if v.Agency.Signer == "" {
		v.Agency.Signer = dots
	}
	if c.Contact != nil {
		v.Contact = *c.Contact
	}
	if n := c.Nature; n != nil {
		v.Description, v.Data, v.Subjects, v.Consequences = n.Description, n.Data, n.Subjects, n.Consequences
		v.Effects, v.Causes = say(n.Effects, effectWords), say(n.Causes, causeWords)
		if n.OtherCause != "" {
			v.Causes += " (" + n.OtherCause + ")"
		}
		for _, l := range n.Labels {
			v.Labels = append(v.Labels, labelWords[l])
		}
		v.People, v.Records = thaiCount(n.People, "ราย"), thaiCount(n.Records, "รายการ")
	}
	if c.Prepared != nil {
		v.Told = *c.Prepared
	}
	v.assessment(c)
	return v
}

func (v *view) assessment(c breach.Case) {
	if n := len(c.Assessments); n > 0 {
		a := c.Assessments[n-1]
		heads := [7]string{
			"ลักษณะและประเภทของการละเมิด", "ลักษณะ ประเภท และปริมาณของข้อมูล", "ลักษณะ ประเภท และสถานะของเจ้าของข้อมูล",
			"ความร้ายแรงของผลกระทบและประสิทธิผลของมาตรการ", "ผลกระทบในวงกว้างต่อธุรกิจหรือสาธารณะ",
			"ระบบที่จัดเก็บและมาตรการรักษาความมั่นคงปลอดภัย", "สถานะ ขนาด และประเภทของผู้ควบคุมข้อมูล",
		}
		for i, factor := range a.Factors.List() {
			v.Factors = append(v.Factors, pair{heads[i], factor[1]})
		}
		v.Risk, v.RiskReason = riskWords[a.Risk], a.Reason
		v.Figure = fmt.Sprintf("%s (ระดับ%s) = %d × %s + %s", a.Figure.Score, bandWords[a.Figure.Band], a.Figure.DPC, a.Figure.EI, a.Figure.CB)
	}
	if c.Reviewed != nil {
		heads := [7]string{
			"เทคโนโลยี", "บริบท", "สภาพแวดล้อม", "มาตรฐานที่เป็นที่ยอมรับ", "ลักษณะและวัตถุประสงค์ของการประมวลผล",
			"ทรัพยากรที่ต้องใช้", "ความเป็นไปได้ในการดำเนินการ",
		}
		for i, heading := range c.Reviewed.List() {
			v.Review = append(v.Review, pair{heads[i], heading[1]})
		}
	}
}

// measures are what was taken or is planned.
func measures(c breach.Case) []string {
	var out []string
	for _, a := range c.Actions {
		line := fmt.Sprintf("%s (%s) เริ่มวันที่ %s", a.Text, meansWords[a.Means], thaiMoment(a.StartedAt))
		if !a.FinishedAt.IsZero() {
			line += " แล้วเสร็จวันที่ " + thaiMoment(a.FinishedAt)
		}
		out = append(out, line)
	}
	for _, o := range c.Orders {
		if o.Withdrawn == "" {
			out = append(out, fmt.Sprintf("สั่งการให้ %s %s (%s) ภายในวันที่ %s", o.To, o.Text, meansWords[o.Means], thaiMoment(o.DueAt)))
		}
	}
	for _, t := range c.Tasks {
		out = append(out, fmt.Sprintf("%s (%s) กำหนดแล้วเสร็จวันที่ %s", t.Text, t.Owner, thaiMoment(t.DueAt)))
	}
	return out
}

// evidence is what the case is linked to, and its documents: what kind, which one.
func evidence(c breach.Case) []pair {
	var out []pair
	for _, l := range c.Links {
		out = append(out, pair{linkWords[l.To], l.Ref})
	}
	for _, d := range c.Documents {
		out = append(out, pair{"เอกสาร", d.Title})
	}
	return out
}
