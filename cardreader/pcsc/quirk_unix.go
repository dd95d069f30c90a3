//go:build cgo && !windows

package pcsc

import (
	"strconv"

	"github.com/ebfe/scard"
)

// unwatched are flags whose change must not end a wait: other programs that
// connect and disconnect. pcsc-lite reports their end only to who knew of their
// beginning.
const unwatched = scard.StateInuse | scard.StateExclusive

// pinned makes the name the slot's own, see [pins].
func pinned(reader string, slot int) string { return reader + "\x00" + strconv.Itoa(slot) }
