package mfa

import (
	"context"
	"encoding/hex"
	"time"
)

// Backoff is what wrong tries in a row cost (mfa §4).
type Backoff struct {
	Free    int           // so many failures cost no delay: people mistype
	First   time.Duration // what the next one costs; it doubles from there
	Longest time.Duration
	Limit   int // at so many only an administrator opens the account (NIST: at most 100)
}

// Throttling is the one rule for every counter.
var Throttling = Backoff{Free: 5, First: 30 * time.Second, Longest: time.Hour, Limit: 100}

// Wait is what the n-th failure in a row costs.
func (b Backoff) Wait(n int) time.Duration {
	if n <= b.Free {
		return 0
	}
	wait := b.First
	for i := b.Free + 1; i < n && wait < b.Longest; i++ {
		wait *= 2
	}
	return min(wait, b.Longest)
}

// ThrottleKey names a counter: account and factor, or the account over all
// factors, where Method is empty. Never a session, request or address alone.
type ThrottleKey struct {
	Account string
	Method  Method
}

// Throttle is a counter as stored.
type Throttle struct {
	Tries     int
	NotBefore time.Time
}

// Reservation is one try that was taken, with what is needed to give it back.
type Reservation struct {
	Key           ThrottleKey
	Set, Previous time.Time // the wait that it set, and the one before
}

// account is whom a try is counted against: a user, or a typed name that
// belongs to none and is throttled all the same.
type account struct {
	user User   // zero for an unknown name
	key  string // of the counters
}

func userAccount(u User) account { return account{user: u, key: "user:" + u.ID} }

// unknownAccount counts by a keyed hash of the name: people type passwords into
// the field for names, so the name itself is not kept.
func (s *Service) unknownAccount(typed string) (account, error) {
	name, err := ParseUserName(typed)
	if err != nil {
		name = "!" + typed // no account can have it, but it is throttled like any
	}
	keys := s.keys.Load()
	sum, err := keys.ring.mac(keys.ring.Current(), "unknown name", name)
	if err != nil {
		return account{}, err
	}
	return account{key: "unknown:" + hex.EncodeToString(sum[:16])}, nil
}

// subject is what an audit entry calls the account.
func (a account) subject() string {
	if a.user.ID != "" {
		return a.user.ID
	}
	return a.key
}

// reserve takes a try of the factor's counter and one of the account's over all
// factors, or none of both.
func reserve(ctx context.Context, tx Tx, a account, m Method, now time.Time) ([]Reservation, error) {
	var taken []Reservation
	for _, key := range []ThrottleKey{{a.key, m}, {a.key, ""}} {
		r, ok, err := tx.ReserveTry(ctx, key, Throttling, now)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, throttled(ctx, tx, key, now)
		}
		taken = append(taken, r)
	}
	return taken, nil
}

func throttled(ctx context.Context, tx Tx, key ThrottleKey, now time.Time) error {
	row, err := tx.Throttle(ctx, key)
	if err != nil {
		return err
	}
	e := ErrThrottled{RetryAfter: row.NotBefore.Sub(now)}
	if row.Tries >= Throttling.Limit {
		e = ErrThrottled{RetryAfter: Throttling.Longest, Locked: true}
	}
	e.RetryAfter = min(max(e.RetryAfter, time.Second), Throttling.Longest)
	return e
}
