package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"chipproof/proofing/proof"
)

// siteKeyTool is what the operator of a web site does once: sitekey KEY JWKS
// makes a key, and the key set that the agent's administrator gets.
func siteKeyTool() {
	orExit("sitekey", func() error {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return err
		}
		private, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return err
		}
		set, err := proof.NewKeySet(&key.PublicKey)
		if err != nil {
			return err
		}
		if err := os.WriteFile(os.Args[1], private, 0o600); err != nil {
			return err
		}
		return os.WriteFile(os.Args[2], set.JSON(), 0o600)
	})
}

// signRequestTool is the site's backend: signrequest KEY ORIGIN FILE [NEED...]
// writes the body for POST /v1/proofings and prints the nonce.
func signRequestTool() {
	orExit("signrequest", func() error {
		file, err := os.ReadFile(os.Args[1])
		if err != nil {
			return err
		}
		private, err := x509.ParsePKCS8PrivateKey(file)
		if err != nil {
			return err
		}
		now := time.Now()
		r := proof.Request{
			Issuer: os.Args[2], Audience: os.Args[2], Purpose: "identity_proofing", ID: proof.NewID(), Nonce: proof.NewNonce(),
			IssuedAt: now.Unix(), ExpiresAt: now.Unix() + 120, Fields: []string{"citizen_id", "name"}, Needs: os.Args[4:], Evidence: proof.Chip,
		}
		token, err := proof.SignRequest(private.(*ecdsa.PrivateKey), r)
		if err != nil {
			return err
		}
		body, err := json.Marshal(struct {
			Request string `json:"request"`
		}{token})
		if err != nil {
			return err
		}
		fmt.Println(r.Nonce)
		return os.WriteFile(os.Args[3], body, 0o600)
	})
}

// sayTool prints its words, for the stdin of the next command.
func sayTool() { fmt.Println(strings.Join(os.Args[1:], " ")) }

func orExit(name string, do func() error) {
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, name+":", err)
		os.Exit(1)
	}
}
