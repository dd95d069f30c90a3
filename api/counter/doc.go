// Package counter is what the agent at a counter answers: which readers there
// are, what happens at them, and the citizen whose card is read.
//
// It is for the command that serves. [Register] puts its routes into an
// [api.Server]; [Counter.Run] follows the readers for the event streams while
// that serves; [Problems] is the table of everything that can go wrong at a
// counter, for HTTP and command line alike:
//
//	desk := counter.New(counter.Options{Readers: readers})
//	counter.Register(srv, desk)
//	go desk.Run(ctx)
//	err := srv.Serve(ctx, listeners)
//
// It keeps nothing of a card: an identity goes to the origin that asked and is
// gone with the answer. It judges nothing and signs nothing.
package counter
