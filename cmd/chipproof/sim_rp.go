package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"time"

	"chipproof/api"
	js "chipproof/api/client" // as in clientjs.go
	"chipproof/cmd/internal/program"
	"chipproof/proofing/proof"
	"chipproof/simulator/rp"
)

type simRPCmd struct {
	Listen    string   `help:"Where the site is: localhost:PORT, which browsers then know as http://localhost:PORT. Default: ${default}." default:"localhost:8000" placeholder:"localhost:PORT"`
	Agent     string   `help:"Where the agent is: http://localhost:PORT. Default: ${default}." default:"http://localhost:8731" placeholder:"ORIGIN"`
	JWKS      string   `name:"jwks" help:"File with the agent's public keys (JWK set), as 'chipproof keys export --test' prints them; read each time a proof is checked. Without it no proof is accepted." placeholder:"FILE"`
	WriteJWKS string   `name:"write-jwks" help:"Write the site's own public keys to this file, for 'chipproof origin add --jwks'; an older one is replaced." placeholder:"FILE"`
	Key       string   `help:"File with the site's private key, made if it isn't there. Without it there is a new key at each start, which must be registered each time." placeholder:"FILE"`
	Issuer    string   `help:"Organisation that answers for the agent, as 'serve --issuer' names it. Default: ${default}, that of an agent in test mode." default:"${test_issuer}" placeholder:"URL"`
	Deny      []string `help:"A revoked key of the agent, may be repeated." placeholder:"KID"`
}

// Help is the long text of `sim rp --help`.
func (simRPCmd) Help() string {
	return `A web site to test against: it fills its form from the card, or asks the agent to prove who stands at the counter, by fetch or by the agent's own page, and shows how its backend checks the proof, step by step. It believes results of test mode only.

An agent in test mode that knows this site (--test, and its keys), and this site with the agent's keys, which never come from the agent's own address:

  chipproof sim rp --key site.key --write-jwks site.json --jwks agent.json
  chipproof origin add http://localhost:8000 --test --jwks site.json --return-url http://localhost:8000/return
  chipproof keys export --test > agent.json`
}

func (*simRPCmd) RunsOn() {}

// Validate is called by kong once all values are settled.
func (c *simRPCmd) Validate() error {
	host, port, err := net.SplitHostPort(c.Listen)
	if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || host != "localhost" || strconv.FormatUint(n, 10) != port {
		return errors.New("--listen: must be localhost:PORT; an agent in test mode knows no other sites without https")
	}
	return nil
}

func (c *simRPCmd) Run(ctx context.Context, p *program.Program) (err error) {
	key, err := c.key()
	if err != nil {
		return err
	}
	listeners, err := listenLocalhost(ctx, c.Listen)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeAll(listeners)) }()
	site, err := rp.New(rp.Options{
		Origin: "http://localhost:" + strconv.Itoa(listeners[0].Addr().(*net.TCPAddr).Port), Agent: c.Agent, Script: js.Script(), Key: key,
		AgentKeys: c.agentKeys(), Denied: c.Deny, Issuer: c.Issuer, Clock: time.Now, Log: p.Log,
	})
	if err != nil {
		return &program.UsageError{Err: err, Help: "chipproof sim rp --help"}
	}
	if c.WriteJWKS != "" {
		if err := writeKeySet(c.WriteJWKS, site.Keys()); err != nil {
			return fmt.Errorf("--write-jwks: %w", err)
		}
	}
	parts := []func(context.Context) error{}
	for _, listener := range listeners {
		parts = append(parts, func(ctx context.Context) error { return serveControl(ctx, listener, http.Handler(site)) })
	}
	c.announce(p, site)
	return program.Together(ctx, parts...)
}

// agentKeys reads the file anew each time: an agent's keys change while both run.
func (c *simRPCmd) agentKeys() func() ([]byte, error) {
	if c.JWKS == "" {
		return nil
	}
	return func() ([]byte, error) { return program.ReadRegular(c.JWKS, proof.MaxKeySet) }
}

// key is the one of the file, which is made if it isn't there; without a file a new
// one.
func (c *simRPCmd) key() (*ecdsa.PrivateKey, error) {
	if c.Key == "" {
		return newSiteKey()
	}
	dir, name := filepath.Split(c.Key)
	file, err := program.ReadKeyFile(dir, name)
	if err == nil {
		key, err := x509.ParsePKCS8PrivateKey(file)
		private, ok := key.(*ecdsa.PrivateKey)
		if err != nil || !ok {
			return nil, &program.UsageError{Err: errors.New("--key: the file holds no key of P-256 (PKCS #8, DER)"), Help: "chipproof sim rp --help"}
		}
		return private, nil
	}
	if !errors.Is(err, program.ErrKeyFileMissing) && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	private, err := newSiteKey()
	if err != nil {
		return nil, err
	}
	if file, err = x509.MarshalPKCS8PrivateKey(private); err != nil {
		return nil, fmt.Errorf("make the site's key: %w", err)
	}
	return private, program.WriteFile(c.Key, file, program.Keep)
}

func newSiteKey() (*ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make the site's key: %w", err)
	}
	return key, nil
}

// writeKeySet writes a key set, in the place of an older one and of no other file.
// Errors: [errFileExists], [errFileUnwritable].
func writeKeySet(path string, set []byte) error {
	return program.WriteOver(path, append(set, '\n'), proof.MaxKeySet, func(old []byte) bool {
		_, err := proof.ParseKeys(old)
		return err == nil
	})
}

// listenLocalhost opens both addresses that localhost can be, or the one that the
// machine has.
func listenLocalhost(ctx context.Context, address string) ([]net.Listener, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, &program.UsageError{Err: fmt.Errorf("--listen: %w", err), Help: "chipproof sim rp --help"}
	}
	v4, err := listenControl(ctx, net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, err
	}
	port = strconv.Itoa(v4.Addr().(*net.TCPAddr).Port)
	v6, err := listenControl(ctx, net.JoinHostPort("::1", port))
	if errors.Is(err, api.ErrPortTaken) {
		return nil, errors.Join(err, v4.Close())
	}
	if err != nil { // no IPv6 on this machine
		return []net.Listener{v4}, nil
	}
	return []net.Listener{v4, v6}, nil
}

func closeAll(listeners []net.Listener) error {
	var errs []error
	for _, listener := range listeners {
		if err := listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// announce says where the site is, and what the agent must be told about it.
func (c *simRPCmd) announce(p *program.Program, site *rp.Site) {
	fmt.Fprintf(p.Err, "%s: %s/\n", p.Say.Label(api.Text{TH: "เว็บจำลอง", EN: "simulated site"}), site.Origin())
	for _, kid := range site.Thumbprints() {
		fmt.Fprintf(p.Err, "%s: %s\n", p.Say.Label(api.Text{TH: "กุญแจของเว็บ", EN: "the site's key"}), kid)
	}
	if c.WriteJWKS != "" {
		fmt.Fprintf(p.Err, "%s:\n  %s origin add %s --test --jwks %s --return-url %s\n",
			p.Say.Label(api.Text{TH: "ให้ตัวแทนรู้จักเว็บนี้", EN: "let the agent know it"}), calledAs(), site.Origin(), c.WriteJWKS, site.ReturnURL())
	}
	if c.JWKS == "" {
		fmt.Fprintf(p.Err, "%s\n", p.Say.Label(api.Text{
			TH: "ยังไม่มีกุญแจของตัวแทน (--jwks) จึงไม่ยอมรับผลพิสูจน์ใด", EN: "no keys of an agent yet (--jwks), so no proof is accepted",
		}))
	}
}
