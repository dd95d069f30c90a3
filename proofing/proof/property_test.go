package proof

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// One claim of a good token is changed at a time.

// other draws a value that is not the one given, of the same type or another.
func other(t *rapid.T, value any) any {
	return rapid.OneOf(
		rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.Int64(), func(n int64) any { return n }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Map(rapid.SliceOf(rapid.String()), func(s []string) any { return s }),
		rapid.Map(rapid.SampledFrom(neighbours(value)), func(v any) any { return v }),
	).Filter(func(changed any) bool {
		return tree{"v": changed}.text() != tree{"v": value}.text()
	}).Draw(t, "value")
}

// neighbours are values that look like one.
func neighbours(value any) []any {
	text, isText := value.(string)
	if !isText {
		return []any{nil, []any{value}, map[string]any{"v": value}, "", 0}
	}
	return []any{nil, []any{value}, text + " ", " " + text, text + "/", strings.ToUpper(text), strings.ToLower(text), text + "\x00", ""}
}

func TestAnyChangeBreaksTheSignature(t *testing.T) {
	for _, s := range []scene{proofScene(t), requestScene(t)} {
		paths := leaves(s.payload)
		good := strings.Split(s.good(), ".")
		names := slices.Sorted(maps.Keys(paths))
		rapid.Check(t, func(rt *rapid.T) {
			path := rapid.SampledFrom(names).Draw(rt, "claim")
			changed := s.payload.with(path, other(rt, paths[path]))
			require.Equal(rt, 4, s.step(t, good[0]+"."+b64([]byte(changed.text()))+"."+good[2]))
		})
	}
}

// What a relying party or an agent compares, nobody can change: not even who
// holds the key.
func TestAnyChangeOfABoundClaimIsRefusedThoughWellSigned(t *testing.T) {
	proofs := proofScene(t)
	check := func(claims tree) error {
		p, err := Verify(proofs.token(claims), proofOptions(proofs))
		if err != nil {
			return err
		}
		store := newSession(proofs.payload["nonce"].(string))
		store.seen["aaaaaaaaaaaaaaaaaaaaaa"] = time.Time{}
		if err := Redeem(t.Context(), p, store); err != nil {
			return err
		}
		return Demand{Facts: []string{"chip_read", "chip_photo", "face_visual", "card_not_expired"}}.Check(p, nil, at(proofMade))
	}
	payload := proofs.payload.without("urn:chipproof:claim:photo_digest")
	require.NoError(t, check(payload))
	bound := []string{
		"iss", "aud", "nonce", "nbf", "iat", "origin", "purpose", "txn", "mode", decision,
		facts + "4/outcome", facts + "5/outcome", facts + "6/outcome", facts + "10/outcome", facts + "4/kind", facts + "10/kind",
		verification + "trust_framework", verification + "verification_process", cardChecks + "0/check_method", cardChecks + "2/check_id",
		"agent/key_storage", assurance + "0/unconfirmed",
	}
	paths := leaves(payload)
	rapid.Check(t, func(rt *rapid.T) {
		path := rapid.SampledFrom(bound).Draw(rt, "claim")
		require.Error(rt, check(payload.with(path, other(rt, paths[path]))), path)
	})

	requests := requestScene(t)
	read := func(claims tree) error {
		r, err := verifyRequest(requests, requests.token(claims), at(requestMade))
		if err != nil {
			return err
		}
		if err := r.CheckAudience(site); err != nil {
			return err
		}
		return r.CheckRoad(Fetch, nil)
	}
	require.NoError(t, read(requests.payload))
	paths = leaves(requests.payload)
	rapid.Check(t, func(rt *rapid.T) {
		path := rapid.SampledFrom([]string{"iss", "aud", "audience"}).Draw(rt, "claim")
		require.Error(rt, read(requests.payload.with(path, other(rt, paths[path]))), path)
	})
	rapid.Check(t, func(rt *rapid.T) {
		// iat or exp alone can move only within the two minutes that a request has.
		path := rapid.SampledFrom([]string{"iat", "exp"}).Draw(rt, "claim")
		value := rapid.Int64().Filter(func(n int64) bool {
			return path == "iat" && (n < requestMade || n >= requestMade+120) || path == "exp" && (n <= requestMade || n > requestMade+120)
		}).Draw(rt, "seconds")
		require.Error(rt, read(requests.payload.with(path, value)), path)
	})
}

func TestWhatIsSignedHereVerifiesHereAndSaysTheSame(t *testing.T) {
	key := newKey(t)
	keys := setFrom(t, key)
	rapid.Check(t, func(rt *rapid.T) {
		asked := Request{
			Issuer: "https://" + rapid.StringMatching(`[a-z]{1,20}\.example`).Draw(rt, "origin"), Nonce: NewNonce(),
			Audience: rapid.StringMatching(`[ -~ก-๙]{1,60}`).Draw(rt, "audience"), Purpose: rapid.StringMatching(`[a-z_]{1,30}`).Draw(rt, "purpose"),
			IssuedAt: rapid.Int64Range(1, latest-120).Draw(rt, "iat"), Evidence: Chip, IssuerCheck: rapid.Bool().Draw(rt, "issuer check"),
			Fields: append([]string{"name"}, rapid.SliceOfDistinct(rapid.SampledFrom([]string{"sex", "card", "photo"}), rapid.ID[string]).Draw(rt, "fields")...),
		}
		token, err := SignRequest(key, asked)
		require.NoError(rt, err)
		r, err := VerifyRequest(token, keys, RequestOptions{Origin: asked.Issuer, Now: at(asked.IssuedAt)})
		require.NoError(rt, err)
		asked.ID, asked.ExpiresAt = r.ID, asked.IssuedAt+120
		asked.Claimed, r.Claimed = Claimed{}, Claimed{}
		require.Equal(rt, asked, r)
	})
}
