//go:build !windows

package api

import "syscall"

const (
	addressInUse   = syscall.EADDRINUSE
	addressUnknown = syscall.EADDRNOTAVAIL
	familyUnknown  = syscall.EAFNOSUPPORT
)
