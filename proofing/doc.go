// Package proofing is for the program at the counter: it reads the citizen's
// card as one act that succeeds whole or not at all.
//
// [Choose] settles which reader is meant, [Read] takes that reader, reads the
// chip, makes sure that one and the same card was there from the first byte to
// the last, and lets the reader go:
//
//	name, err := proofing.Choose(ctx, readers, "")
//	identity, err := proofing.Read(ctx, readers, name, proofing.ReadOptions{Fields: thaiid.TextFields()})
//
// It does not say that the card is genuine or that the holder is its owner: a
// chip read is evidence, no proof (thai-id-card §12).
package proofing
