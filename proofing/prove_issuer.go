package proofing

import (
	"context"
	"slices"

	"chipproof/proofing/issuer"
)

// question asks the issuer and makes a fact of whatever comes of it; nil where
// the issuer is not asked.
type question func(context.Context) Fact

// asksIssuer says whether the issuer is asked at all: where the purpose or the
// request needs that, and a service is set up. Without one the fact stays not_done,
// which is no fault.
func (p *Prover) asksIssuer(a Asked) bool {
	return p.Issuer != nil && (a.IssuerCheck || slices.Contains(a.Purpose.Needed(a.Needs), IssuerStatus))
}

// question is the one about this card: by its chip, or by what was typed of it.
//
// The laser road is for typed evidence alone: beside a chip it could only lend its
// weaker answer to what the chip road should say (assurance §2.1). It is taken only
// where the agency's policy says so of the purpose: typed evidence is rejected
// whatever the issuer says, so all that an answer does is to tell whoever asks
// whether the data that leaked somewhere are right.
func (p *Prover) question(a Asked, t *attempt) question {
	switch {
	case !p.asksIssuer(a):
		return nil
	case t.identity != nil:
		card := issuer.CardOf(t.identity)
		return func(ctx context.Context) Fact {
			answer, err := p.Issuer.CheckCID(ctx, card)
			return p.issuerStatus(ctx, answer, err, ByChipData)
		}
	case a.Purpose.AskIssuerByLaserCode && a.Claimed.Reveal(claimedLaser) != "":
		holder := holderOf(a.Claimed)
		return func(ctx context.Context) Fact {
			answer, err := p.Issuer.CheckLaser(ctx, holder)
			answer.Code, answer.Desc = "", "" // they say which of the data is wrong
			return p.issuerStatus(ctx, answer, err, ByTypedLaserCode)
		}
	}
	return nil
}

// issuerStatus is what an answer says. No answer never looks like a bad card and
// never counts.
func (p *Prover) issuerStatus(ctx context.Context, answer issuer.Answer, err error, how How) Fact {
	if err != nil {
		p.log().WarnContext(ctx, "issuer gave no answer", "how", how, "cause", err)
		return Fact{Kind: IssuerStatus, Outcome: Indeterminate, At: StampOf(p.Now()), By: ByAgent, How: how}
	}
	f := Fact{
		Kind: IssuerStatus, Outcome: Indeterminate, At: StampOf(answer.At), By: ByDOPA, How: how,
		Code: answer.Code, Desc: answer.Desc,
	}
	switch answer.Outcome {
	case issuer.Passed:
		f.Outcome = Passed
	case issuer.Failed:
		f.Outcome = Failed
	case issuer.Indeterminate:
	}
	return f
}
