// Package office keeps the rows of the office program: scans with what they met,
// the register of findings over all scans, takedown tasks, the agency's systems,
// and incidents. For chipproof-office and its commands, which may act on the same
// database at once.
//
//	key, err := office.ExposureKey(ctx, db, log, ring, by, rand.Reader, time.Now())
//	scans := office.NewScans(db, log, key, time.Now)
//	runner := job.NewRunner(job.Options{Ledger: scans, Places: scans, Holds: scans, Key: key})
//
// Whatever it changes, the audit entry stands in the same transaction or nothing
// has happened. What an item of a scan gave, its findings and that it is done are
// one transaction too, so a scan that was killed goes on and repeats nothing.
//
// No state of a task and none of an incident is stored: they follow from what was
// met and recorded, in the order in which it happened, whatever the clock said.
// Nothing personal is kept: findings come masked, and texts of people that hold
// any are refused by the packages that define them.
package office
