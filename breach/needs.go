package breach

import "slices"

// What each duty still needs, by name; empty once it is met. The names are for
// programs: pages and commands translate them.

func needs(pairs ...need) []string {
	list := []string{}
	for _, p := range pairs {
		if p.missing {
			list = append(list, p.name)
		}
	}
	return list
}

type need struct {
	name    string
	missing bool
}

func (c *Case) credibilityNeeds() []string {
	return needs(need{"verdict", c.Credibility == nil})
}

func (c *Case) factsNeeds() []string {
	list := needs(need{"verdict", c.Established == nil})
	for _, area := range Areas() {
		if _, answered := c.Checklists[area]; !answered {
			list = append(list, string(area))
		}
	}
	return list
}

func (c *Case) containNeeds() []string {
	return needs(need{"action", c.Contained == nil && !c.actedOn()}, need{"result", c.Contained == nil})
}

func (o Order) needs() []string {
	return needs(need{"acknowledgement", o.AcknowledgedAt.IsZero()}, need{"done", o.DoneAt.IsZero()})
}

func (c *Case) riskNeeds() []string {
	none := len(c.Assessments) == 0
	return needs(need{"seven_factors", none}, need{"decision", none})
}

// A receipt is of a notice, and a notice holds its contents: once one went out,
// what it had to hold is behind us.
func (c *Case) officeNeeds() []string {
	n := c.notice()
	if n == nil {
		return append(c.OfficeMissing(), ContentReceipt)
	}
	return needs(need{ContentReceipt, n.Receipt == nil})
}

func (c *Case) delayNeeds() []string {
	unexplained := c.reasonedAt().IsZero()
	return needs(need{"notice", c.notice() == nil}, need{ContentReasons, unexplained}, need{ContentDetails, unexplained})
}

// Delivery to each row of each list; rows that failed need a group or public
// notice that stands, and so does a case without a list. Rows still to come are
// no failure: a notice to everyone doesn't end the letters.
func (c *Case) subjectsNeeds() []string {
	pending, failed := len(c.Lists) == 0, false
	for _, l := range c.Lists {
		_, bad, rest := l.Counts()
		pending = pending || rest > 0
		failed = failed || bad > 0
	}
	stands := slices.ContainsFunc(c.Published, Publication.stands)
	if len(c.Lists) == 0 && stands {
		pending = false
	}
	list := []string{}
	if pending || failed && !stands {
		list = c.SubjectsMissing()
	}
	return append(list, needs(
		need{"delivery", pending},
		need{"fallback", failed && !stands && len(c.Published) == 0},
		need{"reach", (pending || failed) && !stands && len(c.Published) > 0},
	)...)
}

func (c *Case) recordNeeds() []string { return needs(need{"documents", len(c.Documents) == 0}) }

func (c *Case) controllerNeeds() []string {
	return needs(
		need{"aware_at", c.AwareAt.IsZero()},
		need{"notice", c.Told == nil},
		need{"acknowledgement", c.Acknowledged == nil},
	)
}

func (c *Case) recoverNeeds() []string { return needs(need{"restored_state", c.Recovered == nil}) }

// Every task is done and checked. One that proved without effect needs a later
// one that works, so the last must.
func (c *Case) preventNeeds() []string {
	list := needs(need{"tasks", len(c.Tasks) == 0})
	for i, t := range c.Tasks {
		if t.DoneAt.IsZero() {
			list = append(list, missingItem("task", t.Number, "done"))
		}
		if t.CheckedAt.IsZero() {
			list = append(list, missingItem("task", t.Number, "check"))
		}
		if i == len(c.Tasks)-1 && t.Effective == No {
			list = append(list, "effective_task")
		}
	}
	return append(list, needs(need{"review", c.Reviewed == nil})...)
}
