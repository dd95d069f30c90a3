package proof

import (
	"fmt"
	"io"
	"log/slog"
)

// Framework is the only trust framework there is: a list of what was done, which
// claims no level by anybody's rules (proof §3).
const Framework = "urn:chipproof:trust-framework:facts-only"

// VerifiedClaims is the member verified_claims, with the names of OpenID Identity
// Assurance Schema Definition 1.0 (proof §3). All of it is in clear.
type VerifiedClaims struct {
	Verification Verification `json:"verification"`
	Claims       PersonClaims `json:"claims"`
}

// Verification is what was done, and by which evidence.
type Verification struct {
	TrustFramework string `json:"trust_framework"`
	// AssuranceLevel is left out by agents: the predefined levels are not the Thai
	// ones.
	AssuranceLevel   string           `json:"assurance_level,omitzero"`
	AssuranceProcess AssuranceProcess `json:"assurance_process,omitzero"`
	// Time is when the last fact was made.
	Time Stamp `json:"time,omitzero"`
	// VerificationProcess is the proof's txn.
	VerificationProcess string         `json:"verification_process,omitzero"`
	Evidence            []EvidenceItem `json:"evidence,omitempty"`
}

// AssuranceProcess says by which rules.
type AssuranceProcess struct {
	Policy           string            `json:"policy,omitzero"`
	Procedure        string            `json:"procedure,omitzero"`
	AssuranceDetails []AssuranceDetail `json:"assurance_details,omitempty"`
}

// AssuranceDetail groups checks by what they are about: evidence_validation,
// verification.
type AssuranceDetail struct {
	AssuranceType           string        `json:"assurance_type,omitzero"`
	AssuranceClassification string        `json:"assurance_classification,omitzero"`
	EvidenceRef             []EvidenceRef `json:"evidence_ref,omitempty"`
}

// EvidenceRef points to a check.
type EvidenceRef struct {
	CheckID          string           `json:"check_id"`
	EvidenceMetadata EvidenceMetadata `json:"evidence_metadata,omitzero"`
}

// EvidenceMetadata classifies what a check was about.
type EvidenceMetadata struct {
	EvidenceClassification string `json:"evidence_classification,omitzero"`
}

// EvidenceItem is one piece of evidence: document with DocumentDetails,
// electronic_record with Record.
type EvidenceItem struct {
	Type            string           `json:"type"`
	CheckDetails    []CheckDetail    `json:"check_details,omitempty"`
	DocumentDetails *DocumentDetails `json:"document_details,omitzero"`
	Record          *Record          `json:"record,omitzero"`
}

// CheckDetail is one check that passed.
type CheckDetail struct {
	CheckMethod  string `json:"check_method"`
	Organization string `json:"organization,omitzero"`
	// CheckID is the proof's txn, a dot and the kind of fact.
	CheckID string `json:"check_id"`
	Time    Stamp  `json:"time,omitzero"`
}

// DocumentDetails are those of the card. Dates are YYYY-MM-DD.
type DocumentDetails struct {
	Type string `json:"type"`
	// DocumentNumber is the request number, which changes with each card; the
	// citizen number belongs to the person.
	DocumentNumber string `json:"document_number,omitzero"`
	// SerialNumber is the chip number.
	SerialNumber   string        `json:"serial_number,omitzero"`
	DateOfIssuance string        `json:"date_of_issuance,omitzero"`
	DateOfExpiry   string        `json:"date_of_expiry,omitzero"`
	Issuer         Party         `json:"issuer,omitzero"`
	DerivedClaims  *PersonClaims `json:"derived_claims,omitzero"`
}

// Record are the details of an electronic record.
type Record struct {
	Type          string        `json:"type"`
	CreatedAt     string        `json:"created_at,omitzero"`
	DateOfExpiry  string        `json:"date_of_expiry,omitzero"`
	Source        Party         `json:"source,omitzero"`
	DerivedClaims *PersonClaims `json:"derived_claims,omitzero"`
}

// Party is who issued a document or keeps a record.
type Party struct {
	Name          string `json:"name,omitzero"`
	Formatted     string `json:"formatted,omitzero"`
	StreetAddress string `json:"street_address,omitzero"`
	Locality      string `json:"locality,omitzero"`
	Region        string `json:"region,omitzero"`
	PostalCode    string `json:"postal_code,omitzero"`
	Country       string `json:"country,omitzero"`
	CountryCode   string `json:"country_code,omitzero"`
	Jurisdiction  string `json:"jurisdiction,omitzero"`
}

// Verified holds verified claims. However it is printed, logged or marshalled, it
// shows nothing; Reveal gives the clear values, and only a signed token holds
// them.
type Verified struct {
	_ [0]func() // no ==, which would compare the pointers
	v **VerifiedClaims
}

// Conceal makes claims hide themselves.
func Conceal(v VerifiedClaims) *Verified {
	p := &v
	return &Verified{v: &p}
}

// Reveal is the clear form, the zero one if there is none.
func (v *Verified) Reveal() VerifiedClaims {
	if v == nil || v.v == nil {
		return VerifiedClaims{}
	}
	return **v.v
}

// Format hides the claims, whatever the verb.
func (v Verified) Format(f fmt.State, _ rune) { io.WriteString(f, mask) }

// String hides the claims.
func (v Verified) String() string { return mask }

// LogValue hides the claims.
func (v Verified) LogValue() slog.Value { return slog.StringValue(mask) }

// MarshalText hides the claims.
func (v Verified) MarshalText() ([]byte, error) { return []byte(mask), nil }
