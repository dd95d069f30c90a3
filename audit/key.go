package audit

import (
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"

	"golang.org/x/mod/sumdb/note"
)

// Key signs the checkpoints of one log, and nothing else (assurance §5.1). Its
// name is the log's: what a checkpoint of another log can't have. It hides its
// secret from every printing.
type Key struct {
	name   string
	secret ed25519.PrivateKey // nil for a key that stays in a device
	signer crypto.Signer
	public note.Verifier
	line   string

	mu sync.Mutex // a signer in a device may take one message at a time
}

// GenerateKey makes a key in memory, for a log with a new random name.
func GenerateKey(random io.Reader) (*Key, error) {
	raw := make([]byte, 4+ed25519.SeedSize)
	if _, err := io.ReadFull(random, raw); err != nil {
		return nil, fmt.Errorf("generate audit key: %w", err)
	}
	return keyFrom("chipproof-audit-"+hex.EncodeToString(raw[:4]), ed25519.NewKeyFromSeed(raw[4:]))
}

// NewKey takes a key that is kept elsewhere. It must be Ed25519; the name is
// that of the log, without white space or a plus sign. Error: [ErrKeyInvalid].
func NewKey(name string, signer crypto.Signer) (*Key, error) { return keyFrom(name, signer) }

func keyFrom(name string, signer crypto.Signer) (*Key, error) {
	public, ok := signer.Public().(ed25519.PublicKey)
	if !ok {
		return nil, fmt.Errorf("take audit key: %w: not Ed25519", ErrKeyInvalid)
	}
	line, err := note.NewEd25519VerifierKey(name, public)
	if err != nil {
		return nil, fmt.Errorf("take audit key: %w", ErrKeyInvalid)
	}
	verifier, err := note.NewVerifier(line)
	if err != nil { // the name
		return nil, fmt.Errorf("take audit key: %w", ErrKeyInvalid)
	}
	secret, _ := signer.(ed25519.PrivateKey)
	return &Key{name: name, secret: secret, signer: signer, public: verifier, line: line}, nil
}

const (
	keyTitle   = "# chipproof audit key: signs the checkpoints of the log, and nothing else"
	keyPrefix  = "PRIVATE+KEY+"
	algEd25519 = 1 // as in signed notes
)

// Reveal is the content of the key file, the secret in clear, in the form of
// signed notes. Error: [ErrKeyInvalid] for a key that stays in a device.
func (k *Key) Reveal() ([]byte, error) {
	if k.secret == nil {
		return nil, fmt.Errorf("reveal audit key: %w: not in a file", ErrKeyInvalid)
	}
	data := append([]byte{algEd25519}, k.secret.Seed()...)
	return fmt.Appendf(nil, "%s\n%s%s+%08x+%s\n", keyTitle, keyPrefix, k.name, k.public.KeyHash(), base64.StdEncoding.EncodeToString(data)), nil
}

// ParseKey reads what [Key.Reveal] wrote. Error: [ErrKeyInvalid], which never
// quotes the file.
func ParseKey(file []byte) (*Key, error) {
	lines := fileLines(file)
	if len(lines) != 1 {
		return nil, fmt.Errorf("parse audit key: %w: %d lines", ErrKeyInvalid, len(lines))
	}
	rest, ok := strings.CutPrefix(lines[0], keyPrefix)
	name, rest, _ := strings.Cut(rest, "+")
	_, data, _ := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.Strict().DecodeString(data)
	if !ok || err != nil || len(raw) != 1+ed25519.SeedSize || raw[0] != algEd25519 {
		return nil, fmt.Errorf("parse audit key: %w", ErrKeyInvalid)
	}
	k, err := keyFrom(name, ed25519.NewKeyFromSeed(raw[1:]))
	if err != nil {
		return nil, fmt.Errorf("parse audit key: %w", ErrKeyInvalid)
	}
	if want := fmt.Sprintf("%s%s+%08x+%s", keyPrefix, name, k.public.KeyHash(), data); lines[0] != want {
		return nil, fmt.Errorf("parse audit key: %w: name and key don't fit", ErrKeyInvalid)
	}
	return k, nil
}

// fileLines are the lines of a key file without comments.
func fileLines(file []byte) []string {
	var lines []string
	for line := range strings.Lines(string(file)) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines
}

// Name is that of the log.
func (k *Key) Name() string { return k.name }

// Public is the line that a verifier needs: name, hash and public key.
func (k *Key) Public() string { return k.line }

// KeyHash, with Name and Sign, makes it a [note.Signer].
func (k *Key) KeyHash() uint32 { return k.public.KeyHash() }

// Sign signs a message, for [note.Sign].
func (k *Key) Sign(message []byte) ([]byte, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	// Ed25519 takes the message itself and no randomness (RFC 8032).
	signature, err := k.signer.Sign(nil, message, crypto.Hash(0))
	if err != nil {
		return nil, fmt.Errorf("sign checkpoint: %w", err)
	}
	return signature, nil
}

// Keys are the public keys that this key's log is checked with.
func (k *Key) Keys() Keys { return Keys{[]note.Verifier{k.public}} }

// String shows the public line.
func (k *Key) String() string { return k.line }

// GoString hides the secret from %#v.
func (k *Key) GoString() string { return k.line }

// Format hides the secret from every verb.
func (k *Key) Format(s fmt.State, _ rune) { fmt.Fprint(s, k.line) }

// LogValue hides the secret from structured logs.
func (k *Key) LogValue() slog.Value { return slog.StringValue(k.line) }

// Keys are the public keys of one log: the one in use and those before it.
type Keys struct{ list []note.Verifier }

// ParseKeys reads public keys, one a line as [Key.Public] gives them, with
// comments after #. Error: [ErrKeyInvalid].
func ParseKeys(file []byte) (Keys, error) {
	var keys Keys
	for _, line := range fileLines(file) {
		v, err := note.NewVerifier(line)
		if err != nil {
			return Keys{}, fmt.Errorf("parse public keys: %w", ErrKeyInvalid)
		}
		keys.list = append(keys.list, v)
	}
	if len(keys.list) == 0 {
		return Keys{}, fmt.Errorf("parse public keys: %w: none", ErrKeyInvalid)
	}
	return keys, nil
}

// Verifier implements [note.Verifiers].
func (k Keys) Verifier(name string, hash uint32) (note.Verifier, error) {
	return note.VerifierList(k.list...).Verifier(name, hash)
}
