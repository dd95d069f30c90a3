package api

import (
	"context"

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
	// Hold is the hold of the desk by which a web app is answered; empty for a
	// request of the console.
	Hold string
}

// Somebody says whether there is a person at all.
func (p Person) Somebody() bool { return p.ID != "" }

type personKey struct{}

// WithPerson is how a [Gate] says who stands behind a request.
func WithPerson(ctx context.Context, p Person) context.Context {
	return context.WithValue(ctx, personKey{}, p)
}

func personIn(ctx context.Context) Person {
	p, _ := ctx.Value(personKey{}).(Person)
	return p
}
