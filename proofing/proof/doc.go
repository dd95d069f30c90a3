// Package proof makes and checks what travels between a relying party and the
// agent at a counter: the request, which the relying party's backend signs, and
// the proof, which the agent signs in answer. Both are JWTs in JWS compact form,
// ES256 only (RFC 7515, 7519, 8725).
//
// It is for both sides. The agent calls [VerifyRequest] and [Sign]. A relying
// party calls [SignRequest] at the click and, when the proof comes, in this order
// [Verify], [Redeem] and [Demand.Check]; see the examples. It needs nothing else
// of this module, so a relying party can import it alone. It fetches nothing,
// stores nothing and looks at no clock: keys, stores and times are handed in.
//
// A proof says that this agent, under this member of staff, at this time, for this
// one asker, did these checks with these outcomes. It does not prove that the chip
// is genuine (nothing on it is signed, so a copied applet gives the same bytes),
// that its data are still true, that the card is not cancelled or lost (only an
// issuer check narrows that), that the person present is the holder (reading needs
// no PIN; staff must have compared the face, and that is their word), that the
// citizen agreed, or that the workstation was clean. It carries no confirmed level
// of assurance as long as it says unconfirmed. It is no login token, no session and
// no signature of the citizen, and it dies in five minutes.
//
// The rules stand in the project's page "proof", which comments cite by section.
package proof
