// Package conformance is the one test suite that every [cardreader.Driver] must
// pass: the simulator's, and PC/SC with a virtual or a real reader. It keeps the
// simulator from drifting away from the hardware unnoticed.
//
// It is for tests. Whoever has a driver writes a [Rig], the bench on which
// somebody (or something) puts cards into readers and takes them out:
//
//	func TestDriverConforms(t *testing.T) {
//		conformance.Run(t, newBench(t))
//	}
//
// A bench that can do more says so by having the methods of [ServiceStopper] or
// [Unplugger]; what it says it can do is tested, nothing is skipped.
//
// The suite waits for what it sees through the driver and never for a time to
// pass, so that it is fast on a simulator and right on a service that takes two
// seconds to notice a card. It tests no deadlines: those are cardreader's own.
package conformance
