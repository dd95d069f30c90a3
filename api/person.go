package api

import (
	"context"
	"time"

	"chipproof/mfa"
)

// Person is in whose name a request is answered: of our own console's the user
// of its session, of a web app's whoever holds the desk (mfa §6.1).
type Person struct {
	// ID is what audit entries hold; Name is for the person's own eyes.
	ID, Name string
	Role     mfa.Role
	// Session is the id of the session, never its token.
	Session string
	// Hold is the hold of the desk by which a web app is answered, and by which
	// our own console may call a route that asks for it ([Route.AtDesk]); else
	// empty.
	Hold string
	// AMR are the methods given in the session by the names of RFC 8176, and
	// AuthTime is when the last of them was. Both are of whoever has a Hold.
	AMR      []string
	AuthTime time.Time
}

// Somebody says whether there is a person at all.
func (p Person) Somebody() bool { return p.ID != "" }

// SameHold says whether somebody answers by the very hold of the desk that before
// did: what began in one clerk's name does not end in another's. Error:
// [mfa.ErrMFARequired].
func (p Person) SameHold(before Person) error {
	if p.Hold == "" || p.Hold != before.Hold {
		return mfa.ErrMFARequired
	}
	return nil
}

type personKey struct{}

// WithPerson is how a [Gate] says who stands behind a request.
func WithPerson(ctx context.Context, p Person) context.Context {
	return context.WithValue(ctx, personKey{}, p)
}

func personIn(ctx context.Context) Person {
	p, _ := ctx.Value(personKey{}).(Person)
	return p
}
