package mfa

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
)

const (
	keyBytes     = 32
	keyIDBytes   = 4
	maxKeys      = 64
	keyringTitle = "# chipproof keyring: one key a line, id and value; the last one is current"
)

// Keyring holds keys by id: the current one, and old ones so that what was
// written under them can still be read. It never changes; a rotation makes a
// new one. The same form serves the key-encryption key and the pepper, which
// are two rings in two files (mfa §3).
type Keyring struct {
	ids  []string // oldest first; the last is current
	keys map[string][]byte
}

// NewKeyring makes a ring with one random key of 256 bits.
func NewKeyring(random io.Reader) (*Keyring, error) {
	return (&Keyring{}).Rotated(random)
}

// Rotated is the same ring with a new current key.
func (k *Keyring) Rotated(random io.Reader) (*Keyring, error) {
	raw, err := randomBytes(random, keyIDBytes+keyBytes)
	if err != nil {
		return nil, err
	}
	id := "k" + hex.EncodeToString(raw[:keyIDBytes])
	return k.with(id, raw[keyIDBytes:])
}

// Without is the same ring without an old key. Errors: [ErrKeyMissing] for an id
// that it doesn't hold, [ErrKeyInvalid] for the current one.
func (k *Keyring) Without(id string) (*Keyring, error) {
	if id == k.Current() {
		return nil, fmt.Errorf("drop key %s: %w: it is current", id, ErrKeyInvalid)
	}
	if _, err := k.key(id); err != nil {
		return nil, fmt.Errorf("drop key: %w", err)
	}
	out := &Keyring{keys: make(map[string][]byte)}
	for _, other := range k.ids {
		if other != id {
			out.ids = append(out.ids, other)
			out.keys[other] = k.keys[other]
		}
	}
	return out, nil
}

func (k *Keyring) with(id string, key []byte) (*Keyring, error) {
	if _, twice := k.keys[id]; twice || len(k.ids) == maxKeys {
		return nil, fmt.Errorf("add key %s: %w", id, ErrKeyInvalid)
	}
	out := &Keyring{ids: append(slices.Clone(k.ids), id), keys: make(map[string][]byte, len(k.ids)+1)}
	for _, old := range k.ids {
		out.keys[old] = k.keys[old]
	}
	out.keys[id] = key
	return out, nil
}

// ParseKeyring reads what [Keyring.Reveal] wrote, as the content of a key file.
// Error: [ErrKeyInvalid], which never quotes the file.
func ParseKeyring(file []byte) (*Keyring, error) {
	ring := &Keyring{}
	for n, line := range strings.Split(strings.TrimRight(string(file), "\n"), "\n") {
		line = strings.TrimSuffix(line, "\r")
		if strings.HasPrefix(line, "#") {
			continue
		}
		id, value, _ := strings.Cut(line, " ")
		key, err := base64.StdEncoding.Strict().DecodeString(value)
		if err != nil || len(key) != keyBytes || !validKeyID(id) {
			return nil, fmt.Errorf("parse keyring: %w: line %d", ErrKeyInvalid, n+1)
		}
		if ring, err = ring.with(id, key); err != nil {
			return nil, fmt.Errorf("parse keyring: %w", err)
		}
	}
	if len(ring.ids) == 0 {
		return nil, fmt.Errorf("parse keyring: %w: no key", ErrKeyInvalid)
	}
	return ring, nil
}

func validKeyID(id string) bool {
	raw, err := hex.DecodeString(strings.TrimPrefix(id, "k"))
	return err == nil && len(raw) == keyIDBytes && "k"+hex.EncodeToString(raw) == id
}

// Reveal is the content of the key file: every key in clear.
func (k *Keyring) Reveal() []byte {
	var b strings.Builder
	b.WriteString(keyringTitle + "\n")
	for _, id := range k.ids {
		b.WriteString(id + " " + base64.StdEncoding.EncodeToString(k.keys[id]) + "\n")
	}
	return []byte(b.String())
}

// Current is the id of the key that new secrets are sealed under.
func (k *Keyring) Current() string { return k.ids[len(k.ids)-1] }

// IDs are all ids, oldest first.
func (k *Keyring) IDs() []string { return slices.Clone(k.ids) }

// String, GoString, Format and LogValue name the ids and hide the keys.
func (k *Keyring) String() string { return "keyring " + strings.Join(k.ids, " ") }

// GoString hides the keys from %#v.
func (k *Keyring) GoString() string { return k.String() }

// Format hides the keys from every verb.
func (k *Keyring) Format(s fmt.State, _ rune) { fmt.Fprint(s, k.String()) }

// LogValue hides the keys from structured logs.
func (k *Keyring) LogValue() slog.Value { return slog.StringValue(k.String()) }

func (k *Keyring) holds(id string) bool { return k.keys[id] != nil }

func (k *Keyring) key(id string) ([]byte, error) {
	key, ok := k.keys[id]
	if !ok {
		return nil, fmt.Errorf("%w: %q", ErrKeyMissing, id)
	}
	return key, nil
}

// derive gives the data key for one purpose by HKDF (RFC 5869), so that no two
// purposes, tables or columns ever share a key.
func (k *Keyring) derive(id string, purpose ...string) ([]byte, error) {
	key, err := k.key(id)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	info := string(lengthPrefixed(append([]string{"chipproof v1"}, purpose...)...))
	out, err := hkdf.Key(sha256.New, key, nil, info, keyBytes)
	if err != nil {
		return nil, fmt.Errorf("derive key: %w", err)
	}
	return out, nil
}

// mac is a keyed hash for one purpose.
func (k *Keyring) mac(id, purpose string, parts ...string) ([]byte, error) {
	key, err := k.derive(id, purpose)
	if err != nil {
		return nil, err
	}
	h := hmac.New(sha256.New, key)
	h.Write(lengthPrefixed(parts...))
	return h.Sum(nil), nil
}
