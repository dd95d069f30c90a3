package doctor

import (
	"context"
	"io/fs"
	"time"

	"chipproof/cardreader"
)

// Lister is asked for the readers; [cardreader.Readers] is one, with a deadline
// of its own.
type Lister interface {
	List(ctx context.Context) ([]cardreader.State, error)
}

// Sync is what the kernel thinks of its clock.
type Sync int

const (
	// SyncUnknown: this system doesn't say.
	SyncUnknown Sync = iota
	// Synchronised: a time service keeps it right.
	Synchronised
	// Unsynchronised: nobody does.
	Unsynchronised
)

// Machine is everything [Examine] looks at. Readers, Clock, Sync, LoopbackV6 and
// Env must be set; [Here] sets them all for the machine this program runs on.
type Machine struct {
	Readers Lister
	// System is a name as in [runtime.GOOS]; it picks the words of the remedies.
	System string
	// Files is the file system from its root, where the reader service and its
	// drivers are looked for; nil where that says nothing.
	Files fs.FS
	// Sysfs is /sys/bus/usb/devices; nil where USB devices can't be seen.
	Sysfs fs.FS
	// Account is the name of the account that the readers were asked as.
	Account string
	Clock   func() time.Time
	// Built is when this program was built; zero when that isn't known. A clock
	// that shows an earlier time is certainly wrong.
	Built time.Time
	Sync  func() Sync
	// LoopbackV6 says why ::1 can't be listened on, nil when it can.
	LoopbackV6 func() error
	// DropIn looks who listens on a port of loopback; see [Answer]. Nil: nobody
	// looks.
	DropIn func(ctx context.Context, port int) Answer
	// Env gives an environment variable, as [os.Getenv].
	Env func(name string) string
}
