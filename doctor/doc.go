// Package doctor tells what is wrong with the machine a card reader hangs on,
// and what to do about it: reader service, readers, USB drivers, cards, clock,
// loopback, remote sessions. Every finding has its remedy, in Thai and English.
//
// It is for the command `chipproof doctor` and for whoever helps at the counter.
// [Here] is this machine; every fact in it can be replaced, so a machine that
// is broken in any way is one struct:
//
//	checks := doctor.Examine(ctx, doctor.Here(readers, built))
//	if doctor.Judge(checks) == doctor.Wrong { … }
//
// [Neighbours] looks at the same machine from another side: which of its other
// card agents would give a card to a hostile page.
//
// It repairs nothing, connects to no card and knows nothing of citizens: what
// it says of a card is a guess from the answer to reset, never a judgement.
package doctor
