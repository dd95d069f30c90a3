package keyring

import (
	"crypto/ecdsa"
	"slices"
	"time"

	"chipproof/proofing/proof"
)

// State is where a key stands at a moment.
type State string

// The states, in the order in which a key goes through them; revoked can come
// after any other.
const (
	Next    State = "next"    // published, and signs nothing yet
	Current State = "current" // signs
	Old     State = "old"     // signs no more, published until its last proof has died
	Retired State = "retired" // in the archive alone
	Revoked State = "revoked" // in no set, on the deny list
)

// KeyState is what an administrator sees of a key.
type KeyState struct {
	KID       string
	State     State
	Made      time.Time
	SignsFrom time.Time
	// Until is when the state ends: the first signature of a next key, the last of
	// the current one where another waits, the end of publishing of an old one;
	// when a revoked key was revoked. Zero: nothing is set.
	Until time.Time
}

// States are all keys as they stand at a moment, oldest first.
func (r *Ring) States(now time.Time) []KeyState {
	now = r.notBefore(now)
	states := make([]KeyState, len(r.keys))
	for i, k := range r.keys {
		state, until := r.stateOf(i, now.Unix())
		states[i] = KeyState{KID: k.kid, State: state, Made: time.Unix(k.made, 0), SignsFrom: time.Unix(k.signsFrom, 0)}
		if until != 0 {
			states[i].Until = time.Unix(until, 0)
		}
	}
	return states
}

func (r *Ring) stateOf(i int, now int64) (State, int64) {
	k := r.keys[i]
	relieved := r.relieved(i)
	gone := relieved + int64(After/time.Second)
	switch {
	case k.revoked != 0:
		return Revoked, k.revoked
	case k.signsFrom > now:
		return Next, k.signsFrom
	case relieved == 0 || now < relieved:
		return Current, relieved
	case now < gone:
		return Old, gone
	}
	return Retired, 0
}

// relieved is when the first of the keys after this one begins to sign, or would
// have; 0 if there is none.
func (r *Ring) relieved(i int) int64 {
	first := int64(0)
	for _, k := range r.keys[i+1:] {
		if first == 0 || k.signsFrom < first {
			first = k.signsFrom
		}
	}
	return first
}

// Published is the set that relying parties shall have at a moment: the next key,
// the current one, and the old one until its last proof has died. It is empty
// where every key is revoked or retired.
func (r *Ring) Published(now time.Time) proof.KeySet { return r.set(now, Next, Current, Old) }

// Archive is the retired keys, for who checks an old proof years later and for
// nobody else: no login verifier reads it (proof §7). What of a revoked key's
// proofs came before the theft is a question to the audit log.
func (r *Ring) Archive(now time.Time) proof.KeySet { return r.set(now, Retired) }

// Denied are the kids of revoked keys, oldest first.
func (r *Ring) Denied() []string {
	denied := []string{}
	for _, k := range r.keys {
		if k.revoked != 0 {
			denied = append(denied, k.kid)
		}
	}
	return denied
}

func (r *Ring) set(now time.Time, in ...State) proof.KeySet {
	now = r.notBefore(now)
	var keys []*ecdsa.PublicKey
	for i, k := range r.keys {
		if state, _ := r.stateOf(i, now.Unix()); slices.Contains(in, state) {
			keys = append(keys, k.public)
		}
	}
	set, err := proof.NewKeySet(keys...)
	if err != nil {
		return proof.KeySet{} // not of different keys of P-256, and a ring holds no others
	}
	return set
}
