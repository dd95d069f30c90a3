package proof

import (
	"errors"
	"time"
)

// RequestLife is how long a request may live, and slack how far two clocks may
// be apart.
const (
	RequestLife = 120 * time.Second
	slack       = 60 * time.Second
)

// RequestOptions are what a request is checked against.
type RequestOptions struct {
	// Origin is what iss must equal: the Origin header of the call; on the page
	// road the listed origin whose key set is handed in.
	Origin string
	// Now is this machine's clock.
	Now time.Time
}

// VerifyRequest checks a request with the keys registered for an origin: steps 1
// and 3 to 6 of proof §11, in that order, and step 2 as far as the set goes. It
// remembers nothing: that a request counts once is for its caller's store. The
// caller goes on with [Request.CheckAudience] and [Request.CheckRoad].
//
// Errors: a [*RequestError], or a [*ClockError] that is [ErrClockWrong] or
// [ErrRequestExpired].
func VerifyRequest(token string, keys KeySet, o RequestOptions) (Request, error) {
	p, kid, err := openRequest(token)
	if err != nil {
		return Request{}, err
	}
	key, known := keys.Key(kid)
	if !known {
		return Request{}, refuse(StepKey, "kid is none of the keys registered for the origin")
	}
	if err := checkSignature(token, key); err != nil {
		return Request{}, refuse(StepSignature, err.Error())
	}
	claims, err := decode[requestClaims](p.payload, refuseUnknown)
	if err == nil {
		err = claims.check()
	}
	if err != nil {
		return Request{}, refuse(StepPayload, err.Error())
	}
	if o.Origin == "" || *claims.Issuer != o.Origin {
		return Request{}, refuse(StepIssuer, "it is not the origin that asks")
	}
	if *claims.For != requestAudience {
		return Request{}, refuse(StepFor, "it is not "+requestAudience)
	}
	r := claims.request()
	if err := r.checkTimes(o.Now); err != nil {
		return Request{}, err
	}
	return r, nil
}

// openRequest is steps 1 and, but for the keys, 2.
func openRequest(token string) (parts, string, error) {
	p, err := split(token, maxRequest)
	if err != nil {
		return parts{}, "", refuse(StepForm, err.Error())
	}
	kid, err := p.kidOf(typeRequest)
	if err != nil {
		return parts{}, "", refuse(StepHeader, err.Error())
	}
	return p, kid, nil
}

// checkTimes is step 6. Its order matters: a request that lives too long is
// refused as such, however old it is.
func (r Request) checkTimes(now time.Time) error {
	life := r.ExpiresAt - r.IssuedAt
	if life <= 0 || life > seconds(RequestLife) {
		return refuse(StepTimes, "exp is not 1 to 120 seconds after iat")
	}
	if r.IssuedAt > now.Unix()+seconds(slack) {
		return &ClockError{Ahead: r.IssuedAt - now.Unix(), cause: ErrClockWrong}
	}
	if now.Unix() >= r.ExpiresAt+seconds(slack) {
		return &ClockError{Age: now.Unix() - r.IssuedAt, cause: ErrRequestExpired}
	}
	return nil
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// PeekRequest is what a request says of its key and its origin, UNVERIFIED: on
// the page road, which has no Origin header, it leads to the listed origin with
// whose keys [VerifyRequest] is then called. Nothing else may be done with it.
// Error: a [*RequestError].
func PeekRequest(token string) (kid, iss string, err error) {
	p, kid, err := openRequest(token)
	if err != nil {
		return "", "", err
	}
	claims, err := decode[struct {
		Issuer string `json:"iss"`
	}](p.payload, ignoreUnknown)
	if err == nil && claims.Issuer == "" {
		err = errors.New("iss is missing")
	}
	if err != nil {
		return "", "", refuse(StepPayload, err.Error())
	}
	return kid, claims.Issuer, nil
}
