package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/cmd/internal/program"
	"chipproof/proofing"
	"chipproof/proofing/issuer"
	"chipproof/proofing/proof"
)

// proofFlags are what `serve` is told about proofings: who answers for them,
// what may be asked for, and whom to ask about a card.
type proofFlags struct {
	Issuer  string    `help:"Address (https) of the organisation that answers for this agent's proofs and publishes its keys, as relying parties know it. Without it production makes no proof, and test mode signs as ${test_issuer}." placeholder:"URL"`
	AgentID string    `help:"Name of this agent in its proofs. Without it a random one that the data folder keeps." placeholder:"NAME"`
	Policy  string    `help:"The agency's policy (YAML): purposes, and what each needs. Read at the start. Without it the one that ships." placeholder:"FILE"`
	DOPA    dopaFlags `embed:""`
}

type dopaFlags struct {
	Ask      bool          `name:"dopa" help:"Ask DOPA's card-status service about cards that are proofed. Needs DOPA's permission; see docs."`
	URL      string        `name:"dopa-url" help:"Address of that service, https only. Default: ${default}." default:"${dopa_url}" placeholder:"URL"`
	CA       string        `name:"dopa-ca" help:"Certificates (PEM) that the service's certificate must lead to. Without it: those of this machine." placeholder:"FILE"`
	Cert     string        `name:"dopa-cert" help:"Certificate (PEM) that this agency shows to the service. Needs --dopa-key." placeholder:"FILE"`
	Key      string        `name:"dopa-key" help:"Private key (PEM) of --dopa-cert, readable by this account alone." placeholder:"FILE"`
	SOAP     string        `name:"dopa-soap" help:"Version of SOAP: 1.2 or 1.1. Default: ${default}." enum:"1.2,1.1" default:"1.2" placeholder:"1.2|1.1"`
	Deadline time.Duration `name:"dopa-deadline" help:"How long a question may take, 1s to 60s. Default: ${default}." default:"${dopa_deadline}" placeholder:"TIME"`
}

var agentName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,63}$`)

// check finds what can't be meant, before anything is opened.
func (f proofFlags) check(mode api.Mode) error {
	var problems []error
	if f.Issuer != "" {
		problems = append(problems, checkIssuer(f.Issuer, mode))
	}
	if f.AgentID != "" && !agentName.MatchString(f.AgentID) {
		problems = append(problems, errors.New("--agent-id: must be 1 to 64 of a-z, 0-9, dot, dash and underscore"))
	}
	return errors.Join(append(problems, f.DOPA.check())...)
}

// checkIssuer: relying parties compare it byte for byte, so it must be one that
// nobody would write in another way.
func checkIssuer(text string, mode api.Mode) error {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.String() != text || strings.ToLower(u.Host) != u.Host:
		return errors.New("--issuer: must be https://HOST or https://HOST/PATH, in small letters up to the path")
	case mode == api.Production && text == proofing.TestIssuer:
		return fmt.Errorf("--issuer: %s is for test mode", proofing.TestIssuer)
	}
	return nil
}

func (f dopaFlags) check() error {
	switch {
	case f.Cert != "" && f.Key == "" || f.Cert == "" && f.Key != "":
		return errors.New("--dopa-cert and --dopa-key go together")
	case !f.Ask && (f.CA != "" || f.Cert != "" || f.URL != issuer.DefaultURL):
		return errors.New("--dopa-url, --dopa-ca and --dopa-cert need --dopa")
	}
	return nil
}

// proofs is what the flags stand for, once files are read.
type proofs struct {
	issuer  string
	agentID string
	policy  proofing.Policy
	dopa    *issuer.Client // nil: nobody is asked
}

// shippedProofs is what an agent has to go by that nobody told anything.
func shippedProofs() proofs { return proofs{policy: proofing.DefaultPolicy()} }

func (f proofFlags) open(log *slog.Logger) (proofs, error) {
	p := shippedProofs()
	p.issuer, p.agentID = f.Issuer, f.AgentID
	var policy, dopa error
	if f.Policy != "" {
		p.policy, policy = readPolicy(f.Policy)
	}
	if f.DOPA.Ask {
		p.dopa, dopa = f.DOPA.open(log)
	}
	return p, errors.Join(policy, dopa)
}

// maxPolicy is far more than any agency's purposes take, in bytes.
const maxPolicy = 1 << 20

func readPolicy(path string) (proofing.Policy, error) {
	content, err := program.ReadRegular(path, maxPolicy)
	if err != nil {
		return proofing.Policy{}, &program.UsageError{Err: fmt.Errorf("--policy: %w", err), Help: "chipproof serve --help"}
	}
	policy, err := proofing.ParsePolicy(content)
	if err != nil {
		return proofing.Policy{}, fmt.Errorf("--policy %s: %w", path, err)
	}
	return policy, nil
}

func (f dopaFlags) open(log *slog.Logger) (*issuer.Client, error) {
	o := issuer.Options{URL: f.URL, SOAP: issuer.Version(f.SOAP), Deadline: f.Deadline, Now: time.Now, Log: log}
	var ca, pair error
	if f.CA != "" {
		o.CA, ca = readRoots(f.CA)
	}
	if f.Cert != "" {
		o.Client, pair = readPair(f.Cert, f.Key)
	}
	client, err := issuer.New(o)
	if err := errors.Join(ca, pair, err); err != nil {
		return nil, &program.UsageError{Err: fmt.Errorf("--dopa: %w", err), Help: "chipproof serve --help"}
	}
	return client, nil
}

func readRoots(path string) (*x509.CertPool, error) {
	file, err := program.ReadRegular(path, program.MaxKeyFile)
	if err != nil {
		return nil, err
	}
	return issuer.ParseCA(file)
}

func readPair(certificate, key string) (*tls.Certificate, error) {
	public, err := program.ReadRegular(certificate, program.MaxKeyFile)
	if err != nil {
		return nil, err
	}
	private, err := program.ReadKeyFile(filepath.Split(key))
	if err != nil {
		return nil, err
	}
	return issuer.ParseClient(public, private)
}

// probe tells the log whether the issuer's service can be reached, and never
// keeps the agent from starting: it may come later.
func (p proofs) probe(ctx context.Context, log *slog.Logger) {
	if p.dopa == nil {
		return
	}
	if err := p.dopa.Probe(ctx); err != nil && ctx.Err() == nil {
		log.Warn("issuer service not reachable", "cause", err)
		return
	}
	log.Info("issuer service reachable")
}

// policyInUse is the policy that `serve` was started with last, for commands
// that need to know its purposes.
func (s *site) policyInUse(ctx context.Context) (proofing.Policy, error) {
	content, found, err := s.records.PolicyInUse(ctx)
	if err != nil {
		return proofing.Policy{}, err
	}
	if !found {
		return proofing.DefaultPolicy(), nil
	}
	return proofing.ParseStoredPolicy(content)
}

// purposesEver are the names of the purposes of every policy that was ever in
// use, for finding what was done under them.
func (s *site) purposesEver(ctx context.Context) ([]string, error) {
	contents, err := s.records.Policies(ctx)
	if err != nil {
		return nil, err
	}
	names := counter.Purposes(proofing.DefaultPolicy())
	for _, content := range contents {
		policy, err := proofing.ParseStoredPolicy(content)
		if err != nil {
			return nil, err
		}
		for _, name := range counter.Purposes(policy) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

// proofMode is the agent's mode as proofs say it.
func proofMode(mode api.Mode) proof.Mode {
	if mode == api.Test {
		return proof.Test
	}
	return proof.Production
}
