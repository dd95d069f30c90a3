package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"chipproof/cmd/internal/programtest"
	"chipproof/proofing/proof"
	"chipproof/proofing/proof/keyring"
)

// signsCmd is the backend of a site that wants something else than `sim rp` does:
//
//	signs KEY ORIGIN FILE [NAME=VALUE]...
//
// writes the body for POST /v1/proofings and keeps the nonce as NONCE. Names are
// purpose, fields and needs (with commas), issuer_check (true), and iat: how many
// seconds its clock is off.
func signsCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: signs KEY ORIGIN FILE [NAME=VALUE]...")
	}
	key, err := x509.ParsePKCS8PrivateKey([]byte(ts.ReadFile(args[0])))
	ts.Check(err)
	wanted := proof.Request{
		Issuer: args[1], Audience: args[1], Purpose: "identity_proofing", Nonce: proof.NewNonce(), IssuedAt: time.Now().Unix(),
		Fields: []string{"citizen_id", "name"},
	}
	for _, word := range args[3:] {
		ts.Check(change(&wanted, word))
	}
	token, err := proof.SignRequest(key.(*ecdsa.PrivateKey), wanted)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), fmt.Appendf(nil, `{"request":%q}`, token), 0o600))
	ts.Setenv("NONCE", wanted.Nonce)
}

func change(r *proof.Request, word string) error {
	name, value, _ := strings.Cut(word, "=")
	switch name {
	case "purpose":
		r.Purpose = value
	case "fields":
		r.Fields = strings.Split(value, ",")
	case "needs":
		r.Needs = strings.Split(value, ",")
	case "issuer_check":
		r.IssuerCheck = value == "true"
	case "iat":
		off, err := strconv.ParseInt(value, 10, 64)
		r.IssuedAt += off
		return err
	default:
		return fmt.Errorf("a request has no %s", name)
	}
	return nil
}

// answersCmd waits for the answers to requests that the script went on beside, and
// writes them into a file, for what is true of all of them together: answers FILE
// NAME...
func answersCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: answers FILE NAME..., after ask NAME …")
	}
	var all strings.Builder
	for _, name := range args[1:] {
		programtest.AnsweredCmd(ts, false, []string{name})
		all.WriteString(programtest.LastAnswer(ts).Body + "\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(all.String()), 0o600))
}

// eventuallyCmd runs chipproof until it prints what the pattern matches: eventually
// REGEXP ARG...
func eventuallyCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually REGEXP ARG...")
	}
	pattern, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), programtest.Patience)
	defer cancel()
	for ts.Exec("chipproof", args[1:]...) != nil || !pattern.MatchString(ts.ReadFile("stdout")) {
		if ctx.Err() != nil {
			ts.Fatalf("it never prints %s", pattern)
		}
	}
}

// ringCmd is an agent that was set up some days ago, for what a key does over
// days:
//
//	ring old FILE    the keys of test mode as they were made two days ago
//	ring due FILE    the same as if `keys rotate` had been run a day ago: the new key's day has come
func ringCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ring old|due FILE")
	}
	var (
		ring *keyring.Ring
		err  error
	)
	switch now := time.Now(); args[0] {
	case "old":
		ring, err = keyring.New(rand.Reader, now.Add(-2*keyring.Ahead), proof.Test)
	case "due":
		if ring, err = keyring.Parse([]byte(ts.ReadFile(args[1]))); err == nil {
			ring, err = ring.Rotated(rand.Reader, now.Add(-keyring.Ahead))
		}
	default:
		ts.Fatalf("ring %s: no such thing", args[0])
	}
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), ring.Reveal(), 0o600))
}
