package simulator

import (
	"crypto/sha256"
	"encoding/binary"
)

// noise is n bytes without meaning, always the same for the same seed.
func noise(n int, seed string) []byte {
	var out []byte
	for block := uint32(0); len(out) < n; block++ {
		sum := sha256.Sum256(binary.BigEndian.AppendUint32([]byte(seed), block))
		out = append(out, sum[:]...)
	}
	return out[:n]
}
