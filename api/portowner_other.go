//go:build !linux

package api

// portOwner is told by /proc, which only Linux has. The remedy of port_taken
// says what to do without it.
func portOwner(int) string { return "" }
