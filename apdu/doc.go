// Package apdu speaks ISO/IEC 7816-4 at the level of bytes: command and
// response APDUs, status words, and a channel that fetches what a card holds
// back behind 61xx and 6Cxx. It is for whoever talks to a card applet, or plays
// one; see the example of [Channel.Do].
//
// It knows no reader and no applet. Everything it asks of hardware is the
// one-method [Transmitter], so a real card, a simulated one, a replayed
// transcript and a tracer are all the same thing to it.
//
// What a card says may be a person's data, so commands and responses print
// their lengths only, never their content.
//
// It does not encrypt (no secure messaging) and has no logical channels beyond
// the basic one; the Thai ID card offers neither to the public. It sets no
// deadlines; a [Transmitter] does.
package apdu
