// Package simulator is a Thai ID card, and the readers it lies in, in software:
// for every test of this project, for demonstrations, and for web developers who
// want a card that fails on demand. It is a real implementation and no mock. What
// reads it goes the same way as with hardware.
//
//   - [Person] is an invented card holder, from a YAML file; a dozen and more
//     ship, see [People].
//   - [Card] is that person's card, down to status words, T=0 manners and the time
//     that its contacts take.
//   - [Plan] is what goes wrong, from a YAML file; [Faulty] plays it on a card,
//     [Machine] on a reader.
//   - [Machine] is a computer with virtual readers. It is a [cardreader.Driver],
//     and has the hands that insert and remove, also by typed commands and HTTP.
//   - [Recorder] keeps a [Transcript] of a real card without anything personal in
//     it, and [Replay] is a card that answers from one.
//
// A person in a reader, whose card is pulled at the fifth exchange:
//
//	m := simulator.NewMachine("Simulated Reader 00 00")
//	person, err := simulator.PersonNamed("default")
//	card, err := simulator.NewCard(person, simulator.CardOptions{Line: simulator.LineTA96})
//	err = m.Insert("Simulated Reader 00 00", card)
//	plan, err := simulator.ParsePlan([]byte("- {exchange: 5, do: remove}"))
//	err = m.Faults("Simulated Reader 00 00", plan)
//	readers := cardreader.New(m, cardreader.Options{})
//
// It shares the reader's table of what lies where on a card, and encodes by
// itself: with the reader's own codec, a mistake in it would never show. It is
// no proof of anything about real cards: what it knows of them is what public
// readers know (thai-id-card). Nobody in it is real, and it never signs.
package simulator
