package counter

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

// ErrRequestReused is for a signed request whose jti or nonce its site has used
// before (proof §11, step 10).
var ErrRequestReused = errors.New("request used already")

// inquiry is a proofing that is asked for, once everything is checked that can be
// without the store's word on whether it was asked before.
type inquiry struct {
	// request is nil for our own console's use, which ends without a proof.
	request *proof.Request
	// site is the entry of the origin that asks; zero for our own console.
	site proofing.Origin
	// clicked: it came by the page road, so a clerk's click stands behind it.
	clicked     bool
	purpose     proofing.Purpose
	fields      []string
	needs       []proofing.Kind
	evidence    proof.Evidence
	claimed     proof.Claimed
	issuerCheck bool
	reader      string
}

// typed: no card is read.
func (q inquiry) typed() bool { return q.evidence == proof.Typed }

// examine checks what is asked: of a signed request steps 1 to 9 of proof §11,
// of our own console's use step 9. The inquiry is filled as far as it came.
func (c *Counter) examine(ctx context.Context, caller api.Caller, b ProofingRequest) (inquiry, error) {
	q := inquiry{reader: b.Reader, evidence: proof.Chip}
	if b.Request == "" {
		q.fields, q.needs, q.claimed = plain(b.Fields), b.needs(), b.claimed()
		q.purpose.Name = b.Purpose
		var err error
		q.purpose, err = c.permits(&q, caller.Grant)
		return q, err
	}
	request, err := c.verify(ctx, caller, string(b.Request), &q)
	if err != nil {
		return q, err
	}
	q.request = &request
	q.fields, q.claimed, q.evidence, q.issuerCheck = request.Fields, request.Claimed, request.Evidence, request.IssuerCheck
	for _, n := range request.Needs {
		q.needs = append(q.needs, proofing.Kind(n))
	}
	q.purpose.Name = request.Purpose
	q.purpose, err = c.permits(&q, grantOf(q.site))
	return q, err
}

// permits is step 9: the purpose, who may have it, and its fields. What is
// claimed counts among them where a chip is read: whether it differs tells
// something about what the chip says.
func (c *Counter) permits(q *inquiry, grant api.Grant) (proofing.Purpose, error) {
	fields := q.fields
	if q.evidence == proof.Chip {
		fields = slices.Clone(fields)
		for _, f := range proofing.ClaimFields(q.claimed) {
			fields = append(fields, string(f))
		}
	}
	p, err := allow(c.policy, proofing.UseProof, q.site.Origin, grant, q.purpose.Name, fields)
	if p.Name == "" {
		p.Name = q.purpose.Name
	}
	return p, err
}

// verify is steps 1 to 8. On the fetch road the Origin says whose keys count; on
// the page road there is none, and the request's own word leads to the entry with
// whose key it must be signed.
func (c *Counter) verify(ctx context.Context, caller api.Caller, token string, q *inquiry) (proof.Request, error) {
	road, origin, keys := proof.Fetch, caller.Origin, proof.KeySet{}
	var err error
	if caller.Origin == "" {
		road, q.clicked = proof.Page, true
		q.site, keys, err = c.signer(ctx, token)
		origin = q.site.Origin
	} else if q.site, err = c.listed(ctx, caller.Origin); err == nil {
		keys = storedKeys(q.site.Keys)
	}
	if err != nil {
		return proof.Request{}, err
	}
	request, err := proof.VerifyRequest(token, keys, proof.RequestOptions{Origin: origin, Now: c.now()})
	if err == nil {
		err = request.CheckAudience(q.site.Audience)
	}
	if err == nil {
		err = request.CheckRoad(road, q.site.ReturnURLs)
	}
	return request, err
}

// listed is the entry of an origin that the guard has let in.
func (c *Counter) listed(ctx context.Context, origin string) (proofing.Origin, error) {
	o, found, err := c.records.Origin(ctx, origin)
	if err == nil && !found {
		err = api.ErrOriginRefused // revoked since the guard looked
	}
	if err != nil {
		return proofing.Origin{}, fmt.Errorf("look up origin: %w", err)
	}
	return o, nil
}

// signer is the listed origin that a request of the page road names, if one of
// its keys signed it; else no origin, with which no request passes. The keys are
// those of every listed origin, so that it is told in the right order what is
// wrong: a key that nobody has, a signature, a site that has not that key.
func (c *Counter) signer(ctx context.Context, token string) (proofing.Origin, proof.KeySet, error) {
	list, err := c.records.Origins(ctx)
	if err != nil {
		return proofing.Origin{}, proof.KeySet{}, fmt.Errorf("look up origins: %w", err)
	}
	kid, iss, _ := proof.PeekRequest(token) // what is wrong with it is told by the checks
	var (
		site proofing.Origin
		all  proof.KeySet
	)
	for _, o := range list {
		if !c.servable(o) {
			continue
		}
		keys := storedKeys(o.Keys)
		if _, has := keys.Key(kid); has && o.Origin == iss {
			site = o
		}
		all = all.Merge(keys)
	}
	return site, all, nil
}

// servable says whether the mode allows an entry on the page road, which is open
// to plain http where the administrator said so (agent-security §6.3).
func (c *Counter) servable(o proofing.Origin) bool {
	rules := c.rules
	rules.PlainHTTP = o.PlainHTTP
	_, err := api.ParseOrigin(o.Origin, rules)
	return err == nil
}

// thaiFields are names as the reader of cards has them.
func thaiFields(names []string) []thaiid.Field {
	fields := make([]thaiid.Field, len(names))
	for i, n := range names {
		fields[i] = thaiid.Field(n)
	}
	return fields
}
