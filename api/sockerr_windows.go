package api

import "syscall"

// Windows has its own numbers for these (WSAEADDRINUSE, WSAEADDRNOTAVAIL and
// WSAEAFNOSUPPORT), and syscall's invented ones never come from a socket.
const (
	addressInUse   = syscall.Errno(10048)
	addressUnknown = syscall.Errno(10049)
	familyUnknown  = syscall.Errno(10047)
)
