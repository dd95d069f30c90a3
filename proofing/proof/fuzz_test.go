package proof

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever bytes come, neither verifier accepts what the plain reference check
// refuses. Each input is tried twice: as a token as it is, and as header and
// payload that a good key signed, or nothing would ever get past the signature.

func FuzzVerifyRequest(f *testing.F) {
	s := fixed(f, requestScene(f))
	seed(f, s)
	f.Fuzz(func(t *testing.T, token, header, payload string) {
		for _, token := range []string{token, handToken(s.key, header, payload)} {
			r, err := verifyRequest(s, token, at(requestMade+3))
			if _, _, peeked := PeekRequest(token); err == nil {
				require.NoError(t, peeked)
			}
			if err != nil {
				require.Empty(t, r.ID)
				continue
			}
			claims, err := referenceOpen(token, s.typ, s.limit, &s.key.PublicKey, handKID(s.key))
			require.NoError(t, err)
			require.NoError(t, referenceRequest(claims, requestMade+3))
		}
	})
}

func FuzzVerifyProof(f *testing.F) {
	s := fixed(f, proofScene(f))
	seed(f, s)
	f.Fuzz(func(t *testing.T, token, header, payload string) {
		for _, token := range []string{token, handToken(s.key, header, payload)} {
			p, err := Verify(token, proofOptions(s))
			if err != nil {
				require.ErrorIs(t, err, ErrProofRefused)
				require.Nil(t, p)
				continue
			}
			claims, err := referenceOpen(token, s.typ, s.limit, &s.key.PublicKey, handKID(s.key))
			require.NoError(t, err)
			require.NoError(t, referenceProof(claims, proofMade+2))
			// The rest of the way ends with a yes or with a refusal of its own.
			if err := (Demand{}).Check(p, nil, at(proofMade+2)); err != nil {
				require.ErrorIs(t, err, ErrProofRefused)
			}
		}
	})
}

// fixed gives a scene a key that stays, so that inputs mean the same in each
// process and in the corpus.
func fixed(f *testing.F, s scene) scene {
	s.key = examplePrivateKey(f)
	s.keys = setFrom(f, s.key)
	return s
}

func seed(f *testing.F, s scene) {
	header, payload := s.header(), s.payload.text()
	f.Add(s.good(), header, payload)
	f.Add(s.good()+"=", strings.Replace(header, "{", `{"crit":[],`, 1), strings.Replace(payload, "{", `{"aud":"x",`, 1))
	f.Add("a.b.c", header, s.payload.with("exp", nil).text())
	f.Add("..", header, s.payload.with("iat", 1.5).text())
	f.Add("", header, s.payload.without("fields").text())
	f.Add(`{"payload":"","signatures":[]}`, header, s.payload.with("claimed", map[string]any{"title": "นาย"}).with("evidence", "typed").text())
	f.Add("", header, s.payload.with("return_url", site).with("state", "x").text())
	f.Add("", header, s.payload.without("verified_claims").with(decision, "rejected").text())
}
