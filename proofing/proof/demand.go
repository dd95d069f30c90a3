package proof

import (
	"fmt"
	"slices"
	"time"
)

// Demand is what a relying party wants of a proof beyond that it is good (proof §6,
// steps 13 and 14). The zero demand wants an accepted proof of staff with two
// factors.
type Demand struct {
	// Methods are check_methods that must be there: vdig, vpip, pvp, …
	Methods []string
	// Facts are kinds that must have passed.
	Facts []string
	// Levels must each be met. A candidate level meets none.
	Levels []LevelDemand
	// LoginWithin is how long ago staff may have given the last factor;
	// [DefaultLoginWithin] if zero.
	LoginWithin time.Duration
}

// DefaultLoginWithin is as long as a session of staff can last.
const DefaultLoginWithin = 24 * time.Hour

// LevelDemand is met by a confirmed level of the scheme that is one of AnyOf.
type LevelDemand struct {
	Scheme string
	AnyOf  []string
}

// Check is steps 13 and 14. photo is the JPEG that came beside the proof, nil if
// none came. Errors: [ErrDemand], [ErrOperator], [ErrPhoto].
func (d Demand) Check(p *Proof, photo []byte, now time.Time) error {
	if p.Decision != Accepted {
		return fmt.Errorf("%w: the proofing was not accepted", ErrDemand)
	}
	if err := p.checkConsistent(); err != nil {
		return err
	}
	if err := d.checkFacts(p); err != nil {
		return err
	}
	for _, level := range d.Levels {
		if !level.metBy(p.Assurance) {
			return fmt.Errorf("%w: no confirmed level of %s is the one demanded", ErrDemand, level.Scheme)
		}
	}
	if err := d.checkOperator(p, now); err != nil {
		return err
	}
	return checkPhoto(p, photo)
}

func (d Demand) checkFacts(p *Proof) error {
	for _, kind := range d.Facts {
		if fact, there := p.Fact(kind); !there || fact.Outcome != Passed {
			return fmt.Errorf("%w: fact %s did not pass", ErrDemand, kind)
		}
	}
	var methods []string
	for _, evidence := range p.Verified.Reveal().Verification.Evidence {
		for _, check := range evidence.CheckDetails {
			methods = append(methods, check.CheckMethod)
		}
	}
	for _, method := range d.Methods {
		if !slices.Contains(methods, method) {
			return fmt.Errorf("%w: nothing was checked by %s", ErrDemand, method)
		}
	}
	return nil
}

func (l LevelDemand) metBy(assurance []Assurance) bool {
	return slices.ContainsFunc(assurance, func(a Assurance) bool {
		return a.Scheme == l.Scheme && a.Level != nil && slices.Contains(l.AnyOf, *a.Level)
	})
}

func (d Demand) checkOperator(p *Proof, now time.Time) error {
	if !twoFactors(p.Operator.AMR) {
		return fmt.Errorf("%w: staff did not log in with two factors", ErrOperator)
	}
	within := d.LoginWithin
	if within == 0 {
		within = DefaultLoginWithin
	}
	if p.Operator.AuthTime > p.IssuedAt || now.Unix()-p.Operator.AuthTime > seconds(within) {
		return fmt.Errorf("%w: staff logged in after the proof was made, or too long ago", ErrOperator)
	}
	return nil
}

// factorOf sorts the methods of RFC 8176 §2 into what one knows, has and is. The
// word mfa is a claim and no factor.
var factorOf = map[string]string{
	"pwd": "knows", "pin": "knows", "kba": "knows",
	"otp": "has", "hwk": "has", "swk": "has", "sc": "has", "sms": "has", "tel": "has",
	"face": "is", "fpt": "is", "iris": "is", "retina": "is", "vbm": "is",
}

func twoFactors(amr []string) bool {
	factors := map[string]bool{}
	for _, method := range amr {
		if factor, known := factorOf[method]; known {
			factors[factor] = true
		}
	}
	return len(factors) >= 2
}

func checkPhoto(p *Proof, photo []byte) error {
	if p.PhotoDigest == nil && photo == nil {
		return nil
	}
	if p.PhotoDigest == nil || photo == nil {
		return fmt.Errorf("%w: photo and digest did not come together", ErrPhoto)
	}
	if !p.PhotoDigest.Matches(photo) {
		return fmt.Errorf("%w: it is not the one that was read", ErrPhoto)
	}
	return nil
}
