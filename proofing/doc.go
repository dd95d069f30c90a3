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
// A [Prover] makes a proofing of it: facts, a verdict by the agency's policy and
// the schemes' rules, an entry in the audit log, and a signed proof for the site
// whose backend asked:
//
//	prover := &proofing.Prover{Readers: readers, Policy: proofing.DefaultPolicy(), Schemes: proofing.CurrentSchemes(), …}
//	result, err := prover.Prove(ctx, asked, clerk, nil)
//
// A refusal is a result; an error means that nobody knows, and nothing was signed.
//
// It does not say that the card is genuine or that the holder is its owner: a
// chip read is evidence, no proof (thai-id-card §12). It knows no HTTP, no SQL and
// no reader's driver, and keeps nothing of a card when a call returns.
package proofing
