package api

import "context"

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
	// Ask: the clerk must agree to each request.
	Ask bool
}

// Origins says which web origins are approved. It is asked at every request and
// again while a stream runs, so a change holds at once (agent-security §6.10).
type Origins interface {
	// Approved is the grant of an origin, compared byte for byte. An origin that
	// is not approved is ErrOriginRefused; any other error means that nobody knows.
	Approved(ctx context.Context, origin string) (Grant, error)
}

// noOrigins is the list of a program without web apps.
type noOrigins struct{}

// Approved approves nobody.
func (noOrigins) Approved(context.Context, string) (Grant, error) { return Grant{}, ErrOriginRefused }
