package mfa

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"io"
)

// hasher makes and checks password hashes: argon2id over an HMAC of the
// password under the pepper, a key that is never in the database (NIST's keyed
// step). The HMAC comes first, so that a stored hash stays a plain argon2id
// string and the length of a password costs argon2 nothing.
type hasher struct {
	cost   Argon2
	random io.Reader
	slots  chan struct{} // each running argon2 holds its memory; more callers wait
	onRun  func()        // called once for each run of argon2, for tests that compare their number
}

// run is the only caller of argon2. It waits for a slot or for ctx.
func run[T any](ctx context.Context, h *hasher, work func() T) (T, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
	h.onRun()
	return work(), nil
}

// hash makes the stored form of a new password under the current pepper.
func (h *hasher) hash(ctx context.Context, pepper *Keyring, password Hidden) (stored, pepperID string, err error) {
	input, pepperID, err := peppered(pepper, pepper.Current(), password)
	if err != nil {
		return "", "", err
	}
	salt, err := randomBytes(h.random, saltBytes)
	if err != nil {
		return "", "", err
	}
	made, err := run(ctx, h, func() phc { return phc{h.cost, salt, h.cost.key(input, salt)} })
	if err != nil {
		return "", "", err
	}
	return made.String(), pepperID, nil
}

// matches checks a typed password against a stored one. Without a stored one it
// costs the same: one run with the current parameters, and the answer no
// (mfa §5). Stale says that cost or pepper are not the current ones.
func (h *hasher) matches(ctx context.Context, pepper *Keyring, typed Hidden, stored Password) (ok, stale bool, err error) {
	if _, normal := normalPassword(typed.Reveal()); !normal {
		return false, false, nil // too long or no text: no account has it, so all refuse alike
	}
	if stored.PHC == "" {
		_, _, err := h.hash(ctx, pepper, typed)
		return false, false, err
	}
	p, err := parsePHC(stored.PHC)
	if err != nil {
		return false, false, err
	}
	input, _, err := peppered(pepper, stored.Pepper, typed)
	if err != nil {
		return false, false, err
	}
	ok, err = run(ctx, h, func() bool { return p.matches(input) })
	return ok, p.cost != h.cost || stored.Pepper != pepper.Current(), err
}

func peppered(pepper *Keyring, id string, password Hidden) ([]byte, string, error) {
	key, err := pepper.derive(id, "password pepper")
	if err != nil {
		return nil, "", err
	}
	normal, _ := normalPassword(password.Reveal())
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(normal))
	return mac.Sum(nil), id, nil
}
