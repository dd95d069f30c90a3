package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"chipproof/audit"
	"chipproof/cmd/internal/program"
	"chipproof/proofing/proof"
	"chipproof/proofing/proof/keyring"
	"chipproof/store"
)

// proofKeys is the key file of one mode. It is read whenever a key is wanted, so
// that a running agent takes what a command has changed at once, and signs
// nothing once the file is away, open to others or another's (agent-security §11,
// row 33). It costs a fraction of what signing does.
type proofKeys struct {
	dir  string
	mode proof.Mode
}

// proofRings are the names of the rings in lists and entries, by mode.
const (
	ringProof     = "proof"
	ringProofTest = "proof-test"
)

// proofRingNames are both, production first.
func proofRingNames() []string { return []string{ringProof, ringProofTest} }

func (s *site) proofKeys(ring string) proofKeys {
	if ring == ringProofTest {
		return proofKeys{s.KeyDir, proof.Test}
	}
	return proofKeys{s.KeyDir, proof.Production}
}

func (k proofKeys) ring() string {
	if k.mode == proof.Test {
		return ringProofTest
	}
	return ringProof
}

func (k proofKeys) file() string {
	if k.mode == proof.Test {
		return store.ProofTestKeyFile
	}
	return store.ProofKeyFile
}

// errProofKeyMissing is for a machine without a key for proofs, which can make
// one of its own at any time.
var errProofKeyMissing = errors.New("proof key missing")

// read is the ring as the file has it now. Errors: [errProofKeyMissing],
// [errDataOpen], [errIrregular], [keyring.ErrRingInvalid], [keyring.ErrRingMode].
func (k proofKeys) read() (*keyring.Ring, error) {
	content, err := program.ReadKeyFile(k.dir, k.file())
	if errors.Is(err, program.ErrKeyFileMissing) {
		return nil, fmt.Errorf("%w: %w", errProofKeyMissing, err)
	}
	if err != nil {
		return nil, err
	}
	ring, err := keyring.ParseFor(k.mode, content)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", filepath.Join(k.dir, k.file()), err)
	}
	return ring, nil
}

// signer is the key that signs now.
func (k proofKeys) signer() (crypto.Signer, error) {
	ring, err := k.read()
	if err != nil {
		return nil, err
	}
	signer, _, err := ring.Signer(time.Now())
	return signer, err
}

// published is the key set of this moment.
func (k proofKeys) published() (proof.KeySet, error) {
	ring, err := k.read()
	if err != nil {
		return proof.KeySet{}, err
	}
	return ring.Published(time.Now()), nil
}

// make makes the file of a machine that has none yet.
func (k proofKeys) make() (*keyring.Ring, error) {
	ring, err := keyring.New(rand.Reader, time.Now(), k.mode)
	if err != nil {
		return nil, fmt.Errorf("make proof key: %w", err)
	}
	return ring, program.MakeKeyFile(k.dir, k.file(), ring.Reveal())
}

// changeProofKeys writes the entries of a change, then the file, whole or not at
// all. Of two commands at once the later one gives up: it has not seen what the
// other changed, and could put a revoked key back.
func (s *site) changeProofKeys(ctx context.Context, k proofKeys, change func(*keyring.Ring) (*keyring.Ring, error)) error {
	before, err := k.read()
	if err != nil {
		return err
	}
	after, err := change(before)
	if err != nil {
		return err
	}
	for _, e := range keyEvents(k, before, after) {
		if err := s.Record(ctx, e); err != nil {
			return err
		}
	}
	return s.Store.Alone(ctx, func() error {
		now, err := k.read()
		if err != nil {
			return err
		}
		if string(now.Reveal()) != string(before.Reveal()) {
			return fmt.Errorf("change proof keys: %w: another command changed them", store.ErrBusy)
		}
		if err := program.ReplaceKeyFile(k.dir, k.file(), after.Reveal()); err != nil {
			return fmt.Errorf("%w: %w", program.ErrFileUnwritable, err)
		}
		return nil
	})
}

// keyEvents tell what a change does to each key of a ring.
func keyEvents(k proofKeys, before, after *keyring.Ring) []audit.Event {
	now := time.Now()
	was := map[string]keyring.KeyState{}
	for _, state := range before.States(now) {
		was[state.KID] = state
	}
	var events []audit.Event
	for _, state := range after.States(now) {
		e := audit.Event{Attributes: map[string]string{"ring": k.ring(), "key": state.KID}}
		old, there := was[state.KID]
		switch {
		case !there:
			e.Kind, e.Attributes["signs_from"] = audit.KindKeyAdded, state.SignsFrom.UTC().Format(time.RFC3339)
		case state.State == keyring.Revoked && old.State != keyring.Revoked:
			e.Kind = audit.KindKeyRevoked
		case state.State != keyring.Revoked && !state.Until.IsZero() && !state.Until.Equal(old.Until):
			e.Kind, e.Attributes["until"] = audit.KindKeyRetired, state.Until.UTC().Format(time.RFC3339)
		default:
			continue
		}
		events = append(events, e)
	}
	return events
}
