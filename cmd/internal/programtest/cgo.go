//go:build cgo

package programtest

const cgoEnabled = "1"
