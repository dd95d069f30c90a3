package proofing

import (
	"time"

	"chipproof/proofing/proof"
)

// useSlack is how long after its end a request still passes (proof §11, step 6),
// and so has to be remembered.
const useSlack = time.Minute

// UseOf is the one use that a request has. It is zero for nil, which is what our
// own console asks with.
func UseOf(r *proof.Request) RequestUse {
	if r == nil {
		return RequestUse{}
	}
	return RequestUse{Issuer: r.Issuer, JTI: r.ID, Nonce: r.Nonce, Until: time.Unix(r.ExpiresAt, 0).Add(useSlack)}
}
