// Package keyring keeps the keys that one agent signs proofs with, over time
// (proof §7): made, published a day ahead of the first signature, in charge,
// published until the last proof under them has died, archived, and revoked.
//
// It is for the agent alone. A relying party reads what [Ring.Published] gives,
// and nothing else of a ring ever leaves the machine: not into a backup, not to a
// second machine, not into a log. The keys of production and those of test mode
// are two rings in two files; each says in itself which it is.
//
// A ring never changes and knows no clock: whoever asks says what time it is. So
// it answers the same for the same moment, and a rotation or revocation is a new
// ring, which the caller writes to the file (mode 0600) before using it.
//
//	ring, err := keyring.New(rand.Reader, now, proof.Production)
//	file := ring.Reveal()
//	...
//	ring, err = keyring.ParseFor(proof.Production, file)
//	signer, kid, err := ring.Signer(now)
//	token, err := proof.Sign(signer, p)
//	set := ring.Published(now).JSON() // for /.well-known/jwks.json
package keyring
