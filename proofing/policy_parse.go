package proofing

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// ErrPolicyInvalid is what [ParsePolicy] returns for a file that it refuses.
var ErrPolicyInvalid = errors.New("policy invalid")

// purposeLimit is how many purposes a policy may have.
const purposeLimit = 100

// ParsePolicy reads an agency's policy file strictly and whole: it defines every
// purpose that there is, those that ship included, which it may narrow and never
// weaken. Errors are [ErrPolicyInvalid] and name line, purpose and member, all of
// them at once where several purposes are wrong.
func ParsePolicy(content []byte) (Policy, error) {
	p, err := readPolicy(content)
	if err == nil {
		err = checkKept(p)
	}
	if err != nil {
		return Policy{}, fmt.Errorf("parse policy: %w: %w", ErrPolicyInvalid, err)
	}
	return p, nil
}

// ParseStoredPolicy reads a policy that was in force once, as [Policy.Content]
// kept it. It doesn't hold it against what ships today: that may have grown
// stricter since. Errors are those of [ParsePolicy].
func ParseStoredPolicy(content []byte) (Policy, error) {
	p, err := readPolicy(content)
	if err != nil {
		return Policy{}, fmt.Errorf("parse stored policy: %w: %w", ErrPolicyInvalid, err)
	}
	return p, nil
}

func readPolicy(content []byte) (Policy, error) {
	root, err := yamlRoot(content)
	if err != nil {
		return Policy{}, err
	}
	m, err := yamlMembers(root, "version", "purposes")
	if err != nil {
		return Policy{}, err
	}
	sum := sha256.Sum256(content)
	p := Policy{content: slices.Clone(content), digest: hex.EncodeToString(sum[:])}
	if p.Version, err = ruleName(m["version"], "member version"); err != nil {
		return Policy{}, err
	}
	if m["purposes"] == nil {
		return Policy{}, errors.New("member purposes: missing")
	}
	rows, err := yamlList(m["purposes"])
	if err != nil {
		return Policy{}, fmt.Errorf("member purposes: %w", err)
	}
	if len(rows) > purposeLimit {
		return Policy{}, fmt.Errorf("member purposes: more than %d", purposeLimit)
	}
	p.Purposes, err = readPurposes(rows)
	return p, err
}

func readPurposes(rows []*yaml.Node) ([]Purpose, error) {
	var purposes []Purpose
	var problems []error
	for i, row := range rows {
		purpose, err := readPurpose(row)
		twice := slices.ContainsFunc(purposes, func(p Purpose) bool { return p.Name == purpose.Name })
		switch {
		case purpose.Name == "":
			problems = append(problems, fmt.Errorf("line %d: purpose %d: %w", row.Line, i+1, err))
		case err != nil:
			problems = append(problems, fmt.Errorf("line %d: purpose %s: %w", row.Line, purpose.Name, err))
		case twice:
			problems = append(problems, fmt.Errorf("line %d: purpose %s: member name: stands twice", row.Line, purpose.Name))
		default:
			purposes = append(purposes, purpose)
		}
	}
	return purposes, errors.Join(problems...)
}
