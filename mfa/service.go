package mfa

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// Config is what a [Service] needs. Store, Keys and Pepper must be there; the
// rest has defaults.
type Config struct {
	Store Store
	// Keys seals secrets in the store; Pepper goes into password hashes. Two
	// rings, two files, neither in the database.
	Keys, Pepper *Keyring
	// Issuer is the name that authenticator apps show; default "chipproof".
	Issuer string
	// Agency are the names that the agency goes by, which make no password.
	Agency []string
	// Desk says that this program has one (the counter does, the office doesn't).
	Desk bool

	Clock  func() time.Time // default time.Now
	Random io.Reader        // default crypto/rand
	Argon2 Argon2           // default [DefaultArgon2]
	// Hashers is how many argon2 runs may hold their memory at once; default 2.
	Hashers int
	// OnHash is called at each run of argon2, by the goroutine that does it.
	OnHash func()
}

// Service decides about logins. It holds no state but its keys: two services
// over one database, also in two processes, behave as one. It is safe for
// concurrent use.
type Service struct {
	store     Store
	keys      atomic.Pointer[keys]
	issuer    string
	desk      bool
	clock     func() time.Time
	random    io.Reader
	hasher    *hasher
	blocklist *blocklist
}

type keys struct{ ring, pepper *Keyring }

const defaultHashers = 2

// New makes a service. Error: [ErrConfigInvalid]. Whether the keys are the
// store's own is for [Service.CheckKeys] to say.
func New(c Config) (*Service, error) {
	switch {
	case c.Store == nil:
		return nil, fmt.Errorf("make login service: %w: no store", ErrConfigInvalid)
	case c.Keys == nil || c.Pepper == nil:
		return nil, fmt.Errorf("make login service: %w: no keys", ErrConfigInvalid)
	case c.Argon2 == Argon2{}:
		c.Argon2 = DefaultArgon2
	case !c.Argon2.valid():
		return nil, fmt.Errorf("make login service: %w: argon2 parameters", ErrConfigInvalid)
	}
	if c.Issuer == "" {
		c.Issuer = "chipproof"
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Hashers <= 0 {
		c.Hashers = defaultHashers
	}
	if c.OnHash == nil {
		c.OnHash = func() {}
	}
	s := &Service{
		store: c.Store, issuer: c.Issuer, desk: c.Desk, clock: c.Clock, random: c.Random,
		hasher:    &hasher{cost: c.Argon2, random: c.Random, slots: make(chan struct{}, c.Hashers), onRun: c.OnHash},
		blocklist: newBlocklist(c.Agency),
	}
	s.keys.Store(&keys{c.Keys, c.Pepper})
	return s, nil
}

// now is the moment as rows hold it.
func (s *Service) now() time.Time { return s.clock().UTC().Truncate(time.Millisecond) }

// update runs fn in a transaction and returns what it made.
func update[T any](ctx context.Context, s *Service, fn func(Tx) (T, error)) (T, error) {
	return within(ctx, s.store.Update, fn)
}

// view runs fn over one state and returns what it found.
func view[T any](ctx context.Context, s *Service, fn func(Tx) (T, error)) (T, error) {
	return within(ctx, s.store.View, fn)
}

func within[T any](ctx context.Context, in func(context.Context, func(Tx) error) error, fn func(Tx) (T, error)) (T, error) {
	var out T
	err := in(ctx, func(tx Tx) (err error) {
		out, err = fn(tx)
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return out, nil
}
