package keyfetch

import (
	"context"
	"errors"

	"chipproof/proofing/proof"
)

// Verify is [proof.Verify] with the keys of this address as those of the one
// organisation that is trusted. Of o.Issuers it takes one thing, which no key set
// can tell: the agents' ids ([proof.Issuer.Agents]) of the organisation of that
// name, so that an agent speaks under its own id alone. A proof under a key that
// the known set doesn't hold has the set asked for once more, at most once a
// minute: the agency may have rotated since. Errors: those of [proof.Verify] and
// [Reader.Keys].
func (r *Reader) Verify(ctx context.Context, token, organisation string, o proof.Options) (*proof.Proof, error) {
	keys, err := r.Keys(ctx)
	if err != nil {
		return nil, err
	}
	o.Issuers = trusted(organisation, keys, o.Issuers)
	p, err := proof.Verify(token, o)
	if !errors.Is(err, proof.ErrKey) {
		return p, err
	}
	if keys, err = r.Refreshed(ctx); err != nil {
		return nil, err
	}
	o.Issuers = trusted(organisation, keys, o.Issuers)
	return proof.Verify(token, o)
}

// trusted is the organisation with these keys, and with the agents that it is
// configured with: the first list of them counts, as in [proof.Verify].
func trusted(organisation string, keys proof.KeySet, configured []proof.Issuer) []proof.Issuer {
	one := proof.Issuer{Name: organisation, Keys: keys}
	for _, issuer := range configured {
		if issuer.Name == organisation && issuer.Agents != nil {
			one.Agents = issuer.Agents
			break
		}
	}
	return []proof.Issuer{one}
}
