package breach

// ControllerTold is our notice as a processor to our controller (B27).
type ControllerTold struct {
	ToldAt   Moment `json:"told_at"`
	Channel  string `json:"channel"`
	Text     string `json:"text"`
	Document string `json:"document,omitzero"` // SHA-256
}

// Kind is [KindControllerTold].
func (ControllerTold) Kind() Kind { return KindControllerTold }

func (b ControllerTold) check(c *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.past("told_at", b.ToldAt)
	f.text("channel", b.Channel)
	f.text("text", b.Text)
	f.digestOptional("document", b.Document)
	switch err := f.err(); {
	case err != nil:
		return err
	case c.Report.Role != RoleProcessor:
		return &RefusedError{b.Kind(), WhyProcessor}
	case c.AwareAt.IsZero():
		return &RefusedError{b.Kind(), WhyNotAware}
	case c.Told != nil:
		return &RefusedError{b.Kind(), WhyAlready}
	}
	return nil
}

func (b ControllerTold) apply(c *Case, _ Event) { c.Told = &b }

// ControllerAcknowledged is the controller's word that it knows.
type ControllerAcknowledged struct {
	Receipt Receipt `json:"receipt"`
}

// Kind is [KindControllerReceipt].
func (ControllerAcknowledged) Kind() Kind { return KindControllerReceipt }

func (b ControllerAcknowledged) check(c *Case, now Moment) error {
	switch {
	case c.Told == nil:
		return &RefusedError{b.Kind(), WhyNoNotice}
	case c.Acknowledged != nil:
		return &RefusedError{b.Kind(), WhyAlready}
	}
	f := form{kind: b.Kind(), now: now}
	b.Receipt.check(&f, c.Told.ToldAt)
	return f.err()
}

func (b ControllerAcknowledged) apply(c *Case, _ Event) { c.Acknowledged = &b }
