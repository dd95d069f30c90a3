//go:build unix

package exposure

import (
	"os"
	"syscall"
)

// openFlags don't wait for somebody to write where the path leads to a pipe.
const openFlags = os.O_RDONLY | syscall.O_NONBLOCK
