//go:build cgo || windows

package pcsc

import (
	"context"

	"chipproof/cardreader"
)

// Driver reaches readers through PC/SC. It holds nothing between calls, and any
// number of them may run at once.
type Driver struct{}

var _ cardreader.Driver = (*Driver)(nil)

// New is a driver for this machine's PC/SC service. It touches nothing yet.
func New() *Driver { return &Driver{} }

// List gives every reader's state, see [cardreader.Driver].
func (*Driver) List(ctx context.Context) ([]cardreader.State, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	defer disturbed.ring()
	return look()
}
