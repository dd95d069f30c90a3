// Package pcsc reaches card readers through PC/SC: pcsc-lite on Linux, the
// system's own service on Windows and macOS. It is for whoever wires a program:
// hand a [Driver] to cardreader.New and forget it. It is the only package that
// imports the binding, github.com/ebfe/scard.
//
// The driver is plain. It has no deadlines, retries or memory of its own; each
// call to [Driver.List], [Driver.Watch] and [Driver.Connect] opens a PC/SC
// context for itself alone and lets it go at the end, so that nothing outlives
// a stopped service. What PC/SC answers becomes one of cardreader's errors by
// the table in result.go.
//
// On Linux and macOS the binding needs cgo. A program built without it gets a
// driver that answers [cardreader.ErrNotBuiltIn] to everything.
package pcsc
