package api

import (
	"context"
	"errors"
)

// Mode is what a served program is for (design §2).
type Mode string

const (
	// Production: only https origins.
	Production Mode = "production"
	// Test: http://localhost:PORT may be an origin too.
	Test Mode = "test"
)

// Grant is what an approved origin may ask for, in the words of the API.
type Grant struct {
	Fields, Purposes []string
}

// Origins says which web origins are approved. It is asked at every request and
// again while a stream runs, so a change holds at once (agent-security §6.10).
type Origins interface {
	// Approved is the grant of an origin, compared byte for byte. An origin that
	// is not approved is ErrOriginRefused; any other error means that nobody knows.
	Approved(ctx context.Context, origin string) (Grant, error)
}

// FixedOrigins is a list of origins that stays as it was given, each with its grant.
type FixedOrigins map[string]Grant

var _ Origins = FixedOrigins(nil)

// NewFixedOrigins is the list of those origins, all with one grant. Every origin
// that may not be approved is in the error, an [ErrOriginInvalid].
func NewFixedOrigins(rules OriginRules, grant Grant, origins ...string) (FixedOrigins, error) {
	list := FixedOrigins{}
	var errs []error
	for _, s := range origins {
		origin, err := ParseOrigin(s, rules)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		list[origin] = grant
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return list, nil
}

// Approved looks the origin up.
func (f FixedOrigins) Approved(_ context.Context, origin string) (Grant, error) {
	grant, ok := f[origin]
	if !ok {
		return Grant{}, ErrOriginRefused
	}
	return grant, nil
}
