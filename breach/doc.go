// Package breach keeps an incident with personal data in the five steps of the
// PDPA: what happened, whether it is a breach, how risky it is, who must be told
// by when, what was done, and what is still owed. For the register of
// chipproof-office, its pages and its commands.
//
// An incident is a list of events that only grows. [Replay] makes a [Case] of
// it, a [Keeper] judges whether the next event may be added, and [Duties] says
// what is owed at a moment, with deadline, legal basis, penalty and what is
// missing. No deadline and no state is stored: all of it follows from the events.
//
//	keeper := breach.Keeper{Settings: breach.Shipped(), Reader: reader}
//	c, event, err := keeper.Open("b-2026-0007", breach.Reported{ … }, "u-12", now)
//	c, event, err = keeper.Record(c, breach.Aware{AwareAt: breach.At(now)}, "u-12", now)
//	for _, duty := range breach.Duties(c, now) { … }
//
// It reads no clock, stores nothing, sends nothing and holds no list of those
// affected: of a list it knows how many rows it has and how each row fared. It
// gives no legal advice; what nobody could compare with the law's text says so.
//
// The rules and their sources stand in the project's page "assurance", sections
// 1 (rows B01 to B29) and 3, which comments cite.
package breach
