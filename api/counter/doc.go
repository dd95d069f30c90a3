// Package counter is what the agent at a counter answers: which readers there
// are, what happens at them, and the citizen whose card is read.
//
// It is for the command that serves. A [Counter] says which origins are approved;
// [Register] puts its routes into an [api.Server]; [Counter.Run] follows the
// readers for the event streams while that serves; [Problems] is the table of
// everything that can go wrong at a counter, for HTTP and command line alike.
// [NewOrigin] and [ParseKeys] check what an administrator lists, for the command
// line too:
//
//	desk, err := counter.New(counter.Options{Readers: readers, Records: records, Pseudonyms: ring, Rules: rules, Now: time.Now})
//	srv, err := api.NewServer(api.Options{Origins: desk, Rules: rules, Gates: logins.Gates(), …})
//	counter.Register(srv, desk)
//	go desk.Run(ctx)
//	err = srv.Serve(ctx, listeners)
//
// Whoever holds the desk answers for what a web app is told, one insertion gives
// one answer to each origin, and nothing is released before its entry in the
// audit log is durable ([Records]). It keeps nothing of a card: an identity goes
// to the origin that asked and is gone with the answer. It judges nothing and
// signs nothing.
package counter
