package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/proofing/proof"
	"chipproof/store"
)

// The rings of the data folder, as commands and entries name them. The first two
// are package mfa's own names.
const (
	ringSecrets    = "secrets"
	ringPepper     = "pepper"
	ringPseudonyms = "pseudonyms"
	ringAudit      = "audit"
)

// ringFiles are the files of the two rings that package mfa works with.
var ringFiles = map[string]string{ringSecrets: store.SecretsKeyFile, ringPepper: store.PepperKeyFile}

// secretFiles are those that no other account may read. Each is one purpose's,
// and none can be made from another (mfa §3, assurance §5.5).
func secretFiles() []string {
	return []string{
		store.SecretsKeyFile, store.PepperKeyFile, store.PseudonymKeyFile, store.AuditKeyFile,
		store.ProofKeyFile, store.ProofTestKeyFile,
	}
}

// makeKeys fills an empty key folder.
func makeKeys(keyDir string) error {
	if err := os.Mkdir(keyDir, 0o700); err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	for _, name := range []string{store.SecretsKeyFile, store.PepperKeyFile} {
		ring, err := mfa.NewKeyring(rand.Reader)
		if err != nil {
			return fmt.Errorf("make keys: %w", err)
		}
		if err := makeKeyFile(keyDir, name, ring.Reveal()); err != nil {
			return err
		}
	}
	ring, err := audit.NewPseudonymRing(rand.Reader)
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	if err := makeKeyFile(keyDir, store.PseudonymKeyFile, ring.Reveal()); err != nil {
		return err
	}
	key, err := audit.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	secret, err := key.Reveal()
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	if err := makeKeyFile(keyDir, store.AuditKeyFile, secret); err != nil {
		return err
	}
	for _, mode := range []proof.Mode{proof.Production, proof.Test} {
		if _, err := (proofKeys{keyDir, mode}).make(); err != nil {
			return err
		}
	}
	return makeKeyFile(keyDir, auditPublic, publicFile(key.Public()))
}

// readKeys reads all that a command may need, so that one that is missing or
// damaged is found at once and not at the first login. The keys for proofs are
// read when one is wanted: see [proofKeys].
func (s *site) readKeys() error {
	rings, err := readRings(s.keyDir)
	if err != nil {
		return err
	}
	s.rings = rings
	if err := s.readPseudonyms(); err != nil {
		return err
	}
	content, err := readKeyFile(s.keyDir, store.AuditKeyFile)
	if err != nil {
		return err
	}
	if s.auditKey, err = audit.ParseKey(content); err != nil {
		return fmt.Errorf("read %s: %w", filepath.Join(s.keyDir, store.AuditKeyFile), err)
	}
	return nil
}

// rereadKeys takes what a command has changed under a running agent.
func (s *site) rereadKeys(ctx context.Context) error {
	rings, err := readRings(s.keyDir)
	if err != nil {
		return err
	}
	if err := s.readPseudonyms(); err != nil {
		return err
	}
	return s.mfa.UseKeys(ctx, rings[ringSecrets], rings[ringPepper])
}

func readRings(keyDir string) (map[string]*mfa.Keyring, error) {
	rings := map[string]*mfa.Keyring{}
	for name, file := range ringFiles {
		content, err := readKeyFile(keyDir, file)
		if err != nil {
			return nil, err
		}
		if rings[name], err = mfa.ParseKeyring(content); err != nil {
			return nil, fmt.Errorf("read %s: %w", filepath.Join(keyDir, file), err)
		}
	}
	return rings, nil
}

func (s *site) readPseudonyms() error {
	content, err := readKeyFile(s.keyDir, store.PseudonymKeyFile)
	if err != nil {
		return err
	}
	ring, err := audit.ParsePseudonymRing(content)
	if err != nil {
		return fmt.Errorf("read %s: %w", filepath.Join(s.keyDir, store.PseudonymKeyFile), err)
	}
	s.pseudonyms.Store(ring)
	return nil
}

// Pseudonym implements [counter.Pseudonyms] with the ring that is current now.
func (s *site) Pseudonym(purpose string, year int, citizenNumber string) (string, error) {
	return s.pseudonyms.Load().Pseudonym(purpose, year, citizenNumber)
}
