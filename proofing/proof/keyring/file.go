package keyring

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"fmt"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"chipproof/proofing/proof"
)

// title stands in every file, so that whoever opens it knows what it must not do
// with it.
const title = "chipproof proof keys: never in a backup, never on a second machine"

// maxRing is how large the content of a file may be, in bytes: a full ring and
// room to spare.
const maxRing = 64 << 10

// ringFile is the form of the file. Bytes are DER, which JSON writes as base64.
type ringFile struct {
	About string     `json:"about"`
	Mode  proof.Mode `json:"mode"`
	Keys  []keyFile  `json:"keys"`
}

type keyFile struct {
	KID       string `json:"kid"`
	Made      int64  `json:"made"`
	SignsFrom int64  `json:"signs_from"`
	Revoked   int64  `json:"revoked,omitzero"`
	Public    string `json:"public"`           // PKIX (RFC 5280 §4.1)
	Private   string `json:"private,omitzero"` // PKCS #8 (RFC 5958)
}

// Reveal is the content of the key file, every private half in clear. The caller
// keeps it from all other accounts (mode 0600).
func (r *Ring) Reveal() []byte {
	file := ringFile{About: title, Mode: r.mode, Keys: make([]keyFile, len(r.keys))}
	for i, k := range r.keys {
		public, err := x509.MarshalPKIXPublicKey(k.public)
		if err != nil {
			return nil // not of a P-256 key, and a ring holds no other
		}
		file.Keys[i] = keyFile{KID: k.kid, Made: k.made, SignsFrom: k.signsFrom, Revoked: k.revoked, Public: encode(public)}
		if k.private == nil {
			continue
		}
		private, err := x509.MarshalPKCS8PrivateKey(k.private)
		if err != nil {
			return nil // as above
		}
		file.Keys[i].Private = encode(private)
	}
	text, err := json.Marshal(file, json.Deterministic(true), jsontext.Multiline(true))
	if err != nil {
		return nil // texts and numbers always marshal
	}
	return append(text, '\n')
}

// Parse reads what [Ring.Reveal] wrote. Error: [ErrRingInvalid], which never
// quotes the file.
func Parse(file []byte) (*Ring, error) {
	if len(file) > maxRing {
		return nil, fmt.Errorf("parse ring: %w: larger than 64 KiB", ErrRingInvalid)
	}
	var read ringFile
	if err := json.Unmarshal(file, &read, json.RejectUnknownMembers(true)); err != nil {
		return nil, fmt.Errorf("parse ring: %w: not of its form", ErrRingInvalid) // the cause may quote
	}
	if read.About != title || !known(read.Mode) || len(read.Keys) == 0 || len(read.Keys) > maxKeys {
		return nil, fmt.Errorf("parse ring: %w: title, mode or number of keys", ErrRingInvalid)
	}
	ring := &Ring{mode: read.Mode}
	for i, k := range read.Keys {
		parsed, err := parseKey(k)
		if err == nil {
			err = ring.fits(parsed)
		}
		if err != nil {
			return nil, fmt.Errorf("parse ring: key %d: %w", i+1, err)
		}
		ring.keys = append(ring.keys, parsed)
	}
	return ring, nil
}

// ParseFor is [Parse] for the ring of a mode. Errors: [ErrRingInvalid];
// [ErrRingMode] for the other mode's.
func ParseFor(mode proof.Mode, file []byte) (*Ring, error) {
	ring, err := Parse(file)
	if err != nil {
		return nil, err
	}
	if ring.mode != mode {
		return nil, fmt.Errorf("parse ring: %w: it is for %s", ErrRingMode, ring.mode)
	}
	return ring, nil
}

// fits says whether a key may follow those before it.
func (r *Ring) fits(next key) error {
	for _, k := range r.keys {
		if k.kid == next.kid {
			return fmt.Errorf("%w: it stands there twice", ErrRingInvalid)
		}
		// One that was revoked before its day may have been replaced at once.
		early := k.revoked != 0 && k.revoked < k.signsFrom
		if next.made < k.made || !early && next.signsFrom < k.signsFrom {
			return fmt.Errorf("%w: it is older than one before it", ErrRingInvalid)
		}
	}
	return nil
}

func parseKey(k keyFile) (key, error) {
	parsed := key{kid: k.KID, made: k.Made, signsFrom: k.SignsFrom, revoked: k.Revoked}
	if !inOrder(parsed) {
		return key{}, fmt.Errorf("%w: its times", ErrRingInvalid)
	}
	public, err := decode(k.Public)
	if err != nil {
		return key{}, fmt.Errorf("%w: its public half", ErrRingInvalid)
	}
	read, err := x509.ParsePKIXPublicKey(public)
	half, ok := read.(*ecdsa.PublicKey)
	if err != nil || !ok || half.Curve != elliptic.P256() {
		return key{}, fmt.Errorf("%w: its public half is no key of P-256", ErrRingInvalid)
	}
	parsed.public = half
	if kid, err := proof.Thumbprint(half); err != nil || kid != k.KID {
		return key{}, fmt.Errorf("%w: its kid is not its thumbprint", ErrRingInvalid)
	}
	if k.Private == "" {
		return parsed, nil
	}
	if k.Revoked != 0 {
		return key{}, fmt.Errorf("%w: it is revoked, and its private half is there", ErrRingInvalid)
	}
	parsed.private, err = parsePrivate(k.Private, half)
	return parsed, err
}

// inOrder says whether a key's times can be. The year 2100 is far enough, and
// keeps sums from running over.
func inOrder(k key) bool {
	const far = 4_102_444_800
	return k.made > 0 && k.made <= k.signsFrom && k.signsFrom < far &&
		(k.revoked == 0 || k.made <= k.revoked && k.revoked < far)
}

func parsePrivate(text string, public *ecdsa.PublicKey) (*ecdsa.PrivateKey, error) {
	der, err := decode(text)
	if err != nil {
		return nil, fmt.Errorf("%w: its private half", ErrRingInvalid)
	}
	read, err := x509.ParsePKCS8PrivateKey(der)
	private, ok := read.(*ecdsa.PrivateKey)
	if err != nil || !ok || !private.PublicKey.Equal(public) {
		return nil, fmt.Errorf("%w: its private half is not that of its public one", ErrRingInvalid)
	}
	return private, nil
}

func encode(der []byte) string { return base64.StdEncoding.EncodeToString(der) }

func decode(text string) ([]byte, error) { return base64.StdEncoding.Strict().DecodeString(text) }
