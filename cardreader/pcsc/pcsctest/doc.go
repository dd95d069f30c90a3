// Package pcsctest gives a test a PC/SC service of its own: pcscd with the
// virtual reader vpcd, in a mount, network and process namespace where nobody
// else is. It is for tests only, on Linux; elsewhere it fails the test.
//
//	func TestReadsAreFast(t *testing.T) {
//		pcsctest.Run(t, func(t *testing.T, d *pcsctest.Daemon) {
//			// In here PC/SC sees d.Slots(), put a card in by connecting to a
//			// slot's Addr, and d.Kill() hurts nobody.
//		})
//	}
//
// Outside such a namespace vpcd would listen on every address of the machine,
// and tests would share one socket and two ports. So [Run] executes the test
// binary once more inside one, for this test alone, and runs the body there;
// any number of such tests can run side by side. Whatever the body starts, a
// program under test for instance, is in the namespace too, and everything ends
// with it.
//
// Missing software is a failure that names the package to install, never a skip.
package pcsctest
