package mfa

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Argon2 is the cost of one password hash (RFC 9106, argon2id).
type Argon2 struct {
	MemoryKiB uint32 // at least 8 for each thread
	Passes    uint32 // at least 1
	Threads   uint8  // at least 1
}

// DefaultArgon2 takes about 50 ms on a 2020s PC. The memory is OWASP's figure:
// more of it would break the 64 MiB that the agent may hold (design §9), so the
// cost is raised by passes.
var DefaultArgon2 = Argon2{MemoryKiB: 19 << 10, Passes: 5, Threads: 1}

// Bounds of what a stored hash may ask of this machine; a row that asks for more
// was not written by us.
const (
	maxArgon2MemoryKiB = 1 << 20
	maxArgon2Passes    = 64
	saltBytes          = 16 // NIST asks for 4 at least
	hashBytes          = 32
)

func (a Argon2) valid() bool {
	return a.Threads >= 1 && a.Passes >= 1 && a.Passes <= maxArgon2Passes &&
		a.MemoryKiB >= 8*uint32(a.Threads) && a.MemoryKiB <= maxArgon2MemoryKiB
}

func (a Argon2) key(input, salt []byte) []byte {
	return argon2.IDKey(input, salt, a.Passes, a.MemoryKiB, a.Threads, hashBytes)
}

// phc is a stored hash in the PHC string format, parameters in the string:
// $argon2id$v=19$m=19456,t=5,p=1$<salt>$<hash>.
type phc struct {
	cost Argon2
	salt []byte
	hash []byte
}

func (p phc) String() string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.cost.MemoryKiB, p.cost.Passes, p.cost.Threads, b64.EncodeToString(p.salt), b64.EncodeToString(p.hash))
}

// parsePHC is exact: what it takes, it writes back byte for byte. Anything else
// is [ErrHashInvalid], and so no login.
func parsePHC(s string) (phc, error) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return phc{}, fmt.Errorf("parse password hash: %w: form", ErrHashInvalid)
	}
	var p phc
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.cost.MemoryKiB, &p.cost.Passes, &p.cost.Threads); err != nil {
		return phc{}, fmt.Errorf("parse password hash: %w: parameters", ErrHashInvalid)
	}
	var errSalt, errHash error
	p.salt, errSalt = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	p.hash, errHash = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if errSalt != nil || errHash != nil || len(p.salt) < 4 || len(p.hash) != hashBytes || !p.cost.valid() || p.String() != s {
		return phc{}, fmt.Errorf("parse password hash: %w: values", ErrHashInvalid)
	}
	return p, nil
}

func (p phc) matches(input []byte) bool {
	return subtle.ConstantTimeCompare(p.cost.key(input, p.salt), p.hash) == 1
}
