package compat

import (
	"errors"
	"fmt"
	"strings"
)

// Agent is the program whose language a port speaks.
type Agent string

const (
	// NHSO is the NHSO Secure SmartCard Agent, as far as the card goes.
	NHSO Agent = "nhso"
	// GoThai is go-thai-smartcard, version 1, by WebSocket.
	GoThai Agent = "go-thai-smartcard"
)

// Agents are all of them.
func Agents() []Agent { return []Agent{NHSO, GoThai} }

// Port is the TCP port that pages written for the agent call.
func (a Agent) Port() int {
	if a == GoThai {
		return 9898
	}
	return 8189
}

var errAgent = errors.New("no such agent")

// ParseAgent is the agent of that name, as --compat names it.
func ParseAgent(name string) (Agent, error) {
	var names []string
	for _, a := range Agents() {
		if string(a) == name {
			return a, nil
		}
		names = append(names, string(a))
	}
	return "", fmt.Errorf("%w: %.40q, there are %s", errAgent, name, strings.Join(names, " and "))
}
