// Package counter keeps the rows of the counter program: approved web origins,
// requests that wait for the clerk's word, and the entries of the audit log
// about cards that were read. For `serve` and for the commands that act on the
// same database beside it.
//
//	records := counter.New(db, log)
//	saved, err := records.SaveOrigin(ctx, proofing.Actor{ID: "os:0"}, origin)
//
// Whatever it changes, the audit entry stands in the same transaction or nothing
// has happened. Each answer to a guard is one conditional statement, because two
// processes may ask at once.
//
// It decides nothing: what an origin may look like and who may change the list
// is for whoever calls it. It keeps nothing of a card.
package counter
