package breach

import "strings"

// Contact is whom the Office and data subjects can ask: the DPO or a contact
// point (assurance §3.1, §3.3). It is an office's contact and printed in notices.
type Contact struct {
	Name    string `json:"name" doc:"Name or post of whoever answers questions"` // such as "เจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล"
	Phone   string `json:"phone,omitzero" doc:"Telephone"`
	Email   string `json:"email,omitzero" doc:"E-mail address"`
	Address string `json:"address,omitzero" doc:"Postal address"`
}

// Kind is [KindContact].
func (Contact) Kind() Kind { return KindContact }

func (b Contact) check(_ *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.text("name", b.Name)
	f.text("channel", b.Phone+b.Email+b.Address)
	for _, part := range b.Parts() {
		f.optional("channel", part)
	}
	return f.err()
}

func (b Contact) apply(c *Case, _ Event) { c.Contact = &b }

// Parts are the texts of the contact, none of them empty.
func (b Contact) Parts() []string {
	var parts []string
	for _, p := range []string{b.Name, b.Address, b.Phone, b.Email} {
		if strings.TrimSpace(p) != "" {
			parts = append(parts, p)
		}
	}
	return parts
}

// Receipt is the Office's or our controller's word that a notice arrived.
type Receipt struct {
	Reference  string `json:"reference" doc:"The recipient's own number for it"`
	ReceivedAt Moment `json:"received_at" doc:"When they received it"`
	Document   string `json:"document,omitzero" doc:"SHA-256 of what they sent"`
}

func (r Receipt) check(f *form, sent Moment) {
	f.text("receipt.reference", r.Reference)
	f.past("receipt.received_at", r.ReceivedAt)
	f.require("receipt.received_at", !sent.After(r.ReceivedAt))
	f.digestOptional("receipt.document", r.Document)
}

// Delay explains a late notice: why it couldn't be in time, and the details that
// show it (B17).
type Delay struct {
	Necessity string `json:"necessity" doc:"Why it could not be done in time"`
	Details   string `json:"details" doc:"What shows that"`
}

func (d Delay) check(f *form) {
	f.text("delay.necessity", d.Necessity)
	f.text("delay.details", d.Details)
}

// OfficeNotified is a notice sent to the Office (B16). Notices are numbered from
// 1: the first tells what is known, later ones the rest.
type OfficeNotified struct {
	SentAt   Moment   `json:"sent_at" doc:"When it went out"`
	Channel  string   `json:"channel" doc:"How it went out"`
	Document string   `json:"document,omitzero" doc:"SHA-256 of the notice"`
	Receipt  *Receipt `json:"receipt,omitzero" doc:"That it was received; absent while that is not known"`
	Delay    *Delay   `json:"delay,omitzero" doc:"Reasons, where it was late"`
}

// Kind is [KindOfficeNotified].
func (OfficeNotified) Kind() Kind { return KindOfficeNotified }

// A notice is taken only when the case holds every content that it must have
// told, and a first one past 72 hours only with its reasons.
func (b OfficeNotified) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.past("sent_at", b.SentAt)
	f.text("channel", b.Channel)
	f.digestOptional("document", b.Document)
	if b.Receipt != nil {
		b.Receipt.check(&f, b.SentAt)
	}
	if b.Delay != nil {
		b.Delay.check(&f)
	}
	if err := f.err(); err != nil {
		return err
	}
	switch missing := c.OfficeMissing(); {
	case c.Report.Role != RoleController:
		return &RefusedError{b.Kind(), WhyController}
	case c.AwareAt.IsZero():
		return &RefusedError{b.Kind(), WhyNotAware}
	case len(missing) > 0:
		return &MissingError{missing}
	case b.Delay == nil && c.unreasoned(b.SentAt):
		return &RefusedError{b.Kind(), WhyDelayUnreasoned}
	}
	return nil
}

func (b OfficeNotified) apply(c *Case, e Event) {
	c.Notices = append(c.Notices, Notice{OfficeNotified: b, Number: len(c.Notices) + 1, RecordedAt: e.At})
}

// unreasoned says that a notice sent then is late and none before it was in time
// or gave reasons.
func (c *Case) unreasoned(sent Moment) bool {
	due := c.AwareAt.Add(NoticeClock)
	for _, n := range c.Notices {
		if !n.SentAt.After(due) {
			return false
		}
	}
	return sent.After(due) && c.reasonedAt().IsZero()
}

// reasonedAt is when the Office was first told why the notice was late.
func (c *Case) reasonedAt() Moment {
	for _, n := range c.Notices {
		if n.Delay != nil {
			return n.SentAt
		}
	}
	if c.Explained != nil {
		return c.Explained.SentAt
	}
	return Moment{}
}

// Notice is a notice to the Office with its number.
type Notice struct {
	OfficeNotified
	Number     int    `json:"number" doc:"1, 2 …: a later one completes the one before"`
	RecordedAt Moment `json:"recorded_at" doc:"When it was recorded"`
}

// OfficeReceipt is a receipt that came after its notice was recorded.
type OfficeReceipt struct {
	Notice  int     `json:"notice"`
	Receipt Receipt `json:"receipt"`
}

// Kind is [KindOfficeReceipt].
func (OfficeReceipt) Kind() Kind { return KindOfficeReceipt }

func (b OfficeReceipt) check(c *Case, now Moment) error {
	if b.Notice < 1 || b.Notice > len(c.Notices) {
		return &RefusedError{b.Kind(), WhyUnknownNumber}
	}
	notice := c.Notices[b.Notice-1]
	if notice.Receipt != nil {
		return &RefusedError{b.Kind(), WhyAlready}
	}
	f := form{kind: b.Kind(), now: now}
	b.Receipt.check(&f, notice.SentAt)
	return f.err()
}

func (b OfficeReceipt) apply(c *Case, _ Event) { c.Notices[b.Notice-1].Receipt = &b.Receipt }

// DelayExplained tells the Office the reasons for a notice that turned out to be
// late, as when the time of awareness was corrected after it was sent.
type DelayExplained struct {
	SentAt Moment `json:"sent_at"`
	Delay  Delay  `json:"delay"`
}

// Kind is [KindDelayExplained].
func (DelayExplained) Kind() Kind { return KindDelayExplained }

func (b DelayExplained) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.past("sent_at", b.SentAt)
	b.Delay.check(&f)
	if err := f.err(); err != nil {
		return err
	}
	switch n := c.notice(); {
	case n == nil:
		return &RefusedError{b.Kind(), WhyNoNotice}
	case c.Timing() == TimingInTime:
		return &RefusedError{b.Kind(), WhyNotLate}
	}
	return nil
}

func (b DelayExplained) apply(c *Case, _ Event) {
	if c.Explained == nil {
		c.Explained = &b
	}
}

// Excusal is what the Office decided on a late notice (B18).
type Excusal string

// The Office's decisions.
const (
	Excused    Excusal = "excused"
	NotExcused Excusal = "not_excused"
	OtherWord  Excusal = "other" // an inquiry, an instruction
)

// OfficeDecided keeps a decision of the Office with date, reference and document.
type OfficeDecided struct {
	Decision  Excusal `json:"decision"`
	DecidedAt Moment  `json:"decided_at"`
	Reference string  `json:"reference"`
	Document  string  `json:"document"` // SHA-256
	Text      string  `json:"text,omitzero"`
}

// Kind is [KindOfficeDecided].
func (OfficeDecided) Kind() Kind { return KindOfficeDecided }

func (b OfficeDecided) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.require("decision", among(b.Decision, []Excusal{Excused, NotExcused, OtherWord}))
	f.past("decided_at", b.DecidedAt)
	f.text("reference", b.Reference)
	f.digest("document", b.Document)
	f.optional("text", b.Text)
	if err := f.err(); err != nil {
		return err
	}
	if c.notice() == nil {
		return &RefusedError{b.Kind(), WhyNoNotice}
	}
	return nil
}

func (b OfficeDecided) apply(c *Case, _ Event) { c.Decisions = append(c.Decisions, b) }
