package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"chipproof/proofing/proof"
)

var (
	// ErrRingInvalid is for the content of a key file that is no ring, or one so full
	// of revoked keys that no other can be made. The error never quotes the file.
	ErrRingInvalid = errors.New("ring of proof keys invalid")
	// ErrRingMode is for the ring of the other mode: a test key never signs in
	// production, nor the other way round.
	ErrRingMode = errors.New("ring of proof keys is of the other mode")
	// ErrNoKey is for a moment at which no key of the ring may sign.
	ErrNoKey = errors.New("no proof key may sign")
	// ErrKeyUnknown is for a kid that the ring doesn't hold.
	ErrKeyUnknown = errors.New("proof key unknown")
	// ErrRotationPending is for a rotation while the new key of the last one still
	// waits for its day.
	ErrRotationPending = errors.New("rotation of proof keys pending")
)

const (
	// Ahead is how long a new key is published before it signs: longer than any
	// relying party's cache (1 h) and a proof's life together (proof §7).
	Ahead = 24 * time.Hour
	// After is how long an old key stays published once another signs: the life of
	// a proof (300 s) and a minute more.
	After = 300*time.Second + time.Minute
	// maxKeys bounds a ring, as the key set bounds what it publishes. Monthly
	// rotations fill it in five years.
	maxKeys = 64
)

// Ring is the proof keys of one agent in one mode, oldest first. It hides itself;
// [Ring.Reveal] shows it. A ring never changes.
type Ring struct {
	mode proof.Mode
	keys []key
}

// key is one of them. Times are whole seconds since 1970.
type key struct {
	kid       string
	public    *ecdsa.PublicKey
	private   *ecdsa.PrivateKey // nil once it can't sign any more
	made      int64
	signsFrom int64
	revoked   int64 // 0: not
}

// New makes a ring with one key, which signs from now on. random is read as
// [ecdsa.GenerateKey] reads it: since Go 1.26 the system's own generator is used
// whatever it is.
func New(random io.Reader, now time.Time, mode proof.Mode) (*Ring, error) {
	if !known(mode) {
		return nil, fmt.Errorf("make ring: %w: no such mode", ErrRingInvalid)
	}
	return (&Ring{mode: mode}).with(random, now, now)
}

func known(mode proof.Mode) bool { return mode == proof.Production || mode == proof.Test }

// Mode says whose ring it is.
func (r *Ring) Mode() proof.Mode { return r.mode }

// with is the ring and a new key in it. Halves that can sign no more are left out:
// what isn't there can't be stolen.
func (r *Ring) with(random io.Reader, now, signsFrom time.Time) (*Ring, error) {
	r = r.roomier(now)
	if r.full() {
		return nil, fmt.Errorf("make proof key: %w: it holds %d keys that must stay", ErrRingInvalid, len(r.keys))
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), random)
	if err != nil {
		return nil, fmt.Errorf("make proof key: %w", err)
	}
	kid, err := proof.Thumbprint(&private.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("make proof key: %w", err)
	}
	out := &Ring{mode: r.mode, keys: append(slices.Clone(r.keys), key{
		kid: kid, public: &private.PublicKey, private: private, made: now.Unix(), signsFrom: signsFrom.Unix(),
	})}
	return out.pruned(now), nil
}

func (r *Ring) full() bool { return len(r.keys) >= maxKeys }

// roomier is the ring, without its oldest retired keys as far as a full one needs
// that to take another. They are gone from the archive then. Revoked keys stay:
// nothing takes a key off the deny list.
func (r *Ring) roomier(now time.Time) *Ring {
	out := r
	for i := 0; i < len(out.keys) && out.full(); {
		if state, _ := out.stateOf(i, now.Unix()); state != Retired {
			i++
			continue
		}
		out = &Ring{mode: out.mode, keys: slices.Delete(slices.Clone(out.keys), i, i+1)}
	}
	return out
}

// notBefore is now, or when the ring was changed last if that is later: a clock
// that was set back changes nothing that was done by then. It is where every
// method begins that is told a time.
func (r *Ring) notBefore(now time.Time) time.Time {
	last := now.Unix()
	for _, k := range r.keys {
		last = max(last, k.made, k.revoked)
	}
	if last == now.Unix() {
		return now
	}
	return time.Unix(last, 0)
}

// inCharge is the index of the key that has signed, or would have, at a moment:
// the last one in the ring whose time has come by then, revoked or not. -1 is
// before the first.
func (r *Ring) inCharge(now int64) int {
	for i := len(r.keys) - 1; i >= 0; i-- {
		if r.keys[i].signsFrom <= now {
			return i
		}
	}
	return -1
}

// Signer is the one key that signs at this moment, and its kid. For a clock that
// is behind the last change of the ring it is the one of that change. Error:
// [ErrNoKey] before the first key's time, and where the key in charge is revoked:
// an older one never comes back.
func (r *Ring) Signer(now time.Time) (crypto.Signer, string, error) {
	i := r.inCharge(r.notBefore(now).Unix())
	if i < 0 || r.keys[i].revoked != 0 || r.keys[i].private == nil {
		return nil, "", fmt.Errorf("take proof key: %w", ErrNoKey)
	}
	return r.keys[i].private, r.keys[i].kid, nil
}
