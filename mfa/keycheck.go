package mfa

import (
	"context"
	"fmt"
)

// The two rings, as self-check rows name them.
const (
	ringSecrets = "secrets"
	ringPepper  = "pepper"
)

// selfCheck is what every key has once sealed, so that a wrong one is found at
// the start and not at the first login (mfa §3).
const selfCheck = "chipproof self-check"

func checkPlace(ring, id string) Place {
	return Place{Table: "key_check", Column: "value", Row: ring + " " + id}
}

// KeyInfo is one key, for a list of them.
type KeyInfo struct {
	Ring    string // secrets, pepper
	ID      string
	Current bool
	Held    bool // by the ring in use
	Uses    int  // rows that need it; 0 and not current: it may go
}

// InitKeys writes the first self-check values into a new store. Error:
// [ErrKeyWrong] for a store that has some already.
func (s *Service) InitKeys(ctx context.Context) error {
	return s.store.Update(ctx, func(tx Tx) error {
		checks, err := tx.KeyChecks(ctx)
		if err != nil {
			return err
		}
		if len(checks) > 0 {
			return fmt.Errorf("initialise keys: %w: the store has others", ErrKeyWrong)
		}
		return s.writeChecks(ctx, tx, s.keys.Load())
	})
}

// CheckKeys is to be called at every start: it makes sure that the keys in hand
// are those that the store was written with, and that none is missing which
// something still needs; then it writes the self-check value of a key that is
// new. Errors: [ErrKeyWrong], [ErrKeyMissing].
func (s *Service) CheckKeys(ctx context.Context) error { return s.checkKeys(ctx, s.keys.Load()) }

// UseKeys checks other rings, as after a rotation, and goes on with them.
// Errors as for [Service.CheckKeys]; the old ones then stay in use.
func (s *Service) UseKeys(ctx context.Context, ring, pepper *Keyring) error {
	next := &keys{ring, pepper}
	if err := s.checkKeys(ctx, next); err != nil {
		return err
	}
	s.keys.Store(next)
	return nil
}

func (s *Service) checkKeys(ctx context.Context, in *keys) error {
	return s.store.Update(ctx, func(tx Tx) error {
		checks, err := tx.KeyChecks(ctx)
		if err != nil {
			return err
		}
		uses, err := s.keyUses(ctx, tx)
		if err != nil {
			return err
		}
		known := map[string]int{}
		for _, c := range checks {
			held, err := in.verify(c)
			if err != nil {
				return err
			}
			if held {
				known[c.Ring]++
			} else if uses[c.Ring][c.KeyID] > 0 {
				return fmt.Errorf("check keys: %w: %s %s is still needed", ErrKeyMissing, c.Ring, c.KeyID)
			}
		}
		for _, ring := range []string{ringSecrets, ringPepper} {
			if known[ring] == 0 {
				return fmt.Errorf("check keys: %w: no key of the ring %q was ever used here", ErrKeyWrong, ring)
			}
		}
		return s.writeChecks(ctx, tx, in)
	})
}

func (k *keys) named(ring string) *Keyring {
	if ring == ringPepper {
		return k.pepper
	}
	return k.ring
}

// verify opens one self-check value, if its key is held.
func (k *keys) verify(c KeyCheck) (held bool, err error) {
	ring := k.named(c.Ring)
	if !ring.holds(c.KeyID) {
		return false, nil
	}
	got, _, err := ring.Open(checkPlace(c.Ring, c.KeyID), c.Value)
	if err != nil || string(got) != selfCheck {
		return false, fmt.Errorf("check keys: %w: %s %s", ErrKeyWrong, c.Ring, c.KeyID)
	}
	return true, nil
}

func (s *Service) writeChecks(ctx context.Context, tx Tx, in *keys) error {
	for _, name := range []string{ringSecrets, ringPepper} {
		ring := in.named(name)
		value, err := ring.Seal(s.random, checkPlace(name, ring.Current()), []byte(selfCheck))
		if err != nil {
			return err
		}
		// One that is there already stays: it was verified before.
		if _, err := tx.InsertKeyCheck(ctx, KeyCheck{name, ring.Current(), value, s.now()}); err != nil {
			return err
		}
	}
	return nil
}

// Keys lists every key that the store or the rings know of.
func (s *Service) Keys(ctx context.Context) ([]KeyInfo, error) {
	return view(ctx, s, func(tx Tx) ([]KeyInfo, error) {
		checks, err := tx.KeyChecks(ctx)
		if err != nil {
			return nil, err
		}
		uses, err := s.keyUses(ctx, tx)
		if err != nil {
			return nil, err
		}
		var list []KeyInfo
		for _, c := range checks {
			ring := s.keys.Load().named(c.Ring)
			list = append(list, KeyInfo{
				Ring: c.Ring, ID: c.KeyID, Current: c.KeyID == ring.Current(), Held: ring.holds(c.KeyID), Uses: uses[c.Ring][c.KeyID],
			})
		}
		return list, nil
	})
}

func (s *Service) keyUses(ctx context.Context, tx Tx) (map[string]map[string]int, error) {
	pepper, err := tx.PepperUse(ctx, s.now())
	if err != nil {
		return nil, err
	}
	totps, err := tx.AllTOTPs(ctx)
	if err != nil {
		return nil, err
	}
	secrets := map[string]int{}
	for _, t := range totps {
		id, err := SealedKey(t.Secret)
		if err != nil {
			return nil, err
		}
		secrets[id]++
	}
	return map[string]map[string]int{ringSecrets: secrets, ringPepper: pepper}, nil
}
