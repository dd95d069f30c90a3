// Package counter keeps the rows of the counter program: approved web origins,
// requests that wait for the clerk's word, signed requests that were used,
// proofings as they can be worked out again, the policies that decided them, and
// the entries of the audit log about cards that were read. For `serve` and for the commands that act on the
// same database beside it.
//
//	records := counter.New(db, log)
//	saved, err := records.SaveOrigin(ctx, proofing.Actor{ID: "os:0"}, origin)
//
// Whatever it changes, the audit entry stands in the same transaction or nothing
// has happened. Each answer to a guard is one conditional statement, because two
// processes may ask at once.
//
// A proofing's row and the content of its audit entry live and die together: how
// long entries of class proofing are kept (serve --keep proofing=DAYS; for ever
// where nothing is said) is how long rows are, and whoever erases the entry
// erases the row.
//
// It decides nothing: what an origin may look like and who may change the list
// is for whoever calls it. It keeps nothing of a card.
package counter
