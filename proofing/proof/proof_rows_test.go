package proof

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// requiredClaims are those of proof §2 that are not marked as optional, with a
// value of a wrong type for each.
var requiredClaims = map[string]any{
	"iss": 1, "aud": 1, "nonce": 1, "jti": 1, "iat": "1795228215", "nbf": true, "exp": "1795228515", "origin": []string{site},
	"purpose": map[string]any{}, "txn": 1, "mode": 1, "agent": "counter-07", "agent/id": 7, "agent/version": 1, "agent/build": 1,
	"agent/key_storage": 1, "operator": "u-0042", "operator/id": 42, "operator/amr": "pwd", "operator/auth_time": "1795222961",
	"urn:chipproof:claim:decision": true, "urn:chipproof:claim:facts": map[string]any{}, "urn:chipproof:claim:assurance": map[string]any{},
}

func TestN25EachRequiredClaimMustBeThereAndOfItsType(t *testing.T) {
	s := proofScene(t)
	for claim, wrong := range requiredClaims {
		t.Run(claim, func(t *testing.T) {
			assert.Equal(t, 5, s.step(t, s.token(s.payload.without(claim))), "missing")
			assert.Equal(t, 5, s.step(t, s.token(s.payload.with(claim, nil))), "null")
			assert.Equal(t, 5, s.step(t, s.token(s.payload.with(claim, wrong))), "wrong type")
		})
	}
}

func TestN25NothingInAProofIsNull(t *testing.T) {
	s := proofScene(t)
	found := 0
	for path := range leaves(s.payload) {
		found++
		assert.Equal(t, 5, s.step(t, s.token(s.payload.with(path, nil))), path)
	}
	assert.Greater(t, found, 80)
	assert.Equal(t, 5, s.step(t, s.token(s.payload.with("later", nil))), "an unknown claim")
	assert.Zero(t, s.step(t, s.token(s.payload.with("later", "the word null"))))
}

// leaves are the paths of all members of objects, at any depth.
func leaves(claims tree) map[string]any {
	found := map[string]any{}
	var walk func(path string, at any)
	walk = func(path string, at any) {
		switch v := at.(type) {
		case map[string]any:
			for name, member := range v {
				full := strings.TrimPrefix(path+"/"+name, "/")
				found[full] = member
				walk(full, member)
			}
		case []any:
			for i, element := range v {
				walk(fmt.Sprintf("%s/%d", path, i), element)
			}
		}
	}
	walk("", map[string]any(claims))
	return found
}

func TestN25PartsThatContradictTheirTypeAreRefused(t *testing.T) {
	s := proofScene(t)
	const facts = "urn:chipproof:claim:facts/"
	for name, changed := range map[string]tree{
		"facts empty":                       s.payload.with("urn:chipproof:claim:facts", []any{}),
		"a kind twice":                      s.payload.with(facts+"0/kind", "chip_read"),
		"a fact without kind":               s.payload.without(facts + "0/kind"),
		"a fact without outcome":            s.payload.without(facts + "4/outcome"),
		"an unknown outcome":                s.payload.with(facts+"4/outcome", "Passed"),
		"passed without time":               s.payload.without(facts + "4/at"),
		"passed without author":             s.payload.without(facts + "4/by"),
		"passed without way":                s.payload.without(facts + "4/how"),
		"not done, with an author":          s.payload.with(facts+"0/by", "agent"),
		"a time in another zone":            s.payload.with(facts+"4/at", "2026-11-21T02:30:02Z"),
		"a time with a fraction":            s.payload.with(facts+"4/at", "2026-11-21T09:30:02.5+07:00"),
		"a time that is none":               s.payload.with(facts+"4/at", "yesterday"),
		"another key storage":               s.payload.with("agent/key_storage", "cloud"),
		"an agent without name":             s.payload.with("agent/id", ""),
		"no methods":                        s.payload.with("operator/amr", []any{}),
		"an operator without name":          s.payload.with("operator/id", ""),
		"an empty txn":                      s.payload.with("txn", ""),
		"an assurance without scheme":       s.payload.without("urn:chipproof:claim:assurance/0/scheme"),
		"an assurance without version":      s.payload.without("urn:chipproof:claim:assurance/0/rules_version"),
		"a digest by another algorithm":     s.payload.with("urn:chipproof:claim:photo_digest/alg", "md5"),
		"a digest that is short":            s.payload.with("urn:chipproof:claim:photo_digest/value", "AAAA"),
		"a digest that is not base64":       s.payload.with("urn:chipproof:claim:photo_digest/value", strings.Repeat("!", 44)),
		"a digest with a line break":        s.payload.with("urn:chipproof:claim:photo_digest/value", "/E4J7p00K3SjflZE7rTxYgX4Wqp+Q3V3lMZaDt87bp0=\n"),
		"verified claims in a list":         s.payload.with("verified_claims", []any{s.payload["verified_claims"]}),
		"verified claims as text":           s.payload.with("verified_claims", "yes"),
		"verified claims, rejected":         s.payload.with("urn:chipproof:claim:decision", "rejected"),
		"verified claims, inconclusive":     s.payload.with("urn:chipproof:claim:decision", "inconclusive"),
		"verified claims, decision unknown": s.payload.with("urn:chipproof:claim:decision", "Accepted"),
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, 5, s.step(t, s.token(changed))) })
	}
}

func TestN26TheAudienceIsOneString(t *testing.T) {
	s := proofScene(t)
	for name, aud := range map[string]any{
		"array of one": []string{site}, "two with ours in it": []string{site, "https://other.example"}, "object": map[string]any{"0": site},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, 5, s.step(t, s.token(s.payload.with("aud", aud)))) })
	}
}

func TestN27AProofForAnotherRelyingPartyIsRefused(t *testing.T) {
	s := proofScene(t)
	for _, aud := range []string{"https://other.example.go.th", "", strings.ToUpper(site), site + "/", " " + site, site + ":443"} {
		t.Run(aud, func(t *testing.T) { assert.Equal(t, 7, s.step(t, s.token(s.payload.with("aud", aud)))) })
	}
	o := proofOptions(s)
	o.Audience = ""
	_, err := Verify(s.token(s.payload.with("aud", "")), o)
	assert.ErrorIs(t, err, ErrAudience, "who has no name gets no proof")
}

func TestN28NoOrganisationAndNoAgentSpeaksForAnother(t *testing.T) {
	s := proofScene(t)
	const other = "https://other-agency.example.go.th"
	others := newKey(t)
	o := proofOptions(s)
	o.Issuers = []Issuer{
		{Name: "https://agency.example.go.th", Keys: setFrom(t, s.key), Agents: map[string]string{handKID(s.key): "counter-07"}},
		{Name: other, Keys: setFrom(t, others, s.second), Agents: map[string]string{handKID(others): "counter-01"}},
	}
	ours := s.payload.with("iss", "https://agency.example.go.th")
	p, err := Verify(s.token(ours), o)
	require.NoError(t, err)
	require.Equal(t, "counter-07", p.Agent.ID)

	for name, token := range map[string]string{
		"iss of another organisation":            s.token(ours.with("iss", other)),
		"iss of an organisation nobody knows":    s.token(ours.with("iss", "https://nobody.example")),
		"iss of the test mode":                   s.token(ours.with("iss", testIssuer)),
		"iss empty":                              s.token(ours.with("iss", "")),
		"iss with a slash behind":                s.token(ours.with("iss", "https://agency.example.go.th/")),
		"our iss with another's key":             handToken(others, handHeader(s.typ, handKID(others)), ours.text()),
		"agent of the other organisation":        s.token(ours.with("agent/id", "counter-01")),
		"agent of another name":                  s.token(ours.with("agent/id", "counter-08")),
		"agent whose key is in no list":          handToken(s.second, handHeader(s.typ, handKID(s.second)), ours.with("iss", other).text()),
		"agent in other case":                    s.token(ours.with("agent/id", "Counter-07")),
		"other organisation with our agent's id": handToken(others, handHeader(s.typ, handKID(others)), ours.with("iss", other).text()),
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Verify(token, o)
			assert.Equal(t, 6, stepOfProof(t, p, err))
		})
	}
	o.Issuers[0].Agents, o.Issuers[1].Agents = nil, nil
	_, err = Verify(handToken(others, handHeader(s.typ, handKID(others)), ours.text()), o)
	assert.ErrorIs(t, err, ErrIssuer, "our iss with another's key, without lists of agents")
	_, err = Verify(s.token(ours.with("agent/id", "counter-99")), o)
	assert.NoError(t, err, "who has no list can't tell agents apart")
	o.Issuers = []Issuer{{Name: "", Keys: s.keys}}
	_, err = Verify(s.token(ours.with("iss", "")), o)
	assert.ErrorIs(t, err, ErrIssuer, "an issuer without a name is none")
	o.Issuers = []Issuer{{Name: other, Keys: s.keys}, {Name: testIssuer, Keys: s.keys}}
	_, err = Verify(s.good(), o)
	assert.NoError(t, err, "a key that is configured for two may speak for both")
}

func TestN29TimesAreIntegersInSecondsAndAProofLivesFiveMinutes(t *testing.T) {
	s := proofScene(t)
	raw := func(old, replaced string) string { return s.raw(strings.Replace(s.payload.text(), old, replaced, 1)) }
	exp := func(value string) string { return raw(`"exp":1795228515`, `"exp":`+value) }
	for name, row := range map[string]struct {
		token string
		step  int
	}{
		"exp is iat":             {exp("1795228215"), 8},
		"exp before iat":         {exp("1795228214"), 8},
		"301 seconds":            {exp("1795228516"), 8},
		"milliseconds":           {exp("1795228515000"), 5},
		"all in milliseconds":    {s.token(s.payload.with("iat", 1795228215000).with("nbf", 1795228215000).with("exp", 1795228215300)), 5},
		"float":                  {exp("1795228515.5"), 5},
		"float without fraction": {exp("1795228515.0"), 5},
		"exponent":               {exp("1.795228515e9"), 5},
		"string":                 {exp(`"1795228515"`), 5},
		"negative":               {exp("-1795228515"), 5},
		"zero":                   {exp("0"), 5},
		"negative zero":          {exp("-0"), 5},
		"huge":                   {exp("9223372036854775807"), 5},
		"more than huge":         {exp("9223372036854775808"), 5},
		"absurd":                 {exp("1" + strings.Repeat("0", 400)), 5},
		"leading zero":           {exp("01795228515"), 5},
		"iat negative":           {raw(`"iat":1795228215`, `"iat":-9223372036854775808`), 5},
		"auth_time negative":     {raw(`"auth_time":1795222961`, `"auth_time":-1`), 5},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, row.step, s.step(t, row.token)) })
	}
	t.Run("exp is iat, in the future", func(t *testing.T) {
		o := proofOptions(s)
		o.Now = at(proofMade - 10)
		p, err := Verify(exp("1795228215"), o)
		assert.Equal(t, 8, stepOfProof(t, p, err), "a life of no length is none at any time")
	})
}

func TestN29ToN31AProofIsGoodFromAMinuteBeforeItsTimeToItsEnd(t *testing.T) {
	s := proofScene(t)
	for name, row := range map[string]struct {
		now        int64
		good       bool
		ahead, age int64
	}{
		"N30 made in 61 s":                {proofMade - 61, false, 61, 0},
		"N30 made in 60 s":                {proofMade - 60, true, 0, 0},
		"at once":                         {proofMade, true, 0, 0},
		"the second before exp":           {proofMade + 299, true, 0, 0},
		"N29 at exp":                      {proofMade + 300, false, 0, 300},
		"N31 expired by 1 s":              {proofMade + 301, false, 0, 301},
		"N31 expired by 30 s":             {proofMade + 330, false, 0, 330},
		"a workstation one hour behind":   {proofMade + 3600, false, 0, 3600},
		"a workstation one hour in front": {proofMade - 3600, false, 3600, 0},
	} {
		t.Run(name, func(t *testing.T) {
			o := proofOptions(s)
			o.Now = at(row.now)
			_, err := Verify(s.good(), o)
			if row.good {
				assert.NoError(t, err)
				return
			}
			var clock *ClockError
			require.ErrorAs(t, err, &clock)
			assert.ErrorIs(t, err, ErrTime)
			assert.ErrorIs(t, err, ErrProofRefused)
			assert.Equal(t, []int64{row.ahead, row.age}, []int64{clock.Ahead, clock.Age})
			assert.Contains(t, err.Error(), fmt.Sprint(row.ahead+row.age, " seconds"))
		})
	}
	assert.Equal(t, 8, s.step(t, s.token(s.payload.with("nbf", proofMade+1))), "N30 nbf is not iat")
	assert.Equal(t, 8, s.step(t, s.token(s.payload.with("nbf", proofMade-1))), "N30 nbf is not iat")
	o := proofOptions(s)
	o.Now = at(0).AddDate(-1970, 0, 0)
	_, err := Verify(s.good(), o)
	assert.ErrorIs(t, err, ErrTime, "who has no clock gets no proof")
}

func TestN32TestResultsDoNotPassInProductionAndTheOtherWayRound(t *testing.T) {
	s := proofScene(t)
	production := s.payload.with("mode", "production")
	for name, row := range map[string]struct {
		payload tree
		mode    Mode
		step    int
	}{
		"test in production":               {s.payload, Production, 9},
		"test where no mode is said":       {s.payload, "", 9},
		"production in a test system":      {production, Test, 9},
		"Production":                       {s.payload.with("mode", "Production"), Production, 9},
		"mode empty":                       {s.payload.with("mode", ""), "", 9},
		"mode missing":                     {s.payload.without("mode"), Production, 5},
		"production":                       {production, Production, 0},
		"production where no mode is said": {production, "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			o := proofOptions(s)
			o.Mode = row.mode
			p, err := Verify(s.token(row.payload), o)
			assert.Equal(t, row.step, stepOfProof(t, p, err))
		})
	}
	t.Run("production signed by the test key", func(t *testing.T) {
		o := proofOptions(s)
		o.Mode = Production
		p, err := Verify(handToken(s.testKey, handHeader(s.typ, handKID(s.testKey)), production.text()), o)
		assert.Equal(t, 3, stepOfProof(t, p, err))
	})
}

func TestN33AProofForAnotherOriginOrPurposeIsRefused(t *testing.T) {
	s := proofScene(t)
	for _, origin := range []string{"https://other.example.go.th", site + "/", "", strings.ToUpper(site), "null"} {
		t.Run("origin "+origin, func(t *testing.T) {
			assert.Equal(t, 10, s.step(t, s.token(s.payload.with("origin", origin))))
		})
	}
	for _, other := range []string{"other", "form_fill", "compat", "", "Identity_proofing", purpose + " "} {
		t.Run("purpose "+other, func(t *testing.T) {
			token := s.token(s.payload.with("purpose", other))
			assert.Equal(t, 10, s.step(t, token))
			o := proofOptions(s)
			o.Purpose = other
			_, err := Verify(token, o)
			if slices.Contains([]string{"form_fill", "compat", ""}, other) {
				assert.ErrorIs(t, err, ErrAsked, "not even who asked for it")
				return
			}
			assert.NoError(t, err)
		})
	}
	o := proofOptions(s)
	o.Origin = ""
	_, err := Verify(s.token(s.payload.with("origin", "")), o)
	assert.ErrorIs(t, err, ErrAsked)
}

func TestN34ANonceOfNoFormIsRefusedBeforeAnyStoreIsAsked(t *testing.T) {
	s := proofScene(t)
	nonce := s.payload["nonce"].(string)
	for name, value := range map[string]string{
		"empty": "", "42 characters": nonce[:42], "256 characters": strings.Repeat("a", 256), "a blank before": " " + nonce,
		"plus": nonce[:42] + "+", "padding": nonce + "=",
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, 5, s.step(t, s.token(s.payload.with("nonce", value)))) })
	}
	for name, value := range map[string]string{"21 characters": strings.Repeat("a", 21), "23 characters": strings.Repeat("a", 23), "slash": strings.Repeat("/", 22)} {
		t.Run("jti "+name, func(t *testing.T) { assert.Equal(t, 5, s.step(t, s.token(s.payload.with("jti", value)))) })
	}
	assert.Zero(t, s.step(t, s.token(s.payload.with("nonce", strings.Repeat("a", 255)))))
}

func TestN42AnIDTokenOrAccessTokenByTheSameKeyIsNoProof(t *testing.T) {
	s := proofScene(t)
	idToken := tree{
		"iss": testIssuer, "sub": "synthetic", "aud": site, "exp": proofMade + 300, "iat": proofMade, "nonce": s.payload["nonce"],
	}
	for _, typ := range []string{"JWT", "at+jwt", "application/at+jwt", "logout+jwt", "secevent+jwt"} {
		t.Run(typ, func(t *testing.T) {
			assert.Equal(t, 2, s.step(t, handToken(s.key, handHeader(typ, handKID(s.key)), idToken.text())))
			assert.Equal(t, 2, s.step(t, handToken(s.key, handHeader(typ, handKID(s.key)), s.payload.text())))
		})
	}
}

func TestClaimsOfALaterAgentAreIgnored(t *testing.T) {
	s := proofScene(t)
	assert.Zero(t, s.step(t, s.token(s.payload.with("later", map[string]any{"a": 1}).with("agent/later", true))))
	more := s.payload.copy()
	more["urn:chipproof:claim:facts"] = append(more["urn:chipproof:claim:facts"].([]any), map[string]any{"kind": "later", "outcome": "not_done"})
	assert.Zero(t, s.step(t, s.token(more)))
}
