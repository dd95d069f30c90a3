// Package store keeps what must outlast the process: one SQLite database in the
// data directory, with the rows of package mfa and, in the same transactions,
// the entries of the audit log. For commands and servers of both programs; the
// packages store/counter and store/office add their own rows over [Store.Write]
// and [Store.Read].
//
// A [Store] is made once by [Create] and otherwise only opened: a missing one is
// an error, so that a wrong --data never begins a second, empty life. The schema
// is migrated when an older store is opened; a newer one is refused.
//
// It decides nothing and sees no clear secret: what it keeps arrives hashed or
// sealed. Each guard of [mfa.Tx] is one conditional statement whose row count is
// checked, because several goroutines and two processes may ask at once.
package store
