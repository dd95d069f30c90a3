//go:build !unix

package exposure

import "os"

const openFlags = os.O_RDONLY
