package compat

import (
	"fmt"
	"io"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"chipproof/api"
	"chipproof/proofing/thaiid"
)

// nhsoAnswer is a person as that agent gives one (thai-id-card §13.1), as far as
// the card goes. What was not granted is not there; what the card leaves empty is.
type nhsoAnswer struct {
	PID       *string `json:"pid,omitzero"`
	TitleName *string `json:"titleName,omitzero"`
	FName     *string `json:"fname,omitzero"`
	LName     *string `json:"lname,omitzero"`
	BirthDate *string `json:"birthDate,omitzero"`
	Sex       *string `json:"sex,omitzero"`
	Image     []byte  `json:"image,omitzero"`
	// CardOnly and Message are ours: the answer to /read says what it lacks.
	CardOnly bool   `json:"cardOnly,omitzero"`
	Message  string `json:"message,omitzero"`
}

// Format hides the person, whatever the verb.
func (nhsoAnswer) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[hidden]") }

func nhsoPerson(id *thaiid.Identity, withImage bool, message string) nhsoAnswer {
	a := nhsoAnswer{CardOnly: message != "", Message: message}
	if id.Fields.Has(thaiid.FieldCitizenID) {
		a.PID = new(id.CitizenID.Reveal())
	}
	if id.Fields.Has(thaiid.FieldName) {
		// There is no place for a middle name, and none is made up.
		a.TitleName = new(titleCode(id.Name.TH.Title.Reveal()))
		a.FName, a.LName = new(id.Name.TH.First.Reveal()), new(id.Name.TH.Last.Reveal())
	}
	if id.Fields.Has(thaiid.FieldBirthDate) {
		a.BirthDate = new(strings.TrimSpace(id.BirthDate.Buddhist()))
	}
	if id.Fields.Has(thaiid.FieldSex) {
		a.Sex = new(thaiSex(id.Sex.Reveal()))
	}
	if withImage && id.Fields.Has(thaiid.FieldPhoto) {
		a.Image = id.Photo.Bytes()
	}
	return a
}

// titleCode is the three-digit code of a title. Five are known, by deduction from
// public samples and DOPA's list; of any other nobody has seen an answer, so it is
// left empty rather than made up (thai-id-card §13.1).
func titleCode(title string) string {
	switch title {
	case "ด.ช.", "เด็กชาย":
		return "001"
	case "ด.ญ.", "เด็กหญิง":
		return "002"
	case "นาย":
		return "003"
	case "น.ส.", "นางสาว":
		return "004"
	case "นาง":
		return "005"
	}
	return ""
}

func thaiSex(sex string) string {
	switch sex {
	case thaiid.SexMale:
		return "ชาย"
	case thaiid.SexFemale:
		return "หญิง"
	}
	return ""
}

// answer writes JSON as our own API does: whole or not at all. What is no UTF-8,
// in a reader's name for example, is replaced and fails nothing.
func answer[T any](status int, v T) (api.Foreign, error) {
	body, err := document(v)
	if err != nil {
		return api.Foreign{}, err
	}
	return api.Foreign{Status: status, Body: body}, nil
}

func document[T any](v T) ([]byte, error) {
	body, err := json.Marshal(v, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return nil, fmt.Errorf("write answer: %w", err)
	}
	return body, nil
}
