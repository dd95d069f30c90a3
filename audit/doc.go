// Package audit is a log that nobody can rewrite unseen: what its entries hold,
// how they are hashed into a Merkle tree (RFC 6962, by x/mod's tlog), how the
// head of that tree is signed as a checkpoint or printed as a day-end sheet, and
// how anyone who has the public key finds out offline whether entries were
// edited, removed, moved or cut off. For both programs, their stores, and
// whoever checks a log that somebody else keeps.
//
// An [Event] is what a caller says has happened; with its number it becomes an
// [Entry]. Its leaf is the hash of a random salt and the hash of its canonical
// bytes, so that both can be erased and every proof still holds. [Verify] reads
// any [Log] in order and in constant memory.
//
// It stores nothing and reads no clock: package store keeps the entries, in the
// same transactions as the acts. It holds no person's data: a citizen is a
// pseudonym ([PseudonymRing]), and numbers that look like one are masked. A log
// proves that it was not changed since a checkpoint that someone else holds, and
// nothing about whether what was written into it is true.
//
// The rules and their sources stand in the project's page "assurance", section 5,
// which comments cite.
package audit
