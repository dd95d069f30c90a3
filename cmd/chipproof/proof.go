package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"chipproof/cmd/internal/program"
	"chipproof/proofing/proof"
)

// proofCmd groups what is done about proofs.
type proofCmd struct {
	Verify proofVerifyCmd `cmd:"" help:"Check a proof, as a relying party does. Reads it from stdin."`
}

type proofVerifyCmd struct {
	JWKS     expected        `name:"jwks" help:"File with the public keys (JWK set) of the organisation that answers for the agents. Without it: those of the data folder." placeholder:"FILE"`
	Deny     expected        `help:"File with the ids of revoked keys, one a line, as 'chipproof keys export --denied' prints them." placeholder:"FILE"`
	Issuer   expected        `help:"The iss that these keys speak for." placeholder:"URL"`
	Audience expected        `help:"The aud that is you." placeholder:"NAME"`
	Origin   expected        `help:"The site whose page asked." placeholder:"ORIGIN"`
	Purpose  expected        `help:"What you asked for." placeholder:"NAME"`
	Nonce    expected        `help:"The nonce of your request. Take it out of the browser's session first, so that it counts once." placeholder:"NONCE"`
	Photo    expected        `help:"File with the photo (JPEG) that came beside the proof." placeholder:"FILE"`
	Test     bool            `help:"A proof of test mode. Without it none is taken."`
	JSON     bool            `name:"json" help:"Print JSON: {valid, decision, txn, not_checked, claims}, or {valid, code, step, detail}."`
	Data     program.DataDir `embed:""`
}

// expected is what a proof is held to. Empty means that nobody named it, because an
// empty value is refused wherever it comes from: a script's variable that is empty
// by mistake must not switch a check off.
type expected string

// UnmarshalText implements [encoding.TextUnmarshaler] for flags, variables and the
// configuration file.
func (e *expected) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("must not be empty; leave out what is not to be checked")
	}
	*e = expected(text)
	return nil
}

// Help is the long text of `proof verify --help`.
func (proofVerifyCmd) Help() string {
	return `What isn't named isn't checked, and the answer says so under not_checked; an empty value is refused. A login must name issuer, audience, origin, purpose and nonce. That the proof's jti was not seen before is for you to remember.

JSON holds the claims in clear as soon as the signature and all that was named hold, with valid false when the proofing was not accepted: then there is nobody in them.

Exit codes: 0 the proof is good and says accepted; 1 it is refused, or says rejected or inconclusive; 2 could not answer.`
}

// longestInput is more than any proof, so that one that is too long is refused as
// such and not cut.
const longestInput = 64 << 10

func (c *proofVerifyCmd) Run(ctx context.Context, p *program.Program) error {
	token, err := readProof(p.In)
	if err != nil {
		return err
	}
	o, err := c.options(ctx, p)
	if err != nil {
		return err
	}
	photo, err := c.photo()
	if err != nil {
		return err
	}
	done := c.check(token, o, photo)
	if err := printChecked(p, done, c.JSON); err != nil {
		return err
	}
	if done.err != nil {
		return program.ErrNo
	}
	return nil
}

// readProof takes one line from stdin, without the end that every shell adds.
func readProof(in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, longestInput))
	if err != nil {
		return "", fmt.Errorf("read proof: %w", err)
	}
	token := strings.TrimSuffix(strings.TrimSuffix(string(text), "\n"), "\r")
	if token == "" {
		return "", &program.UsageError{Err: errors.New("no proof on stdin"), Help: "chipproof proof verify --help"}
	}
	return token, nil
}

func (c *proofVerifyCmd) options(ctx context.Context, p *program.Program) (proof.Options, error) {
	o := proof.Options{Audience: string(c.Audience), Origin: string(c.Origin), Purpose: string(c.Purpose), Mode: proof.Production, Now: time.Now()}
	if c.Test {
		o.Mode = proof.Test
	}
	keys, denied, err := c.keys(ctx, p)
	if err != nil {
		return o, err
	}
	o.Issuers, o.Deny = []proof.Issuer{{Name: string(c.Issuer), Keys: keys}}, denied
	if c.Deny != "" {
		more, err := readDenied(string(c.Deny))
		if err != nil {
			return o, &program.UsageError{Err: fmt.Errorf("--deny: %w", err), Help: "chipproof proof verify --help"}
		}
		o.Deny = append(o.Deny, more...)
	}
	return o, nil
}

// keys are those of the file, or of the data folder with its deny list.
func (c *proofVerifyCmd) keys(ctx context.Context, p *program.Program) (keys proof.KeySet, denied []string, err error) {
	if c.JWKS == "" {
		_, err = onSite(ctx, p, c.Data, func(s *site) (struct{}, error) {
			ring, err := s.proofKeys(ringFor(c.Test)).read()
			if err == nil {
				keys, denied = ring.Published(time.Now()), ring.Denied()
			}
			return struct{}{}, err
		})
		return keys, denied, err
	}
	file, err := os.ReadFile(string(c.JWKS))
	if err != nil {
		return keys, nil, &program.UsageError{Err: fmt.Errorf("--jwks: %w", err), Help: "chipproof proof verify --help"}
	}
	if keys, err = proof.ParseKeys(file); err != nil {
		return keys, nil, fmt.Errorf("--jwks: %w", err)
	}
	return keys, nil, nil
}

// thumbprint is the form of every key's id (RFC 7638, of SHA-256).
var thumbprint = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// readDenied reads a deny list. A line that is no id is an error: a key that was
// meant by it would be taken.
func readDenied(path string) ([]string, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var denied []string
	for line := range strings.Lines(string(file)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if !thumbprint.MatchString(line) {
			return nil, fmt.Errorf("%.64q is no id of a key", line)
		}
		denied = append(denied, line)
	}
	return denied, nil
}

func (c *proofVerifyCmd) photo() ([]byte, error) {
	if c.Photo == "" {
		return nil, nil
	}
	photo, err := os.ReadFile(string(c.Photo))
	if err != nil {
		return nil, &program.UsageError{Err: fmt.Errorf("--photo: %w", err), Help: "chipproof proof verify --help"}
	}
	return photo, nil
}

// judgement is what became of a proof.
type judgement struct {
	proof     *proof.Proof // nil unless steps 1 to 10 of proof §6 hold
	unchecked []string     // what nobody asked to be checked
	err       error        // why it is refused
}

// check is the steps of proof §6 in their order. What is left open is filled in
// from the token itself, which then agrees with itself, and is named in the answer.
func (c *proofVerifyCmd) check(token string, o proof.Options, photo []byte) (done judgement) {
	own := ownWords(token)
	for _, open := range []struct {
		name  string
		value *string
		own   string
	}{
		{"issuer", &o.Issuers[0].Name, own.Issuer},
		{"audience", &o.Audience, own.Audience},
		{"origin", &o.Origin, own.Origin},
		{"purpose", &o.Purpose, own.Purpose},
	} {
		if *open.value == "" {
			*open.value = open.own
			done.unchecked = append(done.unchecked, open.name)
		}
	}
	if c.Nonce == "" {
		done.unchecked = append(done.unchecked, "nonce")
	}
	done.unchecked = append(done.unchecked, "jti")
	p, err := proof.Verify(token, o)
	if err == nil && c.Nonce != "" && p.Nonce != string(c.Nonce) {
		err = fmt.Errorf("%w: it is not the one that was given", proof.ErrNonce)
	}
	if err != nil {
		done.err = err
		return done
	}
	done.proof = p
	judged := *p
	if photo == nil && p.PhotoDigest != nil {
		done.unchecked, judged.PhotoDigest = append(done.unchecked, "photo"), nil
	}
	done.err = proof.Demand{}.Check(&judged, photo, o.Now)
	return done
}

// ownWords are claims of a token that nobody has checked yet.
func ownWords(token string) (own struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	Origin   string `json:"origin"`
	Purpose  string `json:"purpose"`
},
) {
	if parts := strings.Split(token, "."); len(parts) == 3 {
		payload, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err == nil {
			_ = json.Unmarshal(payload, &own) // [proof.Verify] says what is wrong with it
		}
	}
	return own
}
