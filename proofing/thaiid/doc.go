// Package thaiid reads the chip of a Thai national ID card and decodes it:
// citizen number, names, dates, sex, address, photo, what the card says of
// itself, laser code and health-insurance right.
//
// It is for whoever holds an [apdu.Transmitter] with a card behind it; see the
// example of [Read]. The layout is a table ([MOI]), from which the fields that
// were asked for are fetched in as few reads as it allows. The first error ends
// the read, and a partial [Identity] never leaves this package. What the chip
// says is shown as it is and never guessed at: an unknown day stays unknown, a
// blank stays blank, and what looks wrong is a [Finding] beside the value.
//
// Everything personal has a type that hides itself. However it is printed,
// logged or marshalled, it says [hidden]; the clear value is asked for by name
// (Reveal, or [Identity.Document] for the whole).
//
// It does not prove anything: the chip's data are not signed, and a copy of the
// card gives the same bytes (thai-id-card §12). It judges no levels, knows no
// reader, sets no deadlines (the transmitter and the context do) and decodes no
// pictures. The facts about the card come from thai-id-card.md, sections 1 to
// 10 and 14; no official specification of the chip is public.
package thaiid
