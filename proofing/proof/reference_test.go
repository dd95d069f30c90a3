package proof

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A plain reference check of tokens, by the standard library alone, for the fuzz
// targets: slow, and sharing no line with the verifiers.

var (
	integer   = regexp.MustCompile(`^[1-9][0-9]{0,10}$`)
	idForm    = regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`)
	nonceForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43,255}$`)
	stateForm = regexp.MustCompile(`^[ -~]{1,512}$`)
	stampForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00$`)
)

// referenceOpen gives the payload of a token that is well formed and signed by a
// key.
func referenceOpen(token, typ string, limit int, key *ecdsa.PublicKey, kid string) (map[string]any, error) {
	texts := strings.Split(token, ".")
	if len(token) > limit || len(texts) != 3 {
		return nil, errors.New("form")
	}
	var parts [3][]byte
	for i, text := range texts {
		part, err := base64.RawURLEncoding.Strict().DecodeString(text)
		if err != nil || len(part) == 0 || strings.ContainsAny(text, "\r\n") {
			return nil, errors.New("form")
		}
		parts[i] = part
	}
	header, err := referenceObject(parts[0])
	if err != nil || !maps.EqualFunc(header, map[string]any{"alg": "ES256", "typ": typ, "kid": kid}, func(a, b any) bool { return a == b }) {
		return nil, errors.New("header")
	}
	sum := sha256.Sum256([]byte(texts[0] + "." + texts[1]))
	r, s := new(big.Int), new(big.Int)
	if len(parts[2]) != 64 || !ecdsa.Verify(key, sum[:], r.SetBytes(parts[2][:32]), s.SetBytes(parts[2][32:])) {
		return nil, errors.New("signature")
	}
	return referenceObject(parts[1])
}

// referenceObject reads one JSON object without repeated names and without null.
func referenceObject(text []byte) (map[string]any, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("not UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	value, err := referenceValue(decoder)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something behind it")
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New("no object")
	}
	return object, nil
}

func referenceValue(decoder *json.Decoder) (any, error) {
	token, err := decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case nil:
		return nil, errors.New("null")
	case json.Delim('{'):
		object := map[string]any{}
		for decoder.More() {
			name, err := decoder.Token()
			if err != nil {
				return nil, err
			}
			value, err := referenceValue(decoder)
			if err != nil {
				return nil, err
			}
			if _, twice := object[name.(string)]; twice {
				return nil, errors.New("twice")
			}
			object[name.(string)] = value
		}
		_, err := decoder.Token()
		return object, err
	case json.Delim('['):
		list := []any{}
		for decoder.More() {
			value, err := referenceValue(decoder)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err := decoder.Token()
		return list, err
	}
	return token, nil
}

// texts and numbers read members of an object, and fail for any other type.

func text(object map[string]any, name string) (string, error) {
	value, ok := object[name].(string)
	if !ok {
		return "", fmt.Errorf("%s is no text", name)
	}
	return value, nil
}

func seconds64(object map[string]any, name string) (int64, error) {
	number, ok := object[name].(json.Number)
	if !ok || !integer.MatchString(string(number)) {
		return 0, fmt.Errorf("%s is no time in seconds", name)
	}
	return strconv.ParseInt(string(number), 10, 64)
}

func texts(value any, known []string, least int) error {
	list, ok := value.([]any)
	if !ok || len(list) < least {
		return errors.New("no list")
	}
	seen := map[any]bool{}
	for _, element := range list {
		name, ok := element.(string)
		if !ok || seen[name] || known != nil && !slices.Contains(known, name) {
			return errors.New("no list of different names")
		}
		seen[name] = true
	}
	return nil
}

// referenceRequest says whether a request of the scene's site may pass at a time.
func referenceRequest(claims map[string]any, now int64) error {
	known := []string{
		"iss", "aud", "iat", "exp", "jti", "nonce", "audience", "purpose", "fields",
		"needs", "evidence", "claimed", "issuer_check", "return_url", "state",
	}
	for name := range claims {
		if !slices.Contains(known, name) {
			return errors.New("unknown")
		}
	}
	for name, must := range map[string]*regexp.Regexp{
		"iss": regexp.MustCompile("^" + regexp.QuoteMeta(site) + "$"), "aud": regexp.MustCompile("^chipproof$"), "jti": idForm, "nonce": nonceForm,
		"audience": nil, "purpose": nil,
	} {
		value, err := text(claims, name)
		if err != nil || must != nil && !must.MatchString(value) || strings.HasSuffix(value, "\n") && must != nil {
			return errors.New(name)
		}
	}
	iat, err := seconds64(claims, "iat")
	if err != nil {
		return err
	}
	exp, err := seconds64(claims, "exp")
	if err != nil || exp-iat < 1 || exp-iat > 120 || iat > now+60 || now >= exp+60 {
		return errors.New("times")
	}
	fieldNames := []string{"citizen_id", "name", "birth_date", "sex", "address", "card", "photo", "laser_code", "nhso"}
	if err := texts(claims["fields"], fieldNames, 1); err != nil {
		return err
	}
	about := 0
	for _, field := range claims["fields"].([]any) {
		if slices.Contains(fieldNames[:5], field.(string)) {
			about++
		}
	}
	if about == 0 {
		return errors.New("nothing about the person")
	}
	return referenceOptional(claims)
}

func referenceOptional(claims map[string]any) error {
	if needs, there := claims["needs"]; there {
		if err := texts(needs, []string{"face_visual", "card_inspected"}, 0); err != nil {
			return err
		}
	}
	if evidence, there := claims["evidence"]; there {
		if evidence != "chip" && evidence != "typed" || evidence == "typed" && claims["claimed"] == nil {
			return errors.New("evidence")
		}
	}
	if value, there := claims["claimed"]; there {
		claimed, ok := value.(map[string]any)
		if !ok || len(claimed) == 0 {
			return errors.New("claimed")
		}
		names := []string{"citizen_id", "title", "first_name", "middle_name", "last_name", "birth_date", "laser_code", "address"}
		for name := range claimed {
			value, err := text(claimed, name)
			if n := len([]rune(value)); err != nil || n < 1 || n > 200 || !slices.Contains(names, name) {
				return errors.New("claimed")
			}
		}
	}
	if check, there := claims["issuer_check"]; there && check != true && check != false {
		return errors.New("issuer_check")
	}
	if url, there := claims["return_url"]; there {
		if value, ok := url.(string); !ok || value == "" {
			return errors.New("return_url")
		}
	}
	if state, there := claims["state"]; there {
		if value, ok := state.(string); !ok || !stateForm.MatchString(value) {
			return errors.New("state")
		}
	}
	return nil
}

// referenceProof says whether a proof for the scene's relying party may pass at a
// time. Of what is deeper than a claim it looks at what a decision hangs on.
func referenceProof(claims map[string]any, now int64) error {
	for name, must := range map[string]string{
		"iss": testIssuer, "aud": site, "origin": site, "purpose": purpose, "mode": "test", "nonce": "", "jti": "", "txn": "", decision: "",
	} {
		value, err := text(claims, name)
		if err != nil || must != "" && value != must {
			return errors.New(name)
		}
	}
	if !idForm.MatchString(claims["jti"].(string)) || !nonceForm.MatchString(claims["nonce"].(string)) || claims["txn"] == "" {
		return errors.New("names")
	}
	iat, err := seconds64(claims, "iat")
	if err != nil {
		return err
	}
	exp, err := seconds64(claims, "exp")
	if err != nil {
		return err
	}
	nbf, err := seconds64(claims, "nbf")
	if err != nil || nbf != iat || exp-iat < 1 || exp-iat > 300 || iat > now+60 || now >= exp {
		return errors.New("times")
	}
	agent, _ := claims["agent"].(map[string]any)
	for _, name := range []string{"id", "version", "build", "key_storage"} {
		if value, err := text(agent, name); err != nil || value == "" {
			return errors.New("agent")
		}
	}
	operator, _ := claims["operator"].(map[string]any)
	if id, err := text(operator, "id"); err != nil || id == "" {
		return errors.New("operator")
	}
	if _, err := seconds64(operator, "auth_time"); err != nil {
		return err
	}
	if amr, ok := operator["amr"].([]any); !ok || len(amr) == 0 {
		return errors.New("amr")
	}
	if err := referenceAssurance(claims["urn:chipproof:claim:assurance"]); err != nil {
		return err
	}
	if verified, there := claims["verified_claims"]; there {
		if _, ok := verified.(map[string]any); !ok || claims[decision] != "accepted" {
			return errors.New("verified_claims")
		}
	}
	return referenceFacts(claims["urn:chipproof:claim:facts"])
}

func referenceAssurance(value any) error {
	list, ok := value.([]any)
	if !ok {
		return errors.New("assurance")
	}
	for _, element := range list {
		row, _ := element.(map[string]any)
		scheme, _ := row["scheme"].(string)
		version, _ := row["rules_version"].(string)
		_, marked := row["unconfirmed"].(bool)
		if scheme == "" || version == "" || !marked {
			return errors.New("a row of assurance")
		}
		for _, name := range []string{"met", "unmet", "next_step"} {
			if _, there := row[name].([]any); !there {
				return errors.New(name)
			}
		}
	}
	return nil
}

func referenceFacts(value any) error {
	list, ok := value.([]any)
	if !ok || len(list) == 0 {
		return errors.New("facts")
	}
	kinds := map[string]bool{}
	for _, element := range list {
		fact, ok := element.(map[string]any)
		if !ok {
			return errors.New("fact")
		}
		kind, err := text(fact, "kind")
		if err != nil || kind == "" || kinds[kind] {
			return errors.New("kind")
		}
		kinds[kind] = true
		switch fact["outcome"] {
		case "not_done":
		case "passed", "failed", "indeterminate":
			at, _ := fact["at"].(string)
			by, _ := fact["by"].(string)
			how, _ := fact["how"].(string)
			if !stampForm.MatchString(at) || by == "" || how == "" {
				return errors.New("a fact that was tried")
			}
		default:
			return errors.New("outcome")
		}
	}
	return nil
}
