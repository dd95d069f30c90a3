package breach

// Ordered is an order to a processor or others concerned (B13). Orders are
// numbered from 1; each is a duty of its own until it is acknowledged and done.
type Ordered struct {
	To    string `json:"to" doc:"The organisation that must act"`
	Means Means  `json:"means" doc:"By people, process or technology"`
	Text  string `json:"text" doc:"What it must do"`
	DueAt Moment `json:"due_at" doc:"By when"`
}

// Kind is [KindOrdered].
func (Ordered) Kind() Kind { return KindOrdered }

func (b Ordered) check(_ *Case, now Moment) error {
	f := form{kind: b.Kind(), now: now}
	f.text("to", b.To)
	f.require("means", among(b.Means, MeansList()))
	f.text("text", b.Text)
	f.require("due_at", b.DueAt.sensible() && b.DueAt.After(now))
	return f.err()
}

func (b Ordered) apply(c *Case, e Event) {
	c.Orders = append(c.Orders, Order{Ordered: b, Number: len(c.Orders) + 1, IssuedAt: e.At})
}

// Order is an order with what became of it.
type Order struct {
	Ordered
	Number         int    `json:"number" doc:"1, 2 …"`
	IssuedAt       Moment `json:"issued_at" doc:"When it was recorded"`
	AcknowledgedAt Moment `json:"acknowledged_at,omitzero" doc:"When they said that they had it"`
	DoneAt         Moment `json:"done_at,omitzero" doc:"When it was done"`
	Report         string `json:"report,omitzero" doc:"What they report"`
	Withdrawn      string `json:"withdrawn,omitzero" doc:"Why it was withdrawn"`
}

// order finds an order that is still in force.
func (c *Case) order(kind Kind, n int) (*Order, error) {
	if n < 1 || n > len(c.Orders) || c.Orders[n-1].Withdrawn != "" {
		return nil, &RefusedError{kind, WhyUnknownNumber}
	}
	return &c.Orders[n-1], nil
}

// OrderAcknowledged says that the processor has the order.
type OrderAcknowledged struct {
	Order          int    `json:"order"`
	AcknowledgedAt Moment `json:"acknowledged_at"`
	Reference      string `json:"reference,omitzero"`
}

// Kind is [KindOrderAcknowledged].
func (OrderAcknowledged) Kind() Kind { return KindOrderAcknowledged }

func (b OrderAcknowledged) check(c *Case, now Moment) error {
	o, err := c.order(b.Kind(), b.Order)
	if err != nil {
		return err
	}
	if !o.AcknowledgedAt.IsZero() {
		return &RefusedError{b.Kind(), WhyAlready}
	}
	f := form{kind: b.Kind(), now: now}
	f.past("acknowledged_at", b.AcknowledgedAt)
	f.require("acknowledged_at", !o.IssuedAt.After(b.AcknowledgedAt))
	f.optional("reference", b.Reference)
	return f.err()
}

func (b OrderAcknowledged) apply(c *Case, _ Event) {
	c.Orders[b.Order-1].AcknowledgedAt = b.AcknowledgedAt
}

// OrderDone says that the processor has done what it was told, and what it reports.
type OrderDone struct {
	Order  int    `json:"order"`
	DoneAt Moment `json:"done_at"`
	Report string `json:"report"`
}

// Kind is [KindOrderDone].
func (OrderDone) Kind() Kind { return KindOrderDone }

func (b OrderDone) check(c *Case, now Moment) error {
	o, err := c.order(b.Kind(), b.Order)
	if err != nil {
		return err
	}
	if !o.DoneAt.IsZero() {
		return &RefusedError{b.Kind(), WhyAlready}
	}
	f := form{kind: b.Kind(), now: now}
	f.past("done_at", b.DoneAt)
	f.require("done_at", !o.IssuedAt.After(b.DoneAt))
	f.text("report", b.Report)
	return f.err()
}

func (b OrderDone) apply(c *Case, _ Event) {
	c.Orders[b.Order-1].DoneAt, c.Orders[b.Order-1].Report = b.DoneAt, b.Report
}

// OrderWithdrawn takes an order back, for a processor that can't or needn't obey
// any more. The order and the reason stay visible; its duty goes.
type OrderWithdrawn struct {
	Order  int    `json:"order"`
	Reason string `json:"reason"`
}

// Kind is [KindOrderWithdrawn].
func (OrderWithdrawn) Kind() Kind { return KindOrderWithdrawn }

func (b OrderWithdrawn) check(c *Case, now Moment) error {
	o, err := c.order(b.Kind(), b.Order)
	if err != nil {
		return err
	}
	if !o.DoneAt.IsZero() {
		return &RefusedError{b.Kind(), WhyAlready}
	}
	f := form{kind: b.Kind(), now: now}
	f.text("reason", b.Reason)
	return f.err()
}

func (b OrderWithdrawn) apply(c *Case, _ Event) { c.Orders[b.Order-1].Withdrawn = b.Reason }
