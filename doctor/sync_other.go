//go:build !linux

package doctor

// kernelSync: no other system has one call that says it.
func kernelSync() Sync { return SyncUnknown }
