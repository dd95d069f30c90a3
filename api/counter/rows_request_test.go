package counter

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/mfa"
)

// problem is a refusal, read whole.
func (a answer) problem(t testing.TB) api.Problem {
	t.Helper()
	var p api.Problem
	require.NoError(t, json.Unmarshal([]byte(a.body), &p), a.body)
	return p
}

// refuses wants a request refused at a step, and the card untouched.
func (p *prover) refuses(t *testing.T, name, step, token string) {
	t.Helper()
	before := p.card.Exchanges()
	a := p.site.asks(token)
	a.says(t, 400, "request_refused", name)
	assert.Equal(t, step, a.problem(t).Detail, name)
	assert.Equal(t, before, p.card.Exchanges(), "%s: nothing is read", name)
}

// passes wants these very claims accepted: garbage has burnt nothing (Q20).
func (p *prover) passes(t *testing.T, claims map[string]any) {
	t.Helper()
	p.counter.insertions.again(site)
	p.site.asks(p.site.sign(claims)).proven(t)
}

func TestQ1ARequestOfAnotherFormIsRefused(t *testing.T) {
	p := proving(t, setup{})
	claims := p.site.claims()
	payload := []byte(mustJSON(claims))
	good := p.site.sign(claims)
	parts := split3(t, good)
	attacker := p.newBackend(site)
	header := func(change ...any) string { return p.site.signWith(p.site.header(change...), claims) }
	rawHeader := func(text string) string { return p.site.signBytes([]byte(text), payload) }
	rawPayload := func(text string) string { return p.site.signBytes([]byte(mustJSON(p.site.header())), []byte(text)) }
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	require.NoError(t, err)
	with := func(s []byte) string { return parts[0] + "." + parts[1] + "." + b64(s) }
	der := append([]byte{0x30, 68, 2, 32}, slices.Concat(signature[:32], []byte{2, 32}, signature[32:])...)
	mac := hmac.New(sha256.New, []byte(mustJSON(p.site.jwk())))
	hs := b64([]byte(mustJSON(p.site.header("alg", "HS256")))) + "." + parts[1]
	mac.Write([]byte(hs))
	flipped := func(part int) string {
		b := slices.Clone(parts)
		c := "A"
		if b[part][5:6] == c {
			c = "B"
		}
		b[part] = b[part][:5] + c + b[part][6:]
		return strings.Join(b, ".")
	}
	last := parts[2][len(parts[2])-1:]
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	spare := parts[2][:len(parts[2])-1] + alphabet[strings.Index(alphabet, last)+1:][:1]

	rows := []struct{ name, step, token string }{
		{"N1 none", "header", header("alg", "none")},
		{"N1 None", "header", header("alg", "None")},
		{"N1 none without a signature", "form", b64([]byte(mustJSON(p.site.header("alg", "none")))) + "." + parts[1] + "."},
		{"N1 no signature", "form", parts[0] + "." + parts[1] + "."},
		{"N2 HS256 keyed with the public key", "header", hs + "." + b64(mac.Sum(nil))},
		{"N3 alg missing", "header", header("alg", nil)},
		{"N3 alg in an array", "header", header("alg", []string{"ES256"})},
		{"N3 ALG", "header", header("alg", nil, "ALG", "ES256")},
		{"N4 repeated header member", "header", rawHeader(`{"alg":"ES256","typ":"chipproof-request+jwt","kid":"` + p.site.kid + `","alg":"ES256"}`)},
		{"N4 header that is no object", "header", rawHeader(`["ES256"]`)},
		{"N6 the attacker's key in the header", "header", attacker.signWith(attacker.header("jwk", attacker.jwk()), claims)},
		{"N6 the same under the good kid", "header", attacker.signWith(attacker.header("jwk", attacker.jwk(), "kid", p.site.kid), claims)},
		{"N8 x5c that is none", "header", header("x5c", []string{"none"})},
		{"N8 x5c", "header", header("x5c", []string{base64.StdEncoding.EncodeToString(random(100))})},
		{"N9 crit", "header", header("crit", []string{"exp"})},
		{"N10 empty crit", "header", header("crit", []string{})},
		{"N10 crit of b64", "header", header("crit", []string{"b64"}, "b64", true)},
		{"N11 b64 false", "header", header("b64", false, "crit", []string{"b64"})},
		{"N12 no kid", "key", header("kid", nil)},
		{"N12 empty kid", "key", header("kid", "")},
		{"N12 unknown kid", "key", header("kid", attacker.kid)},
		{"N13 another key under the kid", "signature", attacker.signWith(p.site.header(), claims)},
		{"N14 a byte of the header", "header", flipped(0)},
		{"N14 a byte of the payload", "signature", flipped(1)},
		{"N15 zero", "signature", with(make([]byte, 64))},
		{"N15 short", "signature", with(signature[:63])},
		{"N15 long", "signature", with(append(signature, 0))},
		{"N15 DER", "signature", with(der)},
		{"N16 spare bits", "form", parts[0] + "." + parts[1] + "." + spare},
		{"N18 line break before", "form", "\n" + good},
		{"N18 blank after", "form", good + " "},
		{"N18 line break inside", "form", parts[0] + ".\n" + parts[1] + "." + parts[2]},
		{"N19 flattened JSON", "form", mustJSON(map[string]string{"protected": parts[0], "payload": parts[1], "signature": parts[2]})},
		{"N19 two parts", "form", parts[0] + "." + parts[1]},
		{"N19 four parts", "form", good + "." + parts[2]},
		{"N19 five parts", "form", good + "." + parts[2] + "." + parts[2]},
		{"N19 dots", "form", strings.Repeat(".", 60000)},
		{"N20 padding", "form", parts[0] + "=." + parts[1] + "." + parts[2]},
		{"N20 over 8 KiB", "form", p.site.sign(p.site.claims("nonce", strings.Repeat("A", 9<<10)))},
		{"N21 null", "payload", rawPayload("null")},
		{"N22 array", "payload", rawPayload("[" + string(payload) + "]")},
		{"N22 string", "payload", rawPayload(`"` + b64(payload) + `"`)},
		{"N22 empty", "form", p.site.signBytes([]byte(mustJSON(p.site.header())), nil)},
		{"N22 blank", "payload", rawPayload(" ")},
		{"N22 two objects", "payload", rawPayload(string(payload) + string(payload))},
		{"N22 deep", "payload", rawPayload(strings.Repeat("[", 2000) + strings.Repeat("]", 2000))},
		{"N23 repeated claim", "payload", rawPayload(strings.Replace(string(payload), "{", `{"purpose":"chip_only",`, 1))},
		{"N24 claim in other case", "payload", rawPayload(strings.Replace(string(payload), `"audience"`, `"AUDIENCE"`, 1))},
	}
	for _, alg := range []string{"ES384", "ES512", "RS256", "PS256", "EdDSA", "ES256K"} {
		rows = append(rows, struct{ name, step, token string }{"N2 " + alg, "header", header("alg", alg)})
	}
	for _, member := range []string{"jwk", "jku", "x5u", "x5t", "x5t#S256", "zip", "cty", "nonce"} {
		rows = append(rows, struct{ name, step, token string }{"N7 " + member, "header", header(member, "https://evil.example")})
	}
	for _, row := range rows {
		p.refuses(t, row.name, row.step, row.token)
	}
	assert.Len(t, p.office.Entries(audit.KindRequestRefused), len(rows), "each is an entry")
	p.passes(t, claims)
}

func TestQ2ATokenOfAnotherTypeIsNoRequest(t *testing.T) {
	p := proving(t, setup{})
	claims := p.site.claims()
	for _, typ := range []any{
		nil, "JWT", "chipproof-Request+jwt", "application/chipproof-request+jwt", "chipproof+jwt", "chipproof-enrol+jwt", "at+jwt", 1, []string{"chipproof-request+jwt"},
	} {
		p.refuses(t, fmt.Sprint(typ), "header", p.site.signWith(p.site.header("typ", typ), claims))
	}
	proof := p.site.proves().proven(t).Proof
	p.refuses(t, "a proof", "header", proof)
	p.passes(t, claims)
}

func TestQ3OnlyAKeyThatIsRegisteredForTheOriginCounts(t *testing.T) {
	p := proving(t, setup{})
	neighbour := p.another(other)
	claims := p.site.claims()
	p.refuses(t, "a key of another listed origin", "key", neighbour.sign(claims))
	agent := &backend{d: p.desk, origin: site, key: p.keys.key, kid: thumbprintOf(t, p.keys.key)}
	p.refuses(t, "the agent's own key", "key", agent.sign(claims))

	former := *p.site
	p.site = p.newBackend(site)
	p.site.list()
	p.refuses(t, "a key that has left the set", "key", former.sign(claims))

	p.origins.revoke(other)
	neighbour.asks(neighbour.sign(neighbour.claims())).says(t, 403, "origin_refused", "a revoked origin")
	p.refuses(t, "the key of a revoked origin", "key", neighbour.sign(claims))

	p.site.list(func(o *Entry) { o.Keys = nil })
	p.refuses(t, "P2: an origin without keys", "key", p.site.sign(claims))
	p.site.list()
	p.passes(t, claims)
}

func TestQ4ToQ6APayloadHasTheRequiredClaimsAndNoOthers(t *testing.T) {
	p := proving(t, setup{})
	claims := p.site.claims()
	wrong := map[string]map[string]any{
		"an unknown member":               clone(claims, "x", 1),
		"an unknown member of claimed":    clone(claims, "claimed", map[string]string{"first_name": "ก", "nickname": "ข"}),
		"Q5 jti of 21":                    clone(claims, "jti", strings.Repeat("A", 21)),
		"Q5 jti of 23":                    clone(claims, "jti", strings.Repeat("A", 23)),
		"Q5 nonce of 42":                  clone(claims, "nonce", strings.Repeat("A", 42)),
		"Q5 nonce of 256":                 clone(claims, "nonce", strings.Repeat("A", 256)),
		"Q6 no fields":                    clone(claims, "fields", []string{}),
		"Q6 a field twice":                clone(claims, "fields", []string{"name", "name"}),
		"Q6 an unknown field":             clone(claims, "fields", []string{"name", "nickname"}),
		"Q6 card alone":                   clone(claims, "fields", []string{"card"}),
		"Q6 needs chip_read":              clone(claims, "needs", []string{"chip_read"}),
		"Q6 needs the unknown":            clone(claims, "needs", []string{"x"}),
		"Q6 evidence face":                clone(claims, "evidence", "face"),
		"Q6 typed without claimed":        clone(claims, "evidence", "typed"),
		"Q6 claimed empty":                clone(claims, "claimed", map[string]string{}),
		"Q6 a claimed value that is none": clone(claims, "claimed", map[string]string{"first_name": ""}),
		"Q6 issuer_check in words":        clone(claims, "issuer_check", "true"),
		"Q8 aud in an array":              clone(claims, "aud", []string{"chipproof"}),
		"Q5 state of 513":                 clone(claims, "state", strings.Repeat("x", 513), "return_url", p.site.back()),
	}
	for _, c := range "+/= ." {
		wrong["Q5 nonce with "+string(c)] = clone(claims, "nonce", strings.Repeat("A", 42)+string(c))
	}
	for _, name := range []string{"iss", "aud", "iat", "exp", "jti", "nonce", "audience", "purpose", "fields"} {
		without := maps.Clone(claims)
		delete(without, name)
		wrong["Q4 without "+name] = without
		wrong["Q4 null "+name] = clone(claims, name, nil)
		wrong["Q4 wrong type of "+name] = clone(claims, name, map[string]any{})
	}
	for _, name := range slices.Sorted(maps.Keys(wrong)) {
		p.refuses(t, name, "payload", p.site.signBytes([]byte(mustJSON(p.site.header())), []byte(mustJSON(wrong[name]))))
	}
	invalid := strings.Replace(mustJSON(claims), "chip_only", "chip\xffonly", 1)
	p.refuses(t, "Q4 invalid UTF-8", "payload", p.site.signBytes([]byte(mustJSON(p.site.header())), []byte(invalid)))
	p.passes(t, claims)
}

func TestQ7AndQ8ARequestSpeaksForTheOriginThatAsks(t *testing.T) {
	p := proving(t, setup{})
	neighbour := p.newBackend(other)
	neighbour.key, neighbour.kid = p.site.key, p.site.kid // another listed origin that has the same key
	neighbour.list()
	claims := p.site.claims()
	for _, iss := range []string{other, "https://unlisted.example", site + "/", site + ":443", "https://APP.example.go.th", "http://app.example.go.th", "x"} {
		p.refuses(t, "iss "+iss, "iss", p.site.sign(clone(claims, "iss", iss)))
	}
	a := neighbour.asks(p.site.sign(claims))
	a.says(t, 400, "request_refused", "fetched by another approved page")
	assert.Equal(t, "iss", a.problem(t).Detail)
	for _, aud := range []string{"Chipproof", site, agency, "chipproof "} {
		p.refuses(t, "aud "+aud, "aud", p.site.sign(clone(claims, "aud", aud)))
	}
	p.passes(t, claims)
}

func TestQ9ToQ12ARequestIsInTime(t *testing.T) {
	p := proving(t, setup{})
	claims := p.site.claims()
	now := p.office.Clock.Now().Unix()
	for name, c := range map[string]map[string]any{
		"exp at iat":           clone(claims, "exp", now),
		"exp before iat":       clone(claims, "exp", now-1),
		"121 s":                clone(claims, "exp", now+121),
		"Q12 overlong and old": clone(claims, "iat", now-10000, "exp", now-9000),
	} {
		p.refuses(t, name, "times", p.site.sign(c))
	}
	for name, c := range map[string]map[string]any{
		"milliseconds": clone(claims, "iat", now*1000, "exp", now*1000+120),
		"float":        clone(claims, "iat", float64(now)+0.5),
		"text":         clone(claims, "iat", fmt.Sprint(now)),
		"negative":     clone(claims, "iat", -now, "exp", -now+120),
		"huge":         clone(claims, "exp", 1<<62),
	} {
		p.refuses(t, name, "payload", p.site.sign(c))
	}
	at := func(offset int64, change ...any) answer {
		p.counter.insertions.again(site)
		return p.site.proves(append([]any{"iat", now + offset, "exp", now + offset + 120}, change...)...)
	}
	assert.Equal(t, 200, at(60).status, "Q10")
	for offset, seconds := range map[int64]int64{61: 61, 86400: 86400} {
		a := at(offset)
		a.says(t, 422, "clock_wrong", "Q10")
		assert.Equal(t, seconds, a.problem(t).Seconds)
	}
	assert.Equal(t, 200, at(-179).status, "Q11: one second before exp + 60 s")
	for offset, age := range map[int64]int64{-180: 180, -3600: 3600} {
		a := at(offset)
		a.says(t, 400, "request_expired", "Q11")
		assert.Equal(t, age, a.problem(t).Seconds)
	}
	at(-3600, "audience", other).says(t, 400, "request_expired", "Q12: also for another audience")
	p.passes(t, claims)
}

func TestQ13TheAudienceIsTheRegisteredOne(t *testing.T) {
	p := proving(t, setup{})
	claims := p.site.claims()
	for _, audience := range []string{"", other, site + "/", strings.ToUpper(site), "our-app"} {
		p.refuses(t, audience, "audience", p.site.sign(clone(claims, "audience", audience)))
	}
	p.passes(t, claims)
	p.site.list(func(o *Entry) { o.Audience = "our-app" })
	p.refuses(t, "the origin, where another is registered", "audience", p.site.sign(p.site.claims()))
	p.passes(t, p.site.claims("audience", "our-app"))
}

func TestQ15AndQ16ThePurposeAndTheFieldsAreGranted(t *testing.T) {
	p := proving(t, setup{})
	claims := p.site.claims()
	before := p.card.Exchanges()
	for purpose, row := range map[string]struct {
		status int
		code   string
	}{
		"shopping":  {422, "purpose_unknown"},
		"form_fill": {403, "purpose_refused"}, "compat": {403, "purpose_refused"},
		guestsOnly: {403, "purpose_refused"},
	} {
		a := p.site.asks(p.site.sign(clone(claims, "purpose", purpose)))
		a.says(t, row.status, row.code, purpose)
		assert.Equal(t, "purpose", a.problem(t).Field)
	}
	p.site.list(func(o *Entry) { o.Purposes = []string{"form_fill", "identity_proofing"} })
	p.site.asks(p.site.sign(claims)).says(t, 403, "purpose_refused", "one that this origin may not have")

	p.site.list(func(o *Entry) { o.Fields = []string{"citizen_id", "name"} })
	a := p.site.asks(p.site.sign(clone(claims, "fields", []string{"name", "sex"})))
	a.says(t, 403, "field_refused", "granted to the purpose but not to the origin")
	assert.Equal(t, "sex", a.problem(t).Field)
	p.site.list()
	a = p.site.asks(p.site.sign(clone(claims, "purpose", seenByTwo, "fields", []string{"name", "address"})))
	a.says(t, 403, "field_refused", "the other way round")
	assert.Equal(t, "address", a.problem(t).Field)
	assert.Equal(t, before, p.card.Exchanges())

	guest := p.another("https://guest.example.go.th")
	assert.Equal(t, 200, guest.proves("purpose", guestsOnly, "fields", []string{"citizen_id"}).status, "those whom the policy names")
	p.passes(t, claims)
}

// Whether a claim differs tells something of what the chip says, so it counts as a
// field that is asked for.
func TestQ16AClaimIsComparedOnlyWithAFieldThatWasGranted(t *testing.T) {
	p := proving(t, setup{})
	p.site.list(func(o *Entry) { o.Fields = []string{"citizen_id", "name"} })
	claims := p.site.claims("fields", []string{"citizen_id"})
	before := p.card.Exchanges()
	for name, field := range map[string]string{"birth_date": "birth_date", "address": "address", "laser_code": "laser_code"} {
		a := p.site.asks(p.site.sign(clone(claims, "claimed", map[string]any{"citizen_id": "1101700230708", name: "1"})))
		a.says(t, 403, "field_refused", name)
		assert.Equal(t, field, a.problem(t).Field)
	}
	assert.Equal(t, before, p.card.Exchanges(), "nothing was read")
	a := p.site.proves("purpose", "chip_only", "fields", []string{"citizen_id"}, "claimed", map[string]any{"first_name": "สมชาย"})
	require.Equal(t, 200, a.status, "the name was granted")
	entry := p.office.Entries(audit.KindProofing)
	assert.Equal(t, "citizen_id", entry[0].Attributes["fields"])
	assert.Equal(t, "name", entry[0].Attributes["compared"], "the log tells both apart")
}

func TestQ22APageCanAddNothing(t *testing.T) {
	p := proving(t, setup{})
	token := p.site.sign(p.site.claims())
	before := p.card.Exchanges()
	for _, body := range []string{
		`{"request":"` + token + `","purpose":"chip_only"}`, `{"request":"` + token + `","fields":["name"]}`, `{"request":"` + token + `","fields":[]}`,
		`{"request":"` + token + `","nonce":"x"}`, `{"request":"` + token + `","audience":"x"}`, `{"request":"` + token + `","needs":[]}`,
		`{"request":"` + token + `","claimed":{"first_name":"x"}}`, `{"request":"` + token + `","return_url":"x"}`,
		`{"request":"` + token + `","request":"` + token + `"}`, `{"Request":"` + token + `"}`, `{"request":["` + token + `"]}`, `{"request":null}`, `{"request":""}`,
		`{"purpose":"chip_only","fields":["name"]}`, `{"purpose":"identity_proofing","fields":["name"],"reader":"x"}`, `{}`, `null`, ``, `[]`,
		`{"request":"` + token + `"}{}`, `{"reader":"x"}`,
	} {
		p.raw(post("/v1/proofings", body, fromSite)).says(t, 400, "body_invalid", body)
	}
	assert.Equal(t, before, p.card.Exchanges())
	p.raw(post("/v1/proofings", strings.Repeat("x", 65<<10), fromSite)).says(t, 413, "body_too_large", "S5")
	assert.Equal(t, 200, p.site.asks(token).status, "and none of it has burnt anything")
}

func TestP2WithoutKeysThereIsNoProof(t *testing.T) {
	p := proving(t, setup{})
	p.origins.grant(other, DefaultGrant())
	keyless := p.newBackend(other)
	keyless.asks(keyless.sign(keyless.claims())).says(t, 400, "request_refused", "")
	p.raw(post("/v1/proofings", `{"purpose":"identity_proofing","fields":["name"]}`, "Origin: "+other)).says(t, 400, "body_invalid", "that form is the console's own")
	p.raw(post("/v1/proofings", signedBody(p.site.sign(p.site.claims())))).says(t, 403, "origin_refused", "A1: nobody at all")
	require.NoError(t, p.office.MFA.DisableUser(t.Context(), mfa.ByOS("0"), "malee"))
	p.site.proves().says(t, 403, "mfa_required", "A2: nobody at the desk")
}
