package proofing

import (
	_ "embed" // the policy is a file, so that an agency can start from it
	"errors"
	"fmt"
	"slices"
)

//go:embed policies/default.yaml
var defaultPolicy []byte

// DefaultPolicy is the one that ships: form_fill, identity_proofing and compat.
func DefaultPolicy() Policy {
	// The file is part of the program and a test reads it: there is no error here
	// that a caller could meet.
	p, _ := readPolicy(defaultPolicy)
	return p
}

// checkKept says what an agency's file did to the purposes that ship: it keeps
// each, may narrow it and may ask for more, and never for less. Who wants a
// weaker purpose gives it a name of its own, so that the shipped names mean the
// same at every agency.
func checkKept(p Policy) error {
	var problems []error
	for _, shipped := range DefaultPolicy().Purposes {
		own, there := p.Purpose(shipped.Name)
		if !there {
			problems = append(problems, fmt.Errorf("purpose %s: missing: every policy has it", shipped.Name))
			continue
		}
		if err := checkNarrower(own, shipped); err != nil {
			problems = append(problems, fmt.Errorf("purpose %s: %w", shipped.Name, err))
		}
	}
	return errors.Join(problems...)
}

func checkNarrower(own, shipped Purpose) error {
	if own.Use != shipped.Use {
		return fmt.Errorf("member use: stays %s", shipped.Use)
	}
	for _, f := range own.Fields {
		if !shipped.Allows(f) {
			return fmt.Errorf("member fields: %s goes beyond what ships", f)
		}
	}
	for _, k := range shipped.Needs {
		if !slices.Contains(own.Needs, k) {
			return fmt.Errorf("member needs: %s must stay", k)
		}
	}
	if own.AskIssuerByLaserCode && !shipped.AskIssuerByLaserCode {
		return fmt.Errorf("member %s: stays false", laserMember)
	}
	if own.Printed != shipped.Printed {
		return fmt.Errorf("member printed: stays %s", shipped.Printed)
	}
	return nil
}
