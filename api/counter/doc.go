// Package counter is what the agent at a counter answers: which readers there
// are, what happens at them, and the citizen whose card is read.
//
// It is for the command that serves. A [Counter] says which origins are approved;
// [Register] puts its routes into an [api.Server]; [Counter.Run] follows the
// readers for the event streams while that serves; [Problems] is the table of
// everything that can go wrong at a counter, for HTTP and command line alike.
// [NewOrigin] checks what an administrator lists, for the command line too:
//
//	desk, err := counter.New(counter.Options{Readers: readers, Records: records, Pseudonyms: ring, Policy: policy, Signing: signing, Keys: keys, Rules: rules, Now: time.Now})
//	srv, err := api.NewServer(api.Options{Origins: desk, Rules: rules, Own: counter.OwnGrant(policy), Gates: logins.Gates(), …})
//	counter.Register(srv, desk)
//	go desk.Run(ctx)
//	err = srv.Serve(ctx, listeners)
//
// Whoever holds the desk answers for what a web app is told, one insertion gives
// one answer to each origin, and nothing is released before its entry in the
// audit log is durable ([Records]). A read gives what the chip says. A proofing
// is asked for with what a site's backend signed, goes on by itself while the
// clerk states what a person sees, and ends in the name of the same clerk or not
// at all; what it comes to can be collected once. Facts, rules and signature are
// package proofing's. Nothing of a card is kept: what the clerk sees goes with the
// card, a result with the answer or after five minutes.
package counter
