package proof

import (
	"crypto/ecdsa"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// ErrKeysInvalid is for a key set that can't be used. The error names the key and
// what is wrong with it, and repeats nothing private.
var ErrKeysInvalid = errors.New("key set invalid")

// MaxKeySet is how large the file of a key set may be, in bytes, and maxKeys how
// many keys it may hold: far more than any rotation needs (proof §7).
const (
	MaxKeySet = 64 << 10
	maxKeys   = 64
)

// KeySet is a set of public keys for ES256, each under its thumbprint, in the
// order in which they were given. It never changes; the zero set is empty.
type KeySet struct{ keys []namedKey }

type namedKey struct {
	kid string
	key *ecdsa.PublicKey
}

// ParseKeys reads the file of a JWK set with public keys (proof §7, RFC 7517), of
// an origin's backend or of an organisation's agents. Only keys for ES256 are
// taken: EC, P-256, use sig, alg ES256, kid the key's own thumbprint (RFC 7638),
// none twice, and no private member anywhere. What else a key holds means nothing
// here. Error: [ErrKeysInvalid].
func ParseKeys(file []byte) (KeySet, error) {
	if len(file) > MaxKeySet {
		return KeySet{}, fmt.Errorf("%w: larger than 64 KiB", ErrKeysInvalid)
	}
	var raw struct {
		Keys []map[string]jsontext.Value `json:"keys"`
	}
	// Repeated members are refused by the decoder: two readers could take two.
	if err := json.Unmarshal(file, &raw); err != nil {
		return KeySet{}, fmt.Errorf("%w: no JSON of the form {\"keys\": […]}", ErrKeysInvalid)
	}
	if len(raw.Keys) == 0 || len(raw.Keys) > maxKeys {
		return KeySet{}, fmt.Errorf("%w: %d keys; 1 to %d are taken", ErrKeysInvalid, len(raw.Keys), maxKeys)
	}
	var set KeySet
	for i, members := range raw.Keys {
		key, err := parseKey(members)
		if err == nil {
			err = set.add(key)
		}
		if err != nil {
			return KeySet{}, fmt.Errorf("%w: key %d: %w", ErrKeysInvalid, i+1, err)
		}
	}
	return set, nil
}

// NewKeySet is a set of these keys. Error: [ErrKeysInvalid] for a key that is not
// of P-256, one that stands there twice, and too many.
func NewKeySet(keys ...*ecdsa.PublicKey) (KeySet, error) {
	if len(keys) > maxKeys {
		return KeySet{}, fmt.Errorf("%w: %d keys; at most %d are taken", ErrKeysInvalid, len(keys), maxKeys)
	}
	var set KeySet
	for i, key := range keys {
		kid, err := Thumbprint(key)
		if err == nil {
			err = set.add(namedKey{kid, key})
		}
		if err != nil {
			return KeySet{}, fmt.Errorf("%w: key %d: %w", ErrKeysInvalid, i+1, err)
		}
	}
	return set, nil
}

func (s *KeySet) add(key namedKey) error {
	if _, twice := s.Key(key.kid); twice {
		return errors.New("it stands there twice")
	}
	s.keys = append(s.keys, key)
	return nil
}

// Key is the key of a name, and whether the set holds it.
func (s KeySet) Key(kid string) (*ecdsa.PublicKey, bool) {
	for _, k := range s.keys {
		if k.kid == kid {
			return k.key, true
		}
	}
	return nil, false
}

// Len is how many keys the set holds.
func (s KeySet) Len() int { return len(s.keys) }

// Thumbprints are the names of the keys, in their order: what an administrator
// compares with those that the other side shows. Never nil.
func (s KeySet) Thumbprints() []string {
	names := make([]string, 0, len(s.keys))
	for _, k := range s.keys {
		names = append(names, k.kid)
	}
	return names
}

// Without is the set without the keys of these names.
func (s KeySet) Without(deny ...string) KeySet {
	var left KeySet
	for _, k := range s.keys {
		if !slices.Contains(deny, k.kid) {
			left.keys = append(left.keys, k)
		}
	}
	return left
}

// Merge is the set with the keys of others behind its own, each once.
func (s KeySet) Merge(others ...KeySet) KeySet {
	merged := KeySet{slices.Clone(s.keys)}
	for _, other := range others {
		for _, k := range other.keys {
			if _, there := merged.Key(k.kid); !there {
				merged.keys = append(merged.keys, k)
			}
		}
	}
	return merged
}

// JSON is the set as a JWK set in the one form in which it is stored and
// published, of public members only. [ParseKeys] reads it, unless it is empty or
// merged from more keys than that takes.
func (s KeySet) JSON() []byte {
	file := struct {
		Keys []publicKey `json:"keys"`
	}{make([]publicKey, 0, len(s.keys))}
	for _, k := range s.keys {
		file.Keys = append(file.Keys, k.public())
	}
	text, err := json.Marshal(file)
	if err != nil {
		return nil // strings in base64url: there is nothing that could fail
	}
	return text
}
