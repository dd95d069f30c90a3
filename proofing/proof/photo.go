package proof

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
)

// digestAlgorithm is the only one there is.
const digestAlgorithm = "sha-256"

// Digest binds the photo, which travels beside a proof.
type Digest struct {
	// Alg is sha-256.
	Alg string `json:"alg"`
	// Value is base64 over the bytes of the JPEG as delivered.
	Value string `json:"value"`
}

// DigestOf is the digest of a photo.
func DigestOf(photo []byte) Digest {
	sum := sha256.Sum256(photo)
	return Digest{Alg: digestAlgorithm, Value: base64.StdEncoding.EncodeToString(sum[:])}
}

// Matches says whether this is the digest of a photo.
func (d Digest) Matches(photo []byte) bool { return d == DigestOf(photo) }

// check is for the form of a digest that was read.
func (d Digest) check() error {
	sum, err := base64.StdEncoding.DecodeString(d.Value)
	if err != nil || d.Alg != digestAlgorithm || len(sum) != sha256.Size ||
		!bytes.Equal([]byte(d.Value), base64.StdEncoding.AppendEncode(nil, sum)) {
		return errors.New("the photo's digest is not of the agreed form")
	}
	return nil
}
