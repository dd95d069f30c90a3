package api

import (
	"net"
	"strconv"
)

// PortTakenError is an [ErrPortTaken] that names the port's owner where the
// system tells.
type PortTakenError struct {
	Address string
	// Owner is a program's name and process number, or "" when the system does
	// not tell us.
	Owner string
}

func newPortTakenError(address string) *PortTakenError {
	_, port, _ := net.SplitHostPort(address)
	n, _ := strconv.Atoi(port)
	return &PortTakenError{Address: address, Owner: portOwner(n)}
}

// Error names address and owner.
func (e *PortTakenError) Error() string {
	if e.Owner == "" {
		return ErrPortTaken.Error() + ": " + e.Address
	}
	return ErrPortTaken.Error() + ": " + e.Address + " by " + e.Owner
}

// Unwrap is ErrPortTaken.
func (e *PortTakenError) Unwrap() error { return ErrPortTaken }
