//go:build !linux

package simulator

import "net"

// acknowledgeAtOnce does nothing: only Linux has TCP_QUICKACK, and pcscd with
// vpcd runs on Linux.
func acknowledgeAtOnce(net.Conn) {}
