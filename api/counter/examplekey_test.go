package counter

import "encoding/json"

// The public example key of RFC 7517, A.1, whose private half is published too.
const (
	exampleX   = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
	exampleY   = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
	exampleKID = "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"
)

// exampleKey is that key as a set's member, with members changed; an empty value
// leaves one out.
func exampleKey(change ...string) map[string]any {
	key := map[string]any{"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": exampleKID, "x": exampleX, "y": exampleY}
	for i := 0; i < len(change); i += 2 {
		key[change[i]] = change[i+1]
		if change[i+1] == "" {
			delete(key, change[i])
		}
	}
	return key
}

func setOf(keys ...map[string]any) string {
	b, _ := json.Marshal(map[string]any{"keys": keys})
	return string(b)
}

func mustJSON(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}
