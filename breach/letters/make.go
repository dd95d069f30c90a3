package letters

import (
	"fmt"

	"chipproof/breach"
)

// OfficeNotice is the notice to the Office (assurance §3.1). A delay is needed,
// and only then, when the letter is dated after 72 hours and no notice was in
// time. Errors: [breach.ErrContentMissing], [ErrTemplateInvalid].
func (m Maker) OfficeNotice(c breach.Case, d Draft, delay *breach.Delay) (Document, error) {
	v := m.view(c, d)
	must := append(m.frame(d),
		required{breach.ContentDescription, v.Description},
		required{breach.ContentPeople, v.People},
		required{breach.ContentRecords, v.Records},
		required{breach.ContentContact, v.Contact.Name},
		required{breach.ContentConsequences, v.Consequences},
		required{"aware_at", v.AwareAt},
	)
	must = append(must, each(breach.ContentDescription, v.Labels)...)
	must = append(must, each(breach.ContentMeasures, v.Measures)...)
	v.Late = string(timing(c, d))
	if v.Late != string(breach.TimingInTime) {
		if delay != nil {
			v.Delay = *delay
		}
		must = append(must, required{breach.ContentReasons, v.Delay.Necessity}, required{breach.ContentDetails, v.Delay.Details})
	}
	return m.make(OfficeNotice, "แจ้งเหตุการละเมิดข้อมูลส่วนบุคคล", v, d, must)
}

// timing is how a notice of that date would stand to the clocks; a notice that
// was in time settles it for those that follow.
func timing(c breach.Case, d Draft) breach.Timing {
	at := breach.At(d.At)
	switch {
	case c.Timing() == breach.TimingInTime || c.AwareAt.IsZero() || !at.After(c.AwareAt.Add(breach.NoticeClock)):
		return breach.TimingInTime
	case at.After(c.AwareAt.Add(breach.DelayClock)):
		return breach.TimingOutOfTime
	}
	return breach.TimingLate
}

// told are the contents that data subjects must find (assurance §3.3).
func told(v view) []required {
	return []required{
		{breach.ContentNature, v.Told.Nature},
		{breach.ContentContact, v.Contact.Name},
		{breach.ContentEffects, v.Told.Effects},
		{breach.ContentRemedies, v.Told.Remedies},
		{breach.ContentMeasures, v.Told.Measures},
		{breach.ContentAdvice, v.Told.Advice},
	}
}

// SubjectLetter is the letter to one person affected. Errors:
// [breach.ErrContentMissing], [ErrTemplateInvalid].
func (m Maker) SubjectLetter(c breach.Case, d Draft, to Recipient) (Document, error) {
	v := m.view(c, d)
	v.Recipient = to.Reveal()
	must := append(append(m.frame(d), told(v)...), required{contentName, v.Recipient.Name})
	return m.make(SubjectLetter, "แจ้งเหตุการละเมิดข้อมูลส่วนบุคคล", v, d, must)
}

// PublicNotice is the notice to everyone, or to a group. It is read before it is
// given out, and refused while it holds personal data or nobody can look (B23).
// Errors: [breach.ErrContentMissing], [ErrTemplateInvalid],
// [breach.ErrNoticeExposes], [breach.ErrNoReader].
func (m Maker) PublicNotice(c breach.Case, d Draft, reader breach.Reader) (Document, error) {
	v := m.view(c, d)
	v.Story, v.Evidence = nil, nil // neither is the public's
	doc, err := m.make(PublicNotice, "ประกาศแจ้งเหตุการละเมิดข้อมูลส่วนบุคคล", v, d, append(m.frame(d), told(v)...))
	if err != nil {
		return Document{}, err
	}
	own := append(m.Agency.Own(), v.Contact.Parts()...)
	if err := breach.CheckPublic(reader, own, doc.Text()); err != nil {
		return Document{}, fmt.Errorf("make %s: %w", PublicNotice, err)
	}
	return doc, nil
}

// ProcessorOrder is the n-th order of the case as a letter. Errors:
// [breach.ErrContentMissing], for an order that isn't there too, [ErrTemplateInvalid].
func (m Maker) ProcessorOrder(c breach.Case, d Draft, n int) (Document, error) {
	v := m.view(c, d)
	if n >= 1 && n <= len(c.Orders) && c.Orders[n-1].Withdrawn == "" {
		v.Order = c.Orders[n-1]
		v.DueAt = thaiMoment(v.Order.DueAt)
	}
	must := append(m.frame(d),
		required{contentOrder, v.Order.Text},
		required{contentName, v.Order.To},
		required{"due_at", v.DueAt},
		required{breach.ContentContact, v.Contact.Name},
	)
	return m.make(ProcessorOrder, "สั่งการให้ดำเนินการระงับเหตุการละเมิดข้อมูลส่วนบุคคล", v, d, must)
}

// FileNote is the case on paper, as it stands: บันทึกข้อความ with the whole
// history. It is the record of s. 37(4) for a case without risk as well. Errors:
// [breach.ErrContentMissing], [ErrTemplateInvalid].
func (m Maker) FileNote(c breach.Case, d Draft) (Document, error) {
	v := m.view(c, d)
	must := append(m.frame(d), required{contentTitle, v.Title}, required{"state", v.State})
	return m.make(FileNote, "บันทึกเหตุการละเมิดข้อมูลส่วนบุคคล", v, d, must)
}

func (m Maker) make(kind Kind, title string, v view, d Draft, must []required) (Document, error) {
	if err := missing(must); err != nil {
		return Document{}, fmt.Errorf("make %s: %w", kind, err)
	}
	root, err := m.Templates.fill(kind, v, must)
	if err != nil {
		return Document{}, fmt.Errorf("make %s: %w", kind, err)
	}
	if d.Digits == ThaiDigits {
		root.toThaiDigits()
		root.class = thaiNumbers
	}
	return Document{Kind: kind, body: hide(content{title, root, m.Shell})}, nil
}
