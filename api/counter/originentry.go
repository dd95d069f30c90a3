package counter

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"chipproof/api"
	"chipproof/proofing"
	"chipproof/proofing/proof"
	"chipproof/proofing/thaiid"
)

// Why an entry for an origin is refused, besides [api.ErrOriginInvalid],
// [thaiid.ErrFieldUnknown], [ErrPurposeUnknown] and [proof.ErrKeysInvalid]. Each error
// says what would be right.
var (
	// ErrReturnURLInvalid: an address that is not whole, or not of that origin.
	ErrReturnURLInvalid = errors.New("return url invalid")
	// ErrAudienceInvalid: an audience that is too long or not printable.
	ErrAudienceInvalid = errors.New("audience invalid")
	// ErrAskInvalid: neither always nor never.
	ErrAskInvalid = errors.New("ask invalid")
)

// OriginEntry is an origin as an administrator writes it down. What is empty
// takes its default (agent-security §6.7).
type OriginEntry struct {
	// Origin is exactly what browsers send.
	Origin string
	// Audience: the origin itself.
	Audience string
	// Fields: every field but laser_code and nhso.
	Fields []string
	// Purposes: form_fill, and identity_proofing where there are keys. compat is
	// in no default.
	Purposes []string
	// ReturnURLs are whole addresses of that origin, for the page road.
	ReturnURLs []string
	// Keys is the file of its JWK set.
	Keys []byte
	// Ask: never.
	Ask proofing.Ask
	// PlainHTTP is the word without which no http origin is taken.
	PlainHTTP bool
}

// NewOrigin checks an entry and fills in what it left out. The error holds
// everything that is wrong with it, and nothing of it must be stored then
// (agent-security §5, O12). Whether the rules allow http://localhost is theirs,
// and which purposes there are is the policy's.
func NewOrigin(e OriginEntry, rules api.OriginRules, policy proofing.Policy) (proofing.Origin, error) {
	rules.PlainHTTP = e.PlainHTTP
	_, err := api.ParseOrigin(e.Origin, rules)
	problems := []error{err}
	o := proofing.Origin{Origin: e.Origin, Audience: e.Audience, Ask: e.Ask, PlainHTTP: e.PlainHTTP}
	if len(e.Keys) > 0 {
		keys, err := proof.ParseKeys(e.Keys)
		if problems = append(problems, err); err == nil {
			o.Keys = keys.JSON()
		}
	}
	if o.Audience == "" {
		o.Audience = o.Origin
	}
	if o.Ask == "" {
		o.Ask = proofing.AskNever
	}
	var fields, purposes, returns error
	o.Fields, fields = parseFields(e.Fields)
	o.Purposes, purposes = parsePurposes(e.Purposes, Purposes(policy), len(o.Keys) > 0)
	o.ReturnURLs, returns = parseReturnURLs(e.ReturnURLs, e.Origin)
	problems = append(problems, fields, purposes, returns, checkAudience(o.Audience), checkAsk(o.Ask))
	if err := errors.Join(problems...); err != nil {
		return proofing.Origin{}, err
	}
	return o, nil
}

func parseFields(names []string) ([]string, error) {
	if len(names) == 0 {
		return DefaultGrant().Fields, nil
	}
	fields, err := thaiid.ParseFields(names)
	if err != nil {
		return nil, &api.FieldError{Field: "fields", Err: err}
	}
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = string(f)
	}
	return list, nil
}

func parsePurposes(names, known []string, keys bool) ([]string, error) {
	if len(names) == 0 {
		if keys {
			return []string{proofing.FormFill, proofing.IdentityProofing}, nil
		}
		return []string{proofing.FormFill}, nil
	}
	for i, name := range names {
		if !slices.Contains(known, name) || slices.Contains(names[:i], name) {
			return nil, &api.FieldError{Field: "purposes", Err: fmt.Errorf("%w: %.64q; there are %s", ErrPurposeUnknown, name, strings.Join(known, ", "))}
		}
	}
	return slices.Clone(names), nil
}

// maxReturnURLs and maxURL bound what is stored and compared.
const (
	maxReturnURLs = 16
	maxURL        = 2048
)

// parseReturnURLs wants whole addresses of that very origin, so that a proof
// goes to nobody but the name on the clerk's screen (agent-security §6.8). They
// are compared byte for byte later, so they hold nothing that a browser would
// change.
func parseReturnURLs(list []string, origin string) ([]string, error) {
	wrong := func(s, why string) error {
		return &api.FieldError{Field: "return_urls", Err: fmt.Errorf("%w: %.200q: %s", ErrReturnURLInvalid, s, why)}
	}
	if len(list) > maxReturnURLs {
		return nil, wrong("", fmt.Sprintf("%d are the most", maxReturnURLs))
	}
	for i, s := range list {
		path, ok := strings.CutPrefix(s, origin)
		switch {
		case !ok || !strings.HasPrefix(path, "/"):
			return nil, wrong(s, "write a whole address that begins with "+origin+"/")
		case len(s) > maxURL || strings.ContainsFunc(s, notInURL):
			return nil, wrong(s, "only printable ASCII without blanks, quotes and backslashes, 2048 characters at most; percent-encode the rest")
		case strings.ContainsAny(path, "#"):
			return nil, wrong(s, "no fragment: it would not be sent")
		case hasDots(path):
			return nil, wrong(s, "no . or .. as a part of the path: browsers resolve them")
		case slices.Contains(list[:i], s):
			return nil, wrong(s, "it stands there twice")
		}
	}
	return slices.Clone(list), nil
}

func notInURL(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("\"<>\\^`{|}", r) }

func hasDots(path string) bool {
	path, _, _ = strings.Cut(path, "?")
	for part := range strings.SplitSeq(path, "/") {
		if dots := strings.ReplaceAll(strings.ToLower(part), "%2e", "."); dots == "." || dots == ".." {
			return true
		}
	}
	return false
}

// maxAudience is the longest aud that is made, in bytes.
const maxAudience = 255

func checkAudience(s string) error {
	if len(s) > maxAudience || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return &api.FieldError{Field: "audience", Err: fmt.Errorf("%w: 1 to %d printable ASCII characters, no blanks", ErrAudienceInvalid, maxAudience)}
	}
	return nil
}

func checkAsk(a proofing.Ask) error {
	if a != proofing.AskAlways && a != proofing.AskNever {
		return &api.FieldError{Field: "ask", Err: fmt.Errorf("%w: write always or never", ErrAskInvalid)}
	}
	return nil
}
