package program

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"

	"chipproof/audit"
	"chipproof/mfa"
	"chipproof/store"
)

// The rings of the data folder, as commands and entries name them. The first two
// are package mfa's own names.
const (
	RingSecrets    = "secrets"
	RingPepper     = "pepper"
	RingPseudonyms = "pseudonyms"
	ringAudit      = "audit"
)

// RingFiles are the files of the two rings that package mfa works with.
var RingFiles = map[string]string{RingSecrets: store.SecretsKeyFile, RingPepper: store.PepperKeyFile}

// secretFiles are those that no other account may read. Each is one purpose's,
// and none can be made from another (mfa §3, assurance §5.5).
func (k Kind) secretFiles() []string {
	files := []string{store.SecretsKeyFile, store.PepperKeyFile}
	if k.Citizens {
		files = append(files, store.PseudonymKeyFile)
	}
	return append(append(files, store.AuditKeyFile), k.Secrets...)
}

// makeKeys fills an empty key folder.
func (k Kind) makeKeys(keyDir string) error {
	if err := os.Mkdir(keyDir, 0o700); err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	for _, name := range []string{store.SecretsKeyFile, store.PepperKeyFile} {
		ring, err := mfa.NewKeyring(rand.Reader)
		if err != nil {
			return fmt.Errorf("make keys: %w", err)
		}
		if err := MakeKeyFile(keyDir, name, ring.Reveal()); err != nil {
			return err
		}
	}
	if k.Citizens {
		ring, err := audit.NewPseudonymRing(rand.Reader)
		if err != nil {
			return fmt.Errorf("make keys: %w", err)
		}
		if err := MakeKeyFile(keyDir, store.PseudonymKeyFile, ring.Reveal()); err != nil {
			return err
		}
	}
	if err := makeAuditKey(keyDir); err != nil || k.MakeKeys == nil {
		return err
	}
	return k.MakeKeys(keyDir)
}

func makeAuditKey(keyDir string) error {
	key, err := audit.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	secret, err := key.Reveal()
	if err != nil {
		return fmt.Errorf("make keys: %w", err)
	}
	if err := MakeKeyFile(keyDir, store.AuditKeyFile, secret); err != nil {
		return err
	}
	return MakeKeyFile(keyDir, AuditPublic, publicFile(key.Public()))
}

// readKeys reads all that a command may need, so that one that is missing or
// damaged is found at once and not at the first login. Keys that a program has
// besides it reads by itself.
func (s *Site) readKeys() error {
	rings, err := readRings(s.KeyDir)
	if err != nil {
		return err
	}
	s.Rings = rings
	if err := s.readPseudonyms(); err != nil {
		return err
	}
	content, err := ReadKeyFile(s.KeyDir, store.AuditKeyFile)
	if err != nil {
		return err
	}
	if s.auditKey, err = audit.ParseKey(content); err != nil {
		return fmt.Errorf("read %s: %w", filepath.Join(s.KeyDir, store.AuditKeyFile), err)
	}
	return nil
}

// rereadKeys takes what a command has changed under a running agent.
func (s *Site) rereadKeys(ctx context.Context) error {
	rings, err := readRings(s.KeyDir)
	if err != nil {
		return err
	}
	if err := s.readPseudonyms(); err != nil {
		return err
	}
	return s.MFA.UseKeys(ctx, rings[RingSecrets], rings[RingPepper])
}

func readRings(keyDir string) (map[string]*mfa.Keyring, error) {
	rings := map[string]*mfa.Keyring{}
	for name, file := range RingFiles {
		content, err := ReadKeyFile(keyDir, file)
		if err != nil {
			return nil, err
		}
		if rings[name], err = mfa.ParseKeyring(content); err != nil {
			return nil, fmt.Errorf("read %s: %w", filepath.Join(keyDir, file), err)
		}
	}
	return rings, nil
}

func (s *Site) readPseudonyms() error {
	if !s.kind.Citizens {
		return nil
	}
	content, err := ReadKeyFile(s.KeyDir, store.PseudonymKeyFile)
	if err != nil {
		return err
	}
	ring, err := audit.ParsePseudonymRing(content)
	if err != nil {
		return fmt.Errorf("read %s: %w", filepath.Join(s.KeyDir, store.PseudonymKeyFile), err)
	}
	s.Pseudonyms.Store(ring)
	return nil
}
