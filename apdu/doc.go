// Package apdu speaks ISO/IEC 7816-4 at the level of bytes: command and
// response APDUs, status words, and a channel that fetches what a card holds
// back behind 61xx and 6Cxx.
//
// It knows no reader and no applet. Everything it asks of hardware is the
// one-method [Transmitter], so a real card, a simulated one, a replayed
// transcript and a tracer are all the same thing to it.
//
//	ch := apdu.NewChannel(card, apdu.Form{}, apdu.DefaultLimits)
//	data, err := ch.Do(ctx, apdu.Command{CLA: 0x80, INS: 0xCA, P1: 0x9F, P2: 0x7F, Ne: 45})
//
// It does not encrypt (no secure messaging) and has no logical channels beyond
// the basic one; the Thai ID card offers neither to the public.
package apdu
