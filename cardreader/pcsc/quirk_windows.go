package pcsc

import "github.com/ebfe/scard"

// unwatched are flags whose change must not end a wait. Windows compares all
// flags that it is given with those that it knows, so none may be left out.
const unwatched scard.StateFlag = 0

// pinned leaves the name as it is, see [pins].
func pinned(reader string, _ int) string { return reader }
