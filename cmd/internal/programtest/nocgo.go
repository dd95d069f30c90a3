//go:build !cgo

package programtest

const cgoEnabled = "0"
