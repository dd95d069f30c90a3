// Package dopa stands in for the card-status service of the Department of
// Provincial Administration (CheckCardStatus, thai-id-card §11), over the people
// of the simulator: for this project's tests, and for agencies and developers who
// want to see what happens when a card was reported lost or the service is down.
//
//	service, err := dopa.New(dopa.Options{People: simulator.People()})
//	err = service.SetState("default", dopa.Moved)
//	authority, err := dopa.NewAuthority(time.Now())
//	err = service.Serve(ctx, listener, authority, dopa.AnyClient)
//
// A [Service] answers both operations in both versions of SOAP; a [State] says
// what it knows of somebody's card, a [Plan] what goes wrong, and
// [Service.Command] takes both from a terminal. It reads and writes SOAP by
// itself: with the client's own code a mistake in it would never show.
//
// It is no description of the real service, of which no specification is public.
// The answers to normal, moved, not found and incomplete are as others have seen
// them; those to lost and cancelled cards are invented, since nobody has published
// any. It serves invented people on loopback, asks for no permission and has none
// to give.
package dopa
