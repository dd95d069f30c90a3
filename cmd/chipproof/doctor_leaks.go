package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"chipproof/cmd/internal/program"
	"chipproof/doctor"
)

// leaks is `doctor --leaks`.
func (c *doctorCmd) leaks(ctx context.Context, p *program.Program) error {
	started := time.Now()
	neighbours, err := doctor.NeighboursHere()
	if err != nil {
		return err
	}
	ports, err := neighbours.Look(ctx)
	if err != nil {
		return err
	}
	if c.JSON {
		name, _ := os.Hostname() // a machine without a name is called so
		report := leaksReport(ports, machineNamed(name), started, time.Now())
		err = program.PrintJSON(p.Out, report)
	} else {
		err = c.print(p, doctor.LeakChecks(ports))
	}
	if err != nil {
		return err
	}
	if slices.ContainsFunc(ports, func(p doctor.Port) bool { return len(p.Leaks) > 0 }) {
		return program.ErrNo
	}
	return nil
}

// machineNamed makes a machine's name fit for a report. One that could hold a
// citizen's number is left out.
func machineNamed(name string) string {
	digits := 0
	clean := strings.Map(func(r rune) rune {
		switch {
		case '0' <= r && r <= '9':
			digits++
			return r
		case 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '-' || r == '.':
			return r
		}
		return -1
	}, name)
	if clean == "" || digits > 12 {
		return "this-machine"
	}
	return strings.ToLower(clean[:min(len(clean), 63)])
}

// leakPorts names them, for the help.
func leakPorts() string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(doctor.LeakPorts()), " ", ", "), "[]")
}
