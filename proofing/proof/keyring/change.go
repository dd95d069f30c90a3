package keyring

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// Rotated is the ring with a new key that signs [Ahead] from now; relying parties
// see it until then, and the present one until [After] that. A ring without a key
// in charge has nothing to wait for: there the new one signs at once. A full ring
// loses its oldest retired keys. Errors: [ErrRotationPending], and [ErrRingInvalid]
// where it is full of keys that must stay.
func (r *Ring) Rotated(random io.Reader, now time.Time) (*Ring, error) {
	now = r.notBefore(now)
	if r.waiting(now.Unix()) {
		return nil, fmt.Errorf("rotate proof keys: %w", ErrRotationPending)
	}
	from := now.Add(Ahead)
	if _, _, err := r.Signer(now); err != nil {
		from = now
	}
	return r.with(random, now, from)
}

// waiting says whether a key is published that hasn't begun to sign.
func (r *Ring) waiting(now int64) bool {
	return slices.ContainsFunc(r.keys, func(k key) bool { return k.revoked == 0 && k.signsFrom > now })
}

// Revoked is the ring with one key on the deny list for good, out of every set.
// Where it was the one in charge, a new one signs from now, and one that waited is
// revoked along: it lay in the same file, and has signed nothing. Where it was the
// one that waited, another waits for the same day: should a wrong clock be all that
// made it wait, the key before it would come back into a charge that it has left.
// Relying parties learn of it with the next key set and the deny list that they are
// given (proof §7). Revoking a key again changes nothing.
//
// Revoking never fails for want of room. A ring that is full of revoked keys gets no
// new one, and then nothing signs once the revoked one's time has come: make
// another ring. Error: [ErrKeyUnknown].
func (r *Ring) Revoked(kid string, random io.Reader, now time.Time) (*Ring, error) {
	at := slices.IndexFunc(r.keys, func(k key) bool { return k.kid == kid })
	if at < 0 {
		return nil, fmt.Errorf("revoke proof key: %w", ErrKeyUnknown)
	}
	if r.keys[at].revoked != 0 {
		return r, nil
	}
	now = r.notBefore(now)
	out := &Ring{mode: r.mode, keys: slices.Clone(r.keys)}
	current := r.inCharge(now.Unix())
	for i := range out.keys {
		k := &out.keys[i]
		if i == at || at == current && k.revoked == 0 && k.signsFrom > now.Unix() {
			k.revoked = now.Unix()
		}
	}
	if at < current || out.roomier(now).full() {
		return out.pruned(now), nil
	}
	from := time.Unix(out.keys[at].signsFrom, 0)
	if from.Before(now) {
		from = now
	}
	return out.with(random, now, from)
}

// pruned drops the private halves of keys that will never sign again.
func (r *Ring) pruned(now time.Time) *Ring {
	current := r.inCharge(now.Unix())
	for i := range r.keys {
		if i < current || r.keys[i].revoked != 0 {
			r.keys[i].private = nil
		}
	}
	return r
}
