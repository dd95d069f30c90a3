// Package storetest is the conformance suite of the store of package mfa: what
// every implementation of [mfa.Store] must do, whatever database is behind it.
// For the tests of those implementations; [Recorder] also serves other tests
// that need events written somewhere. It holds no fake store: the suite and all
// tests run over a real one.
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t testing.TB) mfa.Store { return openMine(t) })
//	}
package storetest
