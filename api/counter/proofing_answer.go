package counter

import (
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"chipproof/proofing"
	"chipproof/proofing/thaiid"
)

// ProofingAnswer is the result of a proofing. It is handed out once.
type ProofingAnswer struct {
	ID        string           `json:"id" doc:"Names this proofing: 128 random bits in hex" example:"5f0c1e7a9b3d4c2f8e6a0d1b2c3f4e5d"`
	Txn       string           `json:"txn" doc:"Its number in the audit log, as the slip shows it" example:"pf-20261121-000417"`
	Purpose   string           `json:"purpose" doc:"What it was for" example:"identity_proofing"`
	Decision  string           `json:"decision" enum:"accepted,rejected,inconclusive" doc:"What the rules make of the facts" example:"accepted"`
	Reasons   []string         `json:"reasons" nullable:"false" doc:"Why it is not accepted: kind and outcome of the facts in the way, or face_and_laser_only" example:"[\"face_visual_not_done\"]"`
	Identity  *thaiid.Document `json:"identity,omitzero" doc:"What the chip says; only the fields that were asked for, and only where the decision is accepted"`
	Facts     []Fact           `json:"facts" nullable:"false" doc:"Every kind of fact, those that nobody tried too"`
	Assurance []Assurance      `json:"assurance" nullable:"false" doc:"What each scheme makes of the facts"`
	Proof     string           `json:"proof,omitzero" doc:"The same, signed: for the site's backend, which checks it. Absent for our own console's use"`
	Form      *ProofForm       `json:"form,omitzero" doc:"Page road only: where our own console posts proof and state as a form"`
}

// ProofForm is where the page road ends.
type ProofForm struct {
	ReturnURL string `json:"return_url" doc:"The registered address that the request named" example:"https://app.example.go.th/proof"`
	State     string `json:"state" doc:"The request's own, as it was"`
}

// Fact is what was established, by whom and how.
type Fact struct {
	Kind          string   `json:"kind" doc:"What it says" example:"chip_read"`
	Outcome       string   `json:"outcome" enum:"not_done,passed,failed,indeterminate" doc:"What became of establishing it" example:"passed"`
	At            string   `json:"at,omitzero" doc:"When" example:"2026-11-21T09:30:02+07:00"`
	By            string   `json:"by,omitzero" doc:"agent, dopa, or the id of a member of staff" example:"agent"`
	How           string   `json:"how,omitzero" doc:"By which way" example:"PC/SC reader"`
	PrintedExpiry string   `json:"printed_expiry,omitzero" enum:"in_force,lifelong,expired" doc:"Of card_inspected: what the clerk read on the card"`
	Fields        []string `json:"fields,omitempty" nullable:"false" doc:"Of typed_matches_chip: the names of those that differ"`
	Code          string   `json:"code,omitzero" doc:"Of issuer_status: the issuer's own code"`
	Desc          string   `json:"desc,omitzero" doc:"Of issuer_status: the issuer's own words"`
}

// Assurance is what one scheme says about the facts.
type Assurance struct {
	Scheme         string   `json:"scheme" doc:"Whose rules" example:"th-etda"`
	RulesVersion   string   `json:"rules_version" doc:"Which version of them" example:"0"`
	CandidateLevel *string  `json:"candidate_level,omitzero" nullable:"false" doc:"The level by rules that nobody could check against the standard; empty where no rule gives one" example:"IAL2.2"`
	Level          *string  `json:"level,omitzero" nullable:"false" doc:"The level by confirmed rules"`
	Unconfirmed    bool     `json:"unconfirmed" doc:"Whether the rules are unconfirmed"`
	Met            []string `json:"met" nullable:"false" doc:"The facts that carry the level"`
	Unmet          []Unmet  `json:"unmet" nullable:"false" doc:"The levels above, lowest first"`
	NextStep       []string `json:"next_step" nullable:"false" doc:"The cheapest step that this desk is set up to do; empty if there is none"`
}

// Unmet is a level that was missed.
type Unmet struct {
	Level string   `json:"level" doc:"Its name"`
	Needs []string `json:"needs" nullable:"false" doc:"The facts that would reach it"`
}

// ProofingWaiting says that a proofing goes on.
type ProofingWaiting struct {
	ID         string   `json:"id" doc:"For POST /v1/proofings/{id}/result, which waits up to 25 s"`
	State      string   `json:"state" enum:"waiting" doc:"Ask for the result: it goes on" example:"waiting"`
	WaitingFor []string `json:"waiting_for" nullable:"false" enum:"approval,card_inspected,face_visual,second_person" doc:"What a person has to do at the desk; empty while nobody has to" example:"[\"face_visual\"]"`
}

type (
	proofingInput  struct{ Body ProofingRequest }
	proofingOutput struct {
		Status int
		Body   proofingBody
	}
	// proofingBody is the one or the other.
	proofingBody struct {
		answer  *ProofingAnswer
		waiting *ProofingWaiting
	}
	proofingID struct {
		ID string `path:"id" maxLength:"64" doc:"The proofing's id"`
	}
)

// Schema is that of the result; the other one stands with its own status.
func (proofingBody) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[ProofingAnswer](), true, "ProofingAnswer")
}

// MarshalJSONTo writes the one that is there.
func (b proofingBody) MarshalJSONTo(e *jsontext.Encoder) error {
	if b.waiting != nil {
		return json.MarshalEncode(e, b.waiting)
	}
	return json.MarshalEncode(e, b.answer)
}

func waitingProofing(id string, what []string) *proofingOutput {
	return &proofingOutput{Status: http.StatusAccepted, Body: proofingBody{waiting: &ProofingWaiting{ID: id, State: "waiting", WaitingFor: list(what)}}}
}

func answerOf(a *attempt, r *proofing.Result) *ProofingAnswer {
	answer := &ProofingAnswer{
		ID: r.ID, Txn: r.Txn, Purpose: r.Purpose, Decision: string(r.Verdict.Decision), Reasons: list(r.Verdict.Reasons),
		Facts: factsOf(r.Verdict.Facts), Assurance: assuranceOf(r.Verdict.Assurance), Proof: r.Proof,
	}
	if r.Identity != nil {
		document := r.Identity.Document()
		answer.Identity = &document
	}
	if a.clicked {
		answer.Form = &ProofForm{ReturnURL: a.request.ReturnURL, State: a.request.State}
	}
	return answer
}

func factsOf(facts proofing.Facts) []Fact {
	list := make([]Fact, 0, len(facts))
	for _, f := range facts {
		fact := Fact{
			Kind: string(f.Kind), Outcome: string(f.Outcome), By: f.By, How: string(f.How),
			PrintedExpiry: string(f.PrintedExpiry), Fields: slices.Clone(f.Fields), Code: f.Code, Desc: f.Desc,
		}
		if !f.At.IsZero() {
			fact.At = f.At.String()
		}
		list = append(list, fact)
	}
	return list
}

func assuranceOf(rows []proofing.Assurance) []Assurance {
	list := make([]Assurance, 0, len(rows))
	for _, r := range rows {
		row := Assurance{
			Scheme: r.Scheme, RulesVersion: r.RulesVersion, CandidateLevel: r.CandidateLevel, Level: r.Level, Unconfirmed: r.Unconfirmed,
			Met: kindNames(r.Met), Unmet: []Unmet{}, NextStep: kindNames(r.NextStep),
		}
		for _, u := range r.Unmet {
			row.Unmet = append(row.Unmet, Unmet{Level: u.Level, Needs: kindNames(u.Needs)})
		}
		list = append(list, row)
	}
	return list
}

// kindNames are kinds as words, never nil.
func kindNames(kinds []proofing.Kind) []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return names
}
