package simulator

import (
	"net"
	"syscall"
)

// acknowledgeAtOnce sets TCP_QUICKACK, which the system forgets after a while
// (tcp(7)), so it is set before every read. A connection that is no TCP socket
// needs nothing; one that refuses is only slower.
func acknowledgeAtOnce(conn net.Conn) {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return
	}
	_ = raw.Control(func(fd uintptr) {
		_ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_QUICKACK, 1)
	})
}
