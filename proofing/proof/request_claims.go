package proof

import (
	"errors"
	"slices"
)

// requestClaims is the payload of a request. Pointers tell what is missing from
// what is empty.
type requestClaims struct {
	Issuer      *string           `json:"iss"`
	For         *string           `json:"aud"`
	IssuedAt    *int64            `json:"iat"`
	ExpiresAt   *int64            `json:"exp"`
	ID          *string           `json:"jti"`
	Nonce       *string           `json:"nonce"`
	Audience    *string           `json:"audience"`
	Purpose     *string           `json:"purpose"`
	Fields      []string          `json:"fields"`
	Needs       []string          `json:"needs,omitempty"`
	Evidence    *Evidence         `json:"evidence,omitzero"`
	Claimed     map[string]string `json:"claimed,omitempty"`
	IssuerCheck *bool             `json:"issuer_check,omitzero"`
	ReturnURL   *string           `json:"return_url,omitzero"`
	State       *string           `json:"state,omitzero"`
}

// claimsOf is a request as its payload; optional members only where they say
// something.
func claimsOf(r Request) requestClaims {
	c := requestClaims{
		Issuer: &r.Issuer, For: new(requestAudience), IssuedAt: &r.IssuedAt, ExpiresAt: &r.ExpiresAt, ID: &r.ID, Nonce: &r.Nonce,
		Audience: &r.Audience, Purpose: &r.Purpose, Fields: r.Fields, Needs: r.Needs, Claimed: r.Claimed.values(),
	}
	if r.Evidence != "" {
		c.Evidence = &r.Evidence
	}
	if r.IssuerCheck {
		c.IssuerCheck = &r.IssuerCheck
	}
	if r.ReturnURL != "" {
		c.ReturnURL = &r.ReturnURL
	}
	if r.State != "" {
		c.State = &r.State
	}
	return c
}

// check is step 4 of proof §11 behind the decoder: required claims, lengths,
// alphabets, names. What iss, aud and audience must be is for later steps.
func (c requestClaims) check() error {
	for _, required := range []struct {
		name    string
		missing bool
	}{
		{"iss", c.Issuer == nil},
		{"aud", c.For == nil},
		{"iat", c.IssuedAt == nil},
		{"exp", c.ExpiresAt == nil},
		{"jti", c.ID == nil},
		{"nonce", c.Nonce == nil},
		{"audience", c.Audience == nil},
		{"purpose", c.Purpose == nil},
		{"fields", c.Fields == nil},
	} {
		if required.missing {
			return errors.New(required.name + " is missing")
		}
	}
	if err := checkSeconds(*c.IssuedAt, *c.ExpiresAt); err != nil {
		return err
	}
	if err := checkIDs(*c.ID, *c.Nonce); err != nil {
		return err
	}
	if err := checkFields(c.Fields); err != nil {
		return err
	}
	if !areDifferentOf(c.Needs, needNames()) {
		return errors.New("needs are not different names out of face_visual and card_inspected")
	}
	return c.checkOptional()
}

func checkFields(fields []string) error {
	if len(fields) == 0 || !areDifferentOf(fields, FieldNames()) {
		return errors.New("fields are not 1 to 9 different names of fields")
	}
	if !slices.ContainsFunc(fields, func(f string) bool { return slices.Contains(aboutPerson(), f) }) {
		return errors.New("fields name nothing about the person: one of citizen_id, name, birth_date, sex, address must be among them")
	}
	return nil
}

// areDifferentOf says that names are all known, and none stands there twice.
func areDifferentOf(names, known []string) bool {
	for i, name := range names {
		if !slices.Contains(known, name) || slices.Contains(names[:i], name) {
			return false
		}
	}
	return true
}

func (c requestClaims) checkOptional() error {
	if c.Evidence != nil && *c.Evidence != Chip && *c.Evidence != Typed {
		return errors.New("evidence is neither chip nor typed")
	}
	if c.Evidence != nil && *c.Evidence == Typed && c.Claimed == nil {
		return errors.New("claimed is missing, which typed evidence needs")
	}
	if c.Claimed != nil {
		if err := checkClaimed(c.Claimed); err != nil {
			return err
		}
	}
	if c.ReturnURL != nil && *c.ReturnURL == "" {
		return errors.New("return_url is empty")
	}
	if c.State != nil && !isState(*c.State) {
		return errors.New("state is not 1 to 512 printable ASCII characters")
	}
	return nil
}

func isState(state string) bool {
	return len(state) >= 1 && len(state) <= 512 &&
		!slices.ContainsFunc([]byte(state), func(c byte) bool { return c < ' ' || c > '~' })
}

// request is the payload as a request. It was checked.
func (c requestClaims) request() Request {
	r := Request{
		Issuer: *c.Issuer, ID: *c.ID, Nonce: *c.Nonce, Audience: *c.Audience, Purpose: *c.Purpose, IssuedAt: *c.IssuedAt,
		ExpiresAt: *c.ExpiresAt, Fields: c.Fields, Needs: c.Needs, Evidence: Chip, Claimed: NewClaimed(c.Claimed),
	}
	if c.Evidence != nil {
		r.Evidence = *c.Evidence
	}
	if c.IssuerCheck != nil {
		r.IssuerCheck = *c.IssuerCheck
	}
	if c.ReturnURL != nil {
		r.ReturnURL = *c.ReturnURL
	}
	if c.State != nil {
		r.State = *c.State
	}
	return r
}
