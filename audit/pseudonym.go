package audit

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// PseudonymRing makes the names under which citizens stand in the log:
// HMAC-SHA256 over the citizen's number, under a key for one purpose and year
// (assurance §5.2). Never a bare hash: there are few enough numbers to try them
// all. So one citizen's entries of a purpose and year are seen to belong
// together, those of two purposes or years are not, and who doesn't hold the
// ring learns nothing.
//
// Keys have ids, so that the ring can be rotated: old ones stay for looking
// people up, or are thrown away to make that impossible. It never changes.
type PseudonymRing struct {
	ids  []string // oldest first; the last is current
	keys map[string][]byte
}

const (
	ringTitle   = "# chipproof pseudonym keys: one key a line, id and value; the last one is current"
	ringKey     = 32
	ringID      = 4
	ringMaxKeys = 64
)

// NewPseudonymRing makes a ring with one random key.
func NewPseudonymRing(random io.Reader) (*PseudonymRing, error) {
	return (&PseudonymRing{}).Rotated(random)
}

// Rotated is the same ring with a new current key. Error: [ErrKeyInvalid] when
// it is full.
func (r *PseudonymRing) Rotated(random io.Reader) (*PseudonymRing, error) {
	raw := make([]byte, ringID+ringKey)
	if _, err := io.ReadFull(random, raw); err != nil {
		return nil, fmt.Errorf("make pseudonym key: %w", err)
	}
	return r.with("p"+hex.EncodeToString(raw[:ringID]), raw[ringID:])
}

func (r *PseudonymRing) with(id string, key []byte) (*PseudonymRing, error) {
	if r.keys[id] != nil || len(r.ids) == ringMaxKeys {
		return nil, fmt.Errorf("add pseudonym key: %w", ErrKeyInvalid)
	}
	out := &PseudonymRing{ids: append(slices.Clone(r.ids), id), keys: map[string][]byte{id: key}}
	maps.Copy(out.keys, r.keys)
	return out, nil
}

// ParsePseudonymRing reads what [PseudonymRing.Reveal] wrote. Error:
// [ErrKeyInvalid], which never quotes the file.
func ParsePseudonymRing(file []byte) (*PseudonymRing, error) {
	ring := &PseudonymRing{}
	for _, line := range fileLines(file) {
		id, value, _ := strings.Cut(line, " ")
		raw, badID := hex.DecodeString(strings.TrimPrefix(id, "p"))
		key, err := base64.StdEncoding.Strict().DecodeString(value)
		if badID != nil || err != nil || len(key) != ringKey || len(raw) != ringID || id != "p"+hex.EncodeToString(raw) {
			return nil, fmt.Errorf("parse pseudonym keys: %w", ErrKeyInvalid)
		}
		if ring, err = ring.with(id, key); err != nil {
			return nil, fmt.Errorf("parse pseudonym keys: %w", err)
		}
	}
	if len(ring.ids) == 0 {
		return nil, fmt.Errorf("parse pseudonym keys: %w: none", ErrKeyInvalid)
	}
	return ring, nil
}

// Reveal is the content of the key file: every key in clear.
func (r *PseudonymRing) Reveal() []byte {
	b := []byte(ringTitle + "\n")
	for _, id := range r.ids {
		b = append(b, id+" "+base64.StdEncoding.EncodeToString(r.keys[id])+"\n"...)
	}
	return b
}

// Pseudonym names a citizen for a purpose and a year (of the Gregorian
// calendar), under the current key: key id, year and hash. The number must be
// in the one form that the program has of it, thirteen ASCII digits.
// Error: [ErrInvalid], which never quotes the number.
func (r *PseudonymRing) Pseudonym(purpose string, year int, citizenNumber string) (string, error) {
	return r.under(r.ids[len(r.ids)-1], purpose, year, citizenNumber)
}

// Pseudonyms are all names that a citizen may stand under for that purpose and
// year: one for each key of the ring. They serve to find a person's entries when
// that person asks for them.
func (r *PseudonymRing) Pseudonyms(purpose string, year int, citizenNumber string) ([]string, error) {
	var list []string
	for _, id := range r.ids {
		p, err := r.under(id, purpose, year, citizenNumber)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

func (r *PseudonymRing) under(id, purpose string, year int, number string) (string, error) {
	if len(number) != 13 || strings.Trim(number, "0123456789") != "" || purpose == "" || year < 1 || year > 9999 {
		return "", fmt.Errorf("make pseudonym: %w", ErrInvalid)
	}
	info := []byte("chipproof pseudonym v1")
	info = binary.BigEndian.AppendUint32(info, uint32(year))
	info = appendText(info, purpose)
	key, err := hkdf.Key(sha256.New, r.keys[id], nil, string(info), ringKey)
	if err != nil {
		return "", fmt.Errorf("make pseudonym: %w", err)
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(number))
	return id + "." + strconv.Itoa(year) + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}

// String names the ids and hides the keys.
func (r *PseudonymRing) String() string { return "pseudonym keys " + strings.Join(r.ids, " ") }

// GoString hides the keys from %#v.
func (r *PseudonymRing) GoString() string { return r.String() }

// Format hides the keys from every verb.
func (r *PseudonymRing) Format(s fmt.State, _ rune) { fmt.Fprint(s, r.String()) }

// LogValue hides the keys from structured logs.
func (r *PseudonymRing) LogValue() slog.Value { return slog.StringValue(r.String()) }
