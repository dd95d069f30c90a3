package doctor

import "syscall"

// From <sys/timex.h>.
const (
	timeError = 5      // TIME_ERROR: the clock is not synchronised
	staUnsync = 0x0040 // STA_UNSYNC
)

// kernelSync asks adjtimex(2), which only reads when no mode is set.
func kernelSync() Sync {
	var t syscall.Timex
	state, err := syscall.Adjtimex(&t)
	switch {
	case err != nil:
		return SyncUnknown
	case state == timeError || t.Status&staUnsync != 0:
		return Unsynchronised
	}
	return Synchronised
}
