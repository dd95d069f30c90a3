// Package keyfetch reads the key set that an agency publishes for its agents,
// over https, for a relying party that verifies proofs (proof §7). Who is handed
// the set as a file needs no more than [proof.ParseKeys].
//
// It reads from the one address that it was configured with, and keeps what it
// read for as long as the answer's Cache-Control allows, an hour at most: that is
// how long a revoked key can live on. It asks at most once a minute, whatever
// tokens come in. When asking fails, known keys live until that time is over;
// then nothing verifies. It never takes an address from a token, follows no
// redirect to another host, and connects to no address of the machine itself: what
// listens there is not the agency.
//
//	agency, err := keyfetch.New(keyfetch.Options{
//		URL:   "https://id.example.go.th/chipproof/jwks.json",
//		Clock: time.Now,
//	})
//	p, err := agency.Verify(ctx, token, "https://id.example.go.th", proof.Options{
//		Audience: "https://app.example.go.th",
//		Origin:   "https://app.example.go.th",
//		Purpose:  "identity_proofing",
//		Now:      time.Now(),
//	})
//
// A proof that Verify lets through is not used up and not judged: go on with
// [proof.Redeem] and [proof.Demand].
package keyfetch
