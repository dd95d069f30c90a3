package proof

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// photo stands for the JPEG that came beside a proof.
var photo = []byte("\xff\xd8\xff synthetic photo \xff\xd9")

// demanded checks the example's claims, changed, against a demand, with the photo
// whose digest they hold.
func demanded(t testing.TB, s scene, changed tree, d Demand) error {
	t.Helper()
	claims := changed.with("urn:chipproof:claim:photo_digest", map[string]any{"alg": "sha-256", "value": DigestOf(photo).Value})
	p, err := Verify(s.token(claims), proofOptions(s))
	require.NoError(t, err, "steps 1 to 10")
	return d.Check(p, photo, at(proofMade+2))
}

const (
	decision     = "urn:chipproof:claim:decision"
	facts        = "urn:chipproof:claim:facts/"
	assurance    = "urn:chipproof:claim:assurance/"
	verification = "verified_claims/verification/"
	cardChecks   = verification + "evidence/0/check_details/"
)

func TestTheExampleMeetsWhatItSays(t *testing.T) {
	s := proofScene(t)
	assert.NoError(t, demanded(t, s, s.payload, Demand{}))
	assert.NoError(t, demanded(t, s, s.payload, Demand{
		Methods: []string{"vdig", "vpip", "pvp", "data"}, Facts: []string{"chip_read", "face_visual", "issuer_status"}, LoginWithin: 2 * time.Hour,
	}))
}

func TestN37OnlyAnAcceptedProofingWithItsClaimsCounts(t *testing.T) {
	s := proofScene(t)
	for name, changed := range map[string]tree{
		"rejected":                s.payload.with(decision, "rejected").without("verified_claims"),
		"inconclusive":            s.payload.with(decision, "inconclusive").without("verified_claims"),
		"unknown":                 s.payload.with(decision, "approved").without("verified_claims"),
		"empty":                   s.payload.with(decision, "").without("verified_claims"),
		"other case":              s.payload.with(decision, "ACCEPTED").without("verified_claims"),
		"verified_claims missing": s.payload.without("verified_claims"),
		"verified_claims empty":   s.payload.with("verified_claims", map[string]any{}),
	} {
		t.Run(name, func(t *testing.T) { assert.ErrorIs(t, demanded(t, s, changed, Demand{}), ErrDemand) })
	}
	// Missing altogether, in an array and in a proof that was not accepted are
	// refused earlier: TestN25.
	assert.Equal(t, 5, s.step(t, s.token(s.payload.without(decision))))
}

func TestN38FrameworkMethodsAndLevelsMustBeThoseDemanded(t *testing.T) {
	s := proofScene(t)
	level := Demand{Levels: []LevelDemand{{"th-etda", []string{"IAL2.2", "IAL2.3"}}}}
	confirmed := s.payload.with(assurance+"0/level", "IAL2.2").without(assurance+"0/candidate_level").with(assurance+"0/unconfirmed", false)
	for name, row := range map[string]struct {
		changed tree
		demand  Demand
		good    bool
	}{
		"unknown framework":       {s.payload.with(verification+"trust_framework", "eidas"), Demand{}, false},
		"framework missing":       {s.payload.without(verification + "trust_framework"), Demand{}, false},
		"demanded method missing": {s.payload, Demand{Methods: []string{"pvp", "bvp"}}, false},
		"demanded fact not done":  {s.payload, Demand{Facts: []string{"face_biometric"}}, false},
		"demanded fact unknown":   {s.payload, Demand{Facts: []string{"synthetic"}}, false},
		"demanded fact failed":    {s.payload.with(facts+"6/outcome", "failed"), Demand{Facts: []string{"card_not_expired"}}, false},
		"vcrypt in place of vdig": {s.payload.with(cardChecks+"0/check_method", "vcrypt"), Demand{}, false},
		"vcrypt by second evidence": {
			s.payload.with(facts+"13", map[string]any{
				"kind": "second_evidence", "outcome": "passed", "at": "2026-11-21T09:30:12+07:00", "by": "u-0042", "how": "in person",
			}).with(verification+"evidence/1/check_details/1", map[string]any{"check_method": "vcrypt", "check_id": "pf-20261121-000417.second_evidence"}),
			Demand{},
			false,
		},
		"a method of another fact":                {s.payload.with(cardChecks+"0/check_method", "pvp"), Demand{}, false},
		"only a candidate level":                  {s.payload, level, false},
		"a confirmed level":                       {confirmed, level, true},
		"a confirmed level, not that one":         {confirmed.with(assurance+"0/level", "IAL1"), level, false},
		"a confirmed level of another scheme":     {confirmed.with(assurance+"0/scheme", "th-other"), level, false},
		"level beside candidate level":            {confirmed.with(assurance+"0/candidate_level", "IAL2.2"), Demand{}, false},
		"level beside unconfirmed":                {confirmed.with(assurance+"0/unconfirmed", true), Demand{}, false},
		"candidate level with unconfirmed: false": {s.payload.with(assurance+"1/unconfirmed", false), Demand{}, false},
		"neither level":                           {s.payload.without(assurance + "0/candidate_level"), Demand{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := demanded(t, s, row.changed, row.demand)
			if row.good {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, ErrDemand)
		})
	}
}

func TestN39EachCheckNeedsItsFactAndEachReferenceItsCheck(t *testing.T) {
	s := proofScene(t)
	const reference = verification + "assurance_process/assurance_details/0/evidence_ref/0/check_id"
	for name, changed := range map[string]tree{
		"its fact is absent":                 s.payload.with(facts+"10/kind", "later"),
		"its fact failed":                    s.payload.with(facts+"10/outcome", "failed"),
		"its fact is indeterminate":          s.payload.with(facts+"7/outcome", "indeterminate"),
		"its fact was not done":              s.payload.with(facts+"10", map[string]any{"kind": "face_visual", "outcome": "not_done"}),
		"it is of another proofing":          s.payload.with(cardChecks+"2/check_id", "pf-20261121-000418.face_visual"),
		"it names no fact":                   s.payload.with(cardChecks+"2/check_id", "pf-20261121-000417."),
		"it names a fact that gives none":    s.payload.with(cardChecks+"2/check_id", "pf-20261121-000417.id_checksum"),
		"without check_id":                   s.payload.without(cardChecks + "2/check_id"),
		"a reference to no check":            s.payload.with(reference, "pf-20261121-000417.second_evidence"),
		"a reference to a check elsewhere":   s.payload.with(reference, "pf-20261121-000418.chip_read"),
		"an empty reference":                 s.payload.with(reference, ""),
		"the verification is of another one": s.payload.with(verification+"verification_process", "pf-20261121-000418"),
		"the txn is another":                 s.payload.with("txn", "pf-20261121-000418"),
	} {
		t.Run(name, func(t *testing.T) { assert.ErrorIs(t, demanded(t, s, changed, Demand{}), ErrDemand) })
	}
}

func TestN40StaffHadTwoFactorsNotTooLongAgo(t *testing.T) {
	s := proofScene(t)
	amr := func(methods ...string) tree { return s.payload.with("operator/amr", methods) }
	authTime := func(seconds int64) tree { return s.payload.with("operator/auth_time", seconds) }
	for name, row := range map[string]struct {
		changed tree
		within  time.Duration
		good    bool
	}{
		"password alone":              {amr("pwd"), 0, false},
		"code alone":                  {amr("otp"), 0, false},
		"a password that says mfa":    {amr("pwd", "mfa"), 0, false},
		"mfa alone":                   {amr("mfa"), 0, false},
		"two of what one knows":       {amr("pwd", "pin"), 0, false},
		"two of what one has":         {amr("otp", "hwk"), 0, false},
		"a method nobody knows":       {amr("pwd", "synthetic"), 0, false},
		"other case":                  {amr("pwd", "OTP"), 0, false},
		"password and code":           {amr("pwd", "otp"), 0, true},
		"key and finger":              {amr("hwk", "fpt", "mfa"), 0, true},
		"in the future":               {authTime(proofMade + 1), 0, false},
		"at the moment of the proof":  {authTime(proofMade), time.Minute, true},
		"too old for the demand":      {authTime(proofMade - 60), time.Minute, false},
		"as old as the demand":        {authTime(proofMade + 2 - 60), time.Minute, true},
		"as old as a session":         {authTime(proofMade + 2 - 86400), 0, true},
		"older than a session can be": {authTime(proofMade + 1 - 86400), 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := demanded(t, s, row.changed, Demand{LoginWithin: row.within})
			if row.good {
				assert.NoError(t, err)
				return
			}
			assert.ErrorIs(t, err, ErrOperator)
		})
	}
}

func TestN41ThePhotoIsTheOneWhoseDigestWasSigned(t *testing.T) {
	s := proofScene(t)
	withDigest := s.payload.with("urn:chipproof:claim:photo_digest", map[string]any{"alg": "sha-256", "value": DigestOf(photo).Value})
	without := s.payload.without("urn:chipproof:claim:photo_digest")
	check := func(claims tree, photo []byte) error {
		p, err := Verify(s.token(claims), proofOptions(s))
		require.NoError(t, err)
		return Demand{}.Check(p, photo, at(proofMade))
	}
	assert.NoError(t, check(withDigest, photo))
	assert.NoError(t, check(without, nil))
	assert.ErrorIs(t, check(without, photo), ErrPhoto, "photo without digest")
	assert.ErrorIs(t, check(without, []byte{}), ErrPhoto, "an empty photo without digest")
	assert.ErrorIs(t, check(withDigest, nil), ErrPhoto, "digest without photo")
	assert.ErrorIs(t, check(withDigest, []byte{}), ErrPhoto)
	p, err := Verify(s.token(withDigest), proofOptions(s))
	require.NoError(t, err)
	for i := range photo {
		for bit := range 8 {
			changed := append([]byte{}, photo...)
			changed[i] ^= 1 << bit
			assert.ErrorIs(t, Demand{}.Check(p, changed, at(proofMade)), ErrPhoto, "bit %d of byte %d", bit, i)
		}
	}
}

func TestWhatIsRefusedAfterTheNonceLeavesItUsed(t *testing.T) {
	s := proofScene(t)
	p, err := Verify(s.token(s.payload.with(decision, "rejected").without("verified_claims")), proofOptions(s))
	require.NoError(t, err)
	store := newSession(p.Nonce)
	require.NoError(t, Redeem(t.Context(), p, store))
	require.ErrorIs(t, Demand{}.Check(p, nil, at(proofMade)), ErrDemand)
	assert.ErrorIs(t, Redeem(t.Context(), p, store), ErrNonce)
}
