package proof

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Vectors that are not ours: RFC 7515, appendix A, and RFC 7520, section 4.
const (
	joe     = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
	a1Head  = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
	a1Sig   = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	a1Key   = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
	a2Head  = "eyJhbGciOiJSUzI1NiJ9"
	a2Sig   = "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"
	a2Key   = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
	a3Head  = "eyJhbGciOiJFUzI1NiJ9"
	a3Sig   = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
	a3X     = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
	a3Y     = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
	a4Token = "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn"
	a4X     = "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk"
	a4Y     = "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"
	a5Token = "eyJhbGciOiJub25lIn0." + joe + "."

	frodo  = "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4"
	s1Head = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9"
	s1Sig  = "MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7PNDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9eRo4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg"
	bilboN = "n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw"
	s2Head = "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9"
	s2Sig  = "cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw"
	s3Head = "eyJhbGciOiJFUzUxMiIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9"
	s3Sig  = "AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPBu_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2"
	bilboX = "AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt"
	bilboY = "AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1"
	s4Head = "eyJhbGciOiJIUzI1NiIsImtpZCI6IjAxOGMwYWU1LTRkOWItNDcxYi1iZmQ2LWVlZjMxNGJjNzAzNyJ9"
	s4Sig  = "s0h6KThzkfBBBkLspW1h84VsJZFTsPPqMDA7g1Md7p0"
	s4Key  = "hJtXIZ2uSN5kbQfbtTNWbpdmhkV8FJG-Onbc6mxCcYg"
	s6Head = "eyJhbGciOiJIUzI1NiJ9"
	s6Sig  = "bWUSVaxorn7bEF1djytBd0kHv70Ly5pvbomzMWSOr20"
	s7Sig  = "xuLifqLGiblpv9zBpuZczWhNj1gARaLV3UxvxhJxZuk"
	s8RSA  = "MIsjqtVlOpa71KE-Mss8_Nq2YH4FGhiocsqrgi5NvyG53uoimic1tcMdSg-qptrzZc7CG6Svw2Y13TDIqHzTUrL_lR2ZFcryNFiHkSw129EghGpwkpxaTn_THJTCglNbADko1MZBCdwzJxwqZc-1RlpO2HibUYyXSwO97BSe0_evZKdjvvKSgsIqjytKSeAMbhMBdMma622_BG5t4sdbuCHtFjp9iJmkio47AIwqkZV1aIZsv33uPUqBBCXbYoQJwt7mxPftHmNlGoOSMxR_3thmXTCm4US-xiNOyhbm8afKK64jU6_TPtQHiJeQJxz9G3Tx-083B745_AfYOnlC9w"
	s8EC   = "ARcVLnaJJaUWG8fG-8t5BREVAuTY8n8YHjwDO1muhcdCoFZFFjfISu0Cdkn9Ybdlmi54ho0x924DUz8sK7ZXkhc7AFM8ObLfTvNCrqcI3Jkl2U5IX3utNhODH6v7xgy1Qahsn0fyb4zSAkje8bAWz4vIfj5pCMYxxm4fgV3q7ZYhm5eD"
)

func decoded(t testing.TB, text string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(text)
	require.NoError(t, err)
	return b
}

func TestRFC7515A3PassesTheSignatureStepAlone(t *testing.T) {
	key, err := pointOf(a3X, a3Y)
	require.NoError(t, err)
	token := a3Head + "." + joe + "." + a3Sig
	assert.NoError(t, checkSignature(token, key))
	assert.Error(t, checkSignature(a3Head+"."+joe+"."+a3Sig[:84]+"AA", key), "and not with another signature")
	_, err = split(token, maxProof)
	assert.NoError(t, err)

	kid, err := Thumbprint(key)
	require.NoError(t, err)
	keys, err := NewKeySet(key)
	require.NoError(t, err)
	_, err = Verify(token, Options{Issuers: []Issuer{{Name: "joe", Keys: keys}}, Audience: "joe", Origin: "joe", Purpose: "joe", Now: at(1300819379)})
	assert.ErrorIs(t, err, ErrHeader, "it names no typ, and not the key %s", kid)
}

// The vectors are what the standards say they are: a second implementation
// verifies those that it can.
func TestTheVectorsAreWhatTheySay(t *testing.T) {
	p521 := func(x, y string) *ecdsa.PublicKey {
		key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P521(), slices.Concat([]byte{4}, decoded(t, x), decoded(t, y)))
		require.NoError(t, err)
		return key
	}
	rsaKey := func(n string) *rsa.PublicKey {
		return &rsa.PublicKey{N: new(big.Int).SetBytes(decoded(t, n)), E: 65537}
	}
	for name, row := range map[string]struct {
		alg, signed, signature string
		key                    any
	}{
		"RFC 7515 A.1":          {"HS256", a1Head + "." + joe, a1Sig, decoded(t, a1Key)},
		"RFC 7515 A.2":          {"RS256", a2Head + "." + joe, a2Sig, rsaKey(a2Key)},
		"RFC 7515 A.4":          {"ES512", a4Token[:strings.LastIndex(a4Token, ".")], a4Token[strings.LastIndex(a4Token, ".")+1:], p521(a4X, a4Y)},
		"RFC 7520 4.1":          {"RS256", s1Head + "." + frodo, s1Sig, rsaKey(bilboN)},
		"RFC 7520 4.2":          {"PS384", s2Head + "." + frodo, s2Sig, rsaKey(bilboN)},
		"RFC 7520 4.3":          {"ES512", s3Head + "." + frodo, s3Sig, p521(bilboX, bilboY)},
		"RFC 7520 4.4 and 4.5":  {"HS256", s4Head + "." + frodo, s4Sig, decoded(t, s4Key)},
		"RFC 7520 4.6":          {"HS256", s6Head + "." + frodo, s6Sig, decoded(t, s4Key)},
		"RFC 7520 4.7":          {"HS256", "." + frodo, s7Sig, decoded(t, s4Key)},
		"RFC 7520 4.8, the RSA": {"RS256", a2Head + "." + frodo, s8RSA, rsaKey(bilboN)},
		"RFC 7520 4.8, the EC":  {"ES512", "." + frodo, s8EC, p521(bilboX, bilboY)},
	} {
		t.Run(name, func(t *testing.T) {
			assert.NoError(t, jwt.GetSigningMethod(row.alg).Verify(row.signed, decoded(t, row.signature), row.key))
		})
	}
}

func TestVectorsOfOtherAlgorithmsAndFormsAreRefused(t *testing.T) {
	member := func(protected, header, signature string) string {
		var members []string
		for name, value := range map[string]string{"protected": protected, "signature": signature} {
			if value != "" {
				members = append(members, `"`+name+`":"`+value+`"`)
			}
		}
		if header != "" {
			members = append(members, `"header":`+header)
		}
		return strings.Join(members, ",")
	}
	flat := func(payload, rest string) string { return `{"payload":"` + payload + `",` + rest + `}` }
	general := func(payload string, each ...string) string {
		return `{"payload":"` + payload + `","signatures":[{` + strings.Join(each, "},{") + `}]}`
	}
	const (
		joeKID   = `{"kid":"e9bc097a-ce51-4036-9562-d2ade882db0d"}`
		bilboKID = `{"kid":"bilbo.baggins@hobbiton.example"}`
		macKID   = `{"kid":"018c0ae5-4d9b-471b-bfd6-eef314bc7037"}`
	)
	vectors := map[string]struct {
		token string
		step  int
	}{
		"RFC 7515 A.1 HS256":          {a1Head + "." + joe + "." + a1Sig, 2},
		"RFC 7515 A.2 RS256":          {a2Head + "." + joe + "." + a2Sig, 2},
		"RFC 7515 A.4 ES512":          {a4Token, 2},
		"RFC 7515 A.5 none":           {a5Token, 1},
		"RFC 7515 A.6 general":        {general(joe, member(a2Head, `{"kid":"2010-12-29"}`, a2Sig), member(a3Head, joeKID, a3Sig)), 1},
		"RFC 7515 A.7 flattened":      {flat(joe, member(a3Head, joeKID, a3Sig)), 1},
		"RFC 7520 4.1 compact":        {s1Head + "." + frodo + "." + s1Sig, 2},
		"RFC 7520 4.1 general":        {general(frodo, member(s1Head, "", s1Sig)), 1},
		"RFC 7520 4.1 flattened":      {flat(frodo, member(s1Head, "", s1Sig)), 1},
		"RFC 7520 4.2 compact":        {s2Head + "." + frodo + "." + s2Sig, 2},
		"RFC 7520 4.2 general":        {general(frodo, member(s2Head, "", s2Sig)), 1},
		"RFC 7520 4.2 flattened":      {flat(frodo, member(s2Head, "", s2Sig)), 1},
		"RFC 7520 4.3 compact":        {s3Head + "." + frodo + "." + s3Sig, 2},
		"RFC 7520 4.3 general":        {general(frodo, member(s3Head, "", s3Sig)), 1},
		"RFC 7520 4.3 flattened":      {flat(frodo, member(s3Head, "", s3Sig)), 1},
		"RFC 7520 4.4 compact":        {s4Head + "." + frodo + "." + s4Sig, 2},
		"RFC 7520 4.4 general":        {general(frodo, member(s4Head, "", s4Sig)), 1},
		"RFC 7520 4.4 flattened":      {flat(frodo, member(s4Head, "", s4Sig)), 1},
		"RFC 7520 4.5 detached":       {s4Head + ".." + s4Sig, 1},
		"RFC 7520 4.5 detached, flat": {`{` + member(s4Head, "", s4Sig) + `}`, 1},
		"RFC 7520 4.6 general":        {general(frodo, member(s6Head, macKID, s6Sig)), 1},
		"RFC 7520 4.6 flattened":      {flat(frodo, member(s6Head, macKID, s6Sig)), 1},
		"RFC 7520 4.7 general":        {general(frodo, member("", `{"alg":"HS256",`+macKID[1:], s7Sig)), 1},
		"RFC 7520 4.7 flattened":      {flat(frodo, member("", `{"alg":"HS256",`+macKID[1:], s7Sig)), 1},
		"RFC 7520 4.8 three of them":  {general(frodo, member(a2Head, bilboKID, s8RSA), member("", `{"alg":"ES512",`+bilboKID[1:], s8EC), member(s4Head, "", s4Sig)), 1},
	}
	for side, s := range map[string]scene{"proof": proofScene(t), "request": requestScene(t)} {
		for name, row := range vectors {
			t.Run(side+" "+name, func(t *testing.T) { assert.Equal(t, row.step, s.step(t, row.token)) })
		}
	}
}
