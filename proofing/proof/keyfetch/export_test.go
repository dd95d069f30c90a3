package keyfetch

import (
	"context"
	"net"
)

// NewThrough is [New] with a network of the test's own below it: the product has
// no way to be handed one.
func NewThrough(o Options, dial func(ctx context.Context, network, address string) (net.Conn, error)) (*Reader, error) {
	return newReader(o, dial)
}
