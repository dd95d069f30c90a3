//go:build !cgo && !windows

package pcsc

import (
	"context"

	"chipproof/cardreader"
)

// Driver stands in for PC/SC in a program that was built without cgo: every
// call answers [cardreader.ErrNotBuiltIn].
type Driver struct{}

var _ cardreader.Driver = (*Driver)(nil)

// New is a driver that can reach no reader, see [Driver].
func New() *Driver { return &Driver{} }

// List answers [cardreader.ErrNotBuiltIn].
func (*Driver) List(context.Context) ([]cardreader.State, error) {
	return nil, cardreader.ErrNotBuiltIn
}

// Watch answers [cardreader.ErrNotBuiltIn] at once and reports nothing.
func (*Driver) Watch(context.Context, func([]cardreader.State)) error {
	return cardreader.ErrNotBuiltIn
}

// Connect answers [cardreader.ErrNotBuiltIn].
func (*Driver) Connect(context.Context, string) (cardreader.Card, error) {
	return nil, cardreader.ErrNotBuiltIn
}
