package compat

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"chipproof/proofing/thaiid"
)

// gothaiData is the payload of smc-data in version 1 (thai-id-card §13.2). What
// was not granted is not there; what the card leaves empty is an empty string.
type gothaiData struct {
	Personal gothaiPersonal `json:"personal"`
	Card     *gothaiCard    `json:"card,omitzero"`
	NHSO     *gothaiNHSO    `json:"nhso,omitzero"`
}

// Format hides the person, whatever the verb.
func (gothaiData) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, "[hidden]") }

type gothaiPersonal struct {
	CID        *string        `json:"cid,omitzero"`
	Name       *gothaiName    `json:"name,omitzero"`
	NameEng    *gothaiName    `json:"name_eng,omitzero"`
	DOB        *string        `json:"dob,omitzero"`
	Gender     *string        `json:"gender,omitzero"`
	CardIssuer *string        `json:"card_issuer,omitzero"`
	IssueDate  *string        `json:"issue_date,omitzero"`
	ExpireDate *string        `json:"expire_date,omitzero"`
	Address    *gothaiAddress `json:"address,omitzero"`
	Base64Img  []byte         `json:"base64_img,omitzero"`
}

type gothaiName struct {
	Prefix     string `json:"prefix"`
	FirstName  string `json:"first_name"`
	MiddleName string `json:"middle_name"`
	LastName   string `json:"last_name"`
	FullName   string `json:"full_name"`
}

type gothaiAddress struct {
	HouseNo     string `json:"house_no"`
	Moo         string `json:"moo"`
	Soi         string `json:"soi"`
	Street      string `json:"street"`
	Subdistrict string `json:"subdistrict"`
	District    string `json:"district"`
	Province    string `json:"province"`
	Address     string `json:"address"`
}

type gothaiCard struct {
	LaserID string `json:"laser_id"`
}

type gothaiNHSO struct {
	MainInscl            string `json:"main_inscl"`
	SubInscl             string `json:"sub_inscl"`
	MainHospital         string `json:"main_hospital"`
	SubHospital          string `json:"sub_hospital"`
	PaidType             string `json:"paid_type"`
	IssueDate            string `json:"issue_date"`
	ExpireDate           string `json:"expire_date"`
	UpdateDate           string `json:"update_date"`
	ChangeHospitalAmount string `json:"change_hospital_amount"`
}

func gothaiPerson(id *thaiid.Identity) gothaiData {
	var d gothaiData
	p := &d.Personal
	if id.Fields.Has(thaiid.FieldCitizenID) {
		p.CID = new(id.CitizenID.Reveal())
	}
	if id.Fields.Has(thaiid.FieldName) {
		p.Name, p.NameEng = gothaiNameOf(id.Name.TH), gothaiNameOf(id.Name.EN)
	}
	if id.Fields.Has(thaiid.FieldBirthDate) {
		p.DOB = new(gothaiDate(id.BirthDate.Buddhist()))
	}
	if id.Fields.Has(thaiid.FieldSex) {
		p.Gender = new(gothaiGender(id.Sex.Reveal()))
	}
	if id.Fields.Has(thaiid.FieldAddress) {
		p.Address = gothaiAddressOf(id.Address)
	}
	if id.Fields.Has(thaiid.FieldCard) {
		p.CardIssuer = new(id.Card.Issuer.Reveal())
		p.IssueDate, p.ExpireDate = new(gothaiDate(id.Card.IssueDate.Buddhist())), new(gothaiDate(id.Card.ExpiryDate.Buddhist()))
	}
	if id.Fields.Has(thaiid.FieldPhoto) {
		p.Base64Img = id.Photo.Bytes()
	}
	if id.Fields.Has(thaiid.FieldLaserCode) {
		d.Card = &gothaiCard{LaserID: id.LaserCode.Reveal()}
	}
	if id.NHSO != nil {
		d.NHSO = gothaiNHSOOf(id.NHSO)
	}
	return d
}

// gothaiNameOf: the full name has no blank behind the title.
func gothaiNameOf(n thaiid.Name) *gothaiName {
	name := &gothaiName{Prefix: n.Title.Reveal(), FirstName: n.First.Reveal(), MiddleName: n.Middle.Reveal(), LastName: n.Last.Reveal()}
	name.FullName = name.Prefix + joined(name.FirstName, name.MiddleName, name.LastName)
	return name
}

// joined puts a blank between what is not empty.
func joined(parts ...string) string {
	var filled []string
	for _, part := range parts {
		if part != "" {
			filled = append(filled, part)
		}
	}
	return strings.Join(filled, " ")
}

// gothaiAddressOf: village number and place names lose their prefix, and the
// street is trok, soi and road, so that soi by itself is always empty here.
func gothaiAddressOf(a thaiid.Address) *gothaiAddress {
	return &gothaiAddress{
		HouseNo:     a.HouseNo.Reveal(),
		Moo:         without(a.Moo.Reveal(), "หมู่ที่"),
		Street:      joined(a.Trok.Reveal(), a.Soi.Reveal(), a.Road.Reveal()),
		Subdistrict: without(a.Subdistrict.Reveal(), "ตำบล", "แขวง"),
		District:    without(a.District.Reveal(), "อำเภอ", "เขต"),
		Province:    without(a.Province.Reveal(), "จังหวัด"),
		Address:     a.Text.Reveal(),
	}
}

// without takes off the one prefix that is there.
func without(text string, prefixes ...string) string {
	for _, prefix := range prefixes {
		if rest, cut := strings.CutPrefix(text, prefix); cut {
			return strings.TrimSpace(rest)
		}
	}
	return text
}

// gothaiDate is a date of the card in the common era as that agent writes it: what
// is unknown stays 00, the nines of a card that never expires become 9456-99-99,
// and what has no eight digits is empty. So are eight zeros, which would come out
// as the year -543.
func gothaiDate(buddhist string) string {
	if len(buddhist) != 8 || buddhist == "00000000" {
		return ""
	}
	year, err := strconv.ParseUint(buddhist[:4], 10, 16)
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%d-%s-%s", int(year)-543, buddhist[4:6], buddhist[6:])
}

func gothaiGender(sex string) string {
	switch sex {
	case thaiid.SexMale:
		return "1"
	case thaiid.SexFemale:
		return "2"
	case thaiid.SexUnspecified:
		return "3"
	}
	return ""
}

func gothaiNHSOOf(r *thaiid.HealthRight) *gothaiNHSO {
	return &gothaiNHSO{
		MainInscl: r.MainRight.Reveal(), SubInscl: r.SubRight.Reveal(),
		MainHospital: r.MainHospital.Reveal(), SubHospital: r.SubHospital.Reveal(), PaidType: r.PaidType.Reveal(),
		IssueDate: gothaiDate(r.IssueDate.Buddhist()), ExpireDate: gothaiDate(r.ExpiryDate.Buddhist()), UpdateDate: gothaiDate(r.UpdateDate.Buddhist()),
		ChangeHospitalAmount: r.HospitalChanges.Reveal(),
	}
}
