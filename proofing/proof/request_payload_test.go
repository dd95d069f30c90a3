package proof

import (
	"crypto/ecdsa"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// refusedAt demands that a request made by hand is refused at a step.
func refusedAt(t *testing.T, s scene, step, token string) {
	t.Helper()
	_, err := verifyRequest(s, token, at(requestMade+3))
	assert.Equal(t, step, stepName(t, err))
}

func TestQ2OnlyARequestIsARequest(t *testing.T) {
	s, proofs := requestScene(t), proofScene(t)
	signed := func(header, payload string) string { return handToken(s.key, header, payload) }
	idToken := tree{"iss": site, "sub": "synthetic", "aud": "chipproof", "iat": requestMade, "exp": requestMade + 120}
	enrolment := tree{"nonce": s.payload["nonce"], "agent": "counter-07"}
	for name, token := range map[string]string{
		"typ missing":            signed(`{"alg":"ES256","kid":"`+handKID(s.key)+`"}`, s.payload.text()),
		"typ JWT":                signed(handHeader("JWT", handKID(s.key)), s.payload.text()),
		"typ in other case":      signed(handHeader("Chipproof-Request+JWT", handKID(s.key)), s.payload.text()),
		"typ as a media type":    signed(handHeader("application/chipproof-request+jwt", handKID(s.key)), s.payload.text()),
		"a proof":                signed(handHeader("chipproof+jwt", handKID(s.key)), proofs.payload.text()),
		"an enrolment statement": signed(handHeader("chipproof-enrol+jwt", handKID(s.key)), enrolment.text()),
		"an ID token":            signed(handHeader("JWT", handKID(s.key)), idToken.text()),
		"an access token":        signed(handHeader("at+jwt", handKID(s.key)), idToken.text()),
	} {
		t.Run(name, func(t *testing.T) { refusedAt(t, s, StepHeader, token) })
	}
	t.Run("and a request is no proof", func(t *testing.T) {
		o := proofOptions(s)
		_, err := Verify(s.good(), o)
		assert.ErrorIs(t, err, ErrHeader)
	})
}

func TestQ3TheKeyIsOneRegisteredForTheOrigin(t *testing.T) {
	s := requestScene(t)
	agent := newKey(t)
	for name, key := range map[string]*ecdsa.PrivateKey{
		"of another listed origin": s.stranger, "that has left the set": s.retired, "of a revoked origin": s.revoked, "of the agent itself": agent,
	} {
		t.Run("kid "+name, func(t *testing.T) {
			token := handToken(key, handHeader(s.typ, handKID(key)), s.payload.text())
			refusedAt(t, s, StepKey, token)
		})
	}
	t.Run("an origin without keys", func(t *testing.T) {
		_, err := VerifyRequest(s.good(), KeySet{}, RequestOptions{Origin: site, Now: at(requestMade)})
		assert.Equal(t, StepKey, stepName(t, err))
	})
	t.Run("a key that was taken out", func(t *testing.T) {
		_, err := VerifyRequest(s.good(), s.keys.Without(handKID(s.key)), RequestOptions{Origin: site, Now: at(requestMade)})
		assert.Equal(t, StepKey, stepName(t, err))
	})
}

func TestQ4ClaimsAreThereOfTheirTypeAndNoOthers(t *testing.T) {
	s := requestScene(t)
	wrong := map[string]any{
		"iss": 1, "aud": 1, "iat": "1", "exp": true, "jti": 1, "nonce": []string{"x"}, "audience": map[string]any{}, "purpose": 1, "fields": "name",
	}
	optional := map[string]any{
		"needs": "face_visual", "evidence": 1, "claimed": []string{"x"}, "issuer_check": "true", "return_url": 1, "state": 1,
	}
	for claim, value := range wrong {
		t.Run(claim, func(t *testing.T) {
			refusedAt(t, s, StepPayload, s.token(s.payload.without(claim)))
			refusedAt(t, s, StepPayload, s.token(s.payload.with(claim, nil)))
			refusedAt(t, s, StepPayload, s.token(s.payload.with(claim, value)))
		})
	}
	for claim, value := range optional {
		t.Run(claim, func(t *testing.T) {
			assert.Zero(t, s.step(t, s.token(s.payload.without(claim))))
			refusedAt(t, s, StepPayload, s.token(s.payload.with(claim, nil)))
			refusedAt(t, s, StepPayload, s.token(s.payload.with(claim, value)))
		})
	}
	claimed := func(values map[string]any) string { return s.token(s.payload.with("claimed", values)) }
	for name, token := range map[string]string{
		"an unknown member":            s.token(s.payload.with("later", 1)),
		"a member in other case":       s.token(s.payload.with("Purpose", purpose)),
		"sub":                          s.token(s.payload.with("sub", "x")),
		"nbf":                          s.token(s.payload.with("nbf", requestMade)),
		"an unknown member in claimed": claimed(map[string]any{"first_name": "สมชาย", "nickname": "x"}),
		"only an unknown one":          claimed(map[string]any{"nickname": "x"}),
		"another case in claimed":      claimed(map[string]any{"First_name": "สมชาย"}),
		"a number in claimed":          claimed(map[string]any{"citizen_id": 1101700230708}),
		"null in claimed":              claimed(map[string]any{"first_name": nil}),
		"an empty value in claimed":    claimed(map[string]any{"first_name": ""}),
		"201 characters in claimed":    claimed(map[string]any{"address": strings.Repeat("ก", 201)}),
		"a member twice in claimed":    s.raw(strings.Replace(s.payload.text(), "{", `{"claimed":{"title":"นาย","title":"นาง"},`, 1)),
		"invalid UTF-8 in claimed":     s.raw(strings.Replace(s.payload.text(), "{", "{\"claimed\":{\"title\":\"\xff\"},", 1)),
		"null among the fields":        s.token(s.payload.with("fields", []any{"name", nil})),
		"null among the needs":         s.token(s.payload.with("needs", []any{nil})),
	} {
		t.Run(name, func(t *testing.T) { refusedAt(t, s, StepPayload, token) })
	}
	for name, token := range map[string]string{
		"all that can be claimed": claimed(map[string]any{
			"citizen_id": "1101700230708", "title": "นาย", "first_name": "สมชาย", "middle_name": "-", "last_name": "ใจดี",
			"birth_date": "2525-12-31", "laser_code": "JT0123456789", "address": strings.Repeat("ก", 200),
		}),
		"the word null": claimed(map[string]any{"first_name": "null"}),
	} {
		t.Run(name, func(t *testing.T) { assert.Zero(t, s.step(t, token)) })
	}
}

func TestQ5LengthsAndAlphabetsAreKept(t *testing.T) {
	s := requestScene(t)
	of := func(n int) string { return strings.Repeat("a", n) }
	page := s.payload.with("return_url", site+"/back")
	for name, row := range map[string]struct {
		changed tree
		good    bool
	}{
		"jti of 21 characters":     {s.payload.with("jti", of(21)), false},
		"jti of 22":                {s.payload.with("jti", of(22)), true},
		"jti of 23":                {s.payload.with("jti", of(23)), false},
		"jti with a plus":          {s.payload.with("jti", of(21)+"+"), false},
		"jti of 22 bytes in Thai":  {s.payload.with("jti", strings.Repeat("ก", 7)+"a"), false},
		"nonce of 42 characters":   {s.payload.with("nonce", of(42)), false},
		"nonce of 43":              {s.payload.with("nonce", of(43)), true},
		"nonce of 255":             {s.payload.with("nonce", of(255)), true},
		"nonce of 256":             {s.payload.with("nonce", of(256)), false},
		"nonce with +":             {s.payload.with("nonce", of(43)+"+"), false},
		"nonce with /":             {s.payload.with("nonce", of(43)+"/"), false},
		"nonce with =":             {s.payload.with("nonce", of(43)+"="), false},
		"nonce with a blank":       {s.payload.with("nonce", of(43)+" "), false},
		"nonce with a line break":  {s.payload.with("nonce", of(43)+"\n"), false},
		"state of 512 characters":  {page.with("state", of(512)), true},
		"state of 513":             {page.with("state", of(513)), false},
		"state empty":              {page.with("state", ""), false},
		"state with a line break":  {page.with("state", "a\nb"), false},
		"state in Thai":            {page.with("state", "ก"), false},
		"state of all printable":   {page.with("state", " !\"#$%&'()*+,-./:;<=>?@[]^_`{|}~\\"), true},
		"return_url empty":         {s.payload.with("return_url", ""), false},
		"return_url without state": {page, true}, // of the road: Q14
	} {
		t.Run(name, func(t *testing.T) {
			if row.good {
				assert.Zero(t, s.step(t, s.token(row.changed)))
				return
			}
			refusedAt(t, s, StepPayload, s.token(row.changed))
		})
	}
}

func TestQ6FieldsNeedsAndEvidenceAreOfTheirNames(t *testing.T) {
	s := requestScene(t)
	fields := func(names ...string) tree { return s.payload.with("fields", append([]string{}, names...)) }
	needs := func(names ...string) tree { return s.payload.with("needs", append([]string{}, names...)) }
	for name, row := range map[string]struct {
		changed tree
		good    bool
	}{
		"fields empty":             {fields(), false},
		"fields repeated":          {fields("name", "name"), false},
		"fields with an unknown":   {fields("name", "religion"), false},
		"fields in other case":     {fields("Name"), false},
		"card alone":               {fields("card"), false},
		"photo and card":           {fields("photo", "card", "laser_code", "nhso"), false},
		"all nine":                 {fields(FieldNames()...), true},
		"ten":                      {fields(append(FieldNames(), "name")...), false},
		"sex alone":                {fields("sex"), true},
		"a field that is a number": {s.payload.with("fields", []any{"name", 1}), false},
		"needs empty":              {needs(), true},
		"needs chip_read":          {needs("chip_read"), false},
		"needs an unknown":         {needs("face_visual", "synthetic"), false},
		"needs repeated":           {needs("face_visual", "face_visual"), false},
		"needs both":               {needs("card_inspected", "face_visual"), true},
		"evidence face":            {s.payload.with("evidence", "face"), false},
		"evidence empty":           {s.payload.with("evidence", ""), false},
		"evidence in other case":   {s.payload.with("evidence", "Chip"), false},
		"typed without claimed":    {s.payload.with("evidence", "typed"), false},
		"typed with claimed":       {s.payload.with("evidence", "typed").with("claimed", map[string]any{"first_name": "สมชาย"}), true},
		"typed, claimed empty":     {s.payload.with("evidence", "typed").with("claimed", map[string]any{}), false},
		"claimed empty":            {s.payload.with("claimed", map[string]any{}), false},
		"issuer_check as text":     {s.payload.with("issuer_check", "true"), false},
		"issuer_check 1":           {s.payload.with("issuer_check", 1), false},
		"issuer_check false":       {s.payload.with("issuer_check", false), true},
	} {
		t.Run(name, func(t *testing.T) {
			if row.good {
				assert.Zero(t, s.step(t, s.token(row.changed)))
				return
			}
			refusedAt(t, s, StepPayload, s.token(row.changed))
		})
	}
}
