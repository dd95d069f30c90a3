// Package issuer asks the Department of Provincial Administration (DOPA), which
// issues the Thai national ID card, whether a card is in order. It is for the
// story of a proofing, which turns the answer into the fact issuer_status.
//
//	pool, err := issuer.ParseCA(pem) // nil: the roots of this machine
//	client, err := issuer.New(issuer.Options{CA: pool, Now: time.Now})
//	answer, err := client.CheckCID(ctx, issuer.CardOf(identity))
//
// The service is CheckCardStatus (thai-id-card §11): SOAP over TLS, for those
// whom DOPA has permitted. An [Answer] is [Passed] only where the issuer says that
// there is no error and the code is 0; [Failed] for the codes known to be bad;
// and [Indeterminate] for all else that it says. An error means that nobody could
// ask, or that what came back is no answer; it never says anything about a card.
//
// It stores nothing, decides nothing, and has no road that puts a person into an
// address (the service's GET is never used). What it sends comes from the chip
// ([Card]), except [Holder]: name, birth date and laser code, which prove
// nothing by themselves (assurance §2.2). No error and no log line holds what was
// asked or what a broken answer said.
package issuer
