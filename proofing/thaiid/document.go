package thaiid

import (
	"fmt"
	"io"
	"log/slog"
)

// Document is an identity in clear, in the one JSON shape that chipproof gives
// it (design §5). Only what was asked for appears. Printing or logging a
// Document shows nothing; marshalling shows all.
type Document struct {
	CitizenID string           `json:"citizen_id,omitzero" pattern:"^[0-9]{13}$" doc:"Citizen number, 13 digits. Its check digit may be wrong; then findings say so." example:"1101700230708"`
	Name      *NameDocument    `json:"name,omitzero" doc:"Name in Thai and in English script"`
	BirthDate *DateDocument    `json:"birth_date,omitzero" doc:"Date of birth, as exact as the card has it"`
	Sex       string           `json:"sex,omitzero" enum:"male,female,unspecified,unknown" doc:"Sex as on the card. unknown: the card is blank, or has a code that is not known." example:"male"`
	Address   *AddressDocument `json:"address,omitzero" doc:"Registered address at the time of issue"`
	Card      *CardDocument    `json:"card,omitzero" doc:"What the card says of itself"`
	Photo     *PhotoDocument   `json:"photo,omitzero" doc:"The holder's photo"`
	LaserCode string           `json:"laser_code,omitzero" pattern:"^[A-Z]{2}[0-9]{10}$" doc:"Code on the back of the card: a secret. Absent when the card doesn't give it; then findings say so." example:"JT0123456789"`
	NHSO      *NHSODocument    `json:"nhso,omitzero" doc:"Health-insurance right as on the card, often stale. Absent when the card has none."`
	Findings  []Finding        `json:"findings,omitzero" nullable:"false" doc:"What there is to say about the values. Absent when there is nothing."`
}

// NameDocument is a name in both scripts.
type NameDocument struct {
	TH NamePartsDocument `json:"th" doc:"Name in Thai script"`
	EN NamePartsDocument `json:"en" doc:"Name in English script; all empty when the card has none"`
}

// NamePartsDocument is a name in one script.
type NamePartsDocument struct {
	Title      string `json:"title" doc:"Title as on the card, often abbreviated" example:"นาย"`
	FirstName  string `json:"first_name" doc:"First name" example:"สมชาย"`
	MiddleName string `json:"middle_name" doc:"Middle name, mostly empty"`
	LastName   string `json:"last_name" doc:"Last name" example:"ใจดี"`
}

// DateDocument is a date that may be known in part.
type DateDocument struct {
	Date      string    `json:"date" pattern:"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$" doc:"Common era, as long as the precision: 1982-12-31, 1982-12, 1982, or empty" example:"1982-12-31"`
	Precision Precision `json:"precision" enum:"day,month,year,none" doc:"How much of the date is known" example:"day"`
	Buddhist  string    `json:"buddhist" doc:"The card's own eight characters, YYYYMMDD of the Buddhist era: 00 for an unknown part, eight spaces when blank" example:"25251231"`
}

// ExpiryDocument is an expiry date. The first three members are those of
// [DateDocument], written out because not every encoder treats an embedded
// struct alike.
type ExpiryDocument struct {
	Date      string    `json:"date" pattern:"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$" doc:"Common era, as long as the precision: 2031-12-30, 2031-12, 2031, or empty" example:"2031-12-30"`
	Precision Precision `json:"precision" enum:"day,month,year,none" doc:"How much of the date is known. none without lifelong: the card has no date." example:"day"`
	Buddhist  string    `json:"buddhist" doc:"The card's own eight characters, YYYYMMDD of the Buddhist era" example:"25741230"`
	Lifelong  bool      `json:"lifelong" doc:"The card never expires (99999999). A blank date is not lifelong." example:"false"`
}

// AddressDocument is an address in parts and in one line.
type AddressDocument struct {
	HouseNo     string `json:"house_no" doc:"House number" example:"99/9"`
	Moo         string `json:"moo" doc:"Village number with its prefix" example:"หมู่ที่ 3"`
	Trok        string `json:"trok" doc:"Alley (ตรอก)"`
	Soi         string `json:"soi" doc:"Lane (ซอย)"`
	Road        string `json:"road" doc:"Road (ถนน)"`
	Subdistrict string `json:"subdistrict" doc:"Subdistrict with its prefix (ตำบล, แขวง)" example:"ตำบลหนองกะปุ"`
	District    string `json:"district" doc:"District with its prefix (อำเภอ, เขต)" example:"อำเภอบ้านลาด"`
	Province    string `json:"province" doc:"Province with its prefix (จังหวัด); Bangkok has none" example:"จังหวัดเพชรบุรี"`
	Text        string `json:"text" doc:"All parts in one line, also those that fit no field" example:"99/9 หมู่ที่ 3 ตำบลหนองกะปุ อำเภอบ้านลาด จังหวัดเพชรบุรี"`
}

// CardDocument is what the card says of itself.
type CardDocument struct {
	Version       string         `json:"version" enum:"0003,0002" doc:"Version of the card's data" example:"0003"`
	Type          string         `json:"type" doc:"Card type; 01 is the national ID card" example:"01"`
	Issuer        string         `json:"issuer" doc:"Issuing office" example:"อำเภอบ้านลาด/เพชรบุรี"`
	IssuerCode    string         `json:"issuer_code" doc:"Code of the issuing office, or number of the issuing officer: sources differ, so treat it as personal" example:"7699001000001"`
	IssueDate     DateDocument   `json:"issue_date" doc:"Date of issue"`
	ExpiryDate    ExpiryDocument `json:"expiry_date" doc:"Date of expiry"`
	RequestNumber string         `json:"request_number" doc:"Request number as on the card; may be blank" example:"100000000001"`
	PhotoNumber   string         `json:"photo_number" doc:"Number printed under the photo" example:"9999-01-01010101"`
	ChipNumber    string         `json:"chip_number" pattern:"^([0-9a-f]{16})?$" doc:"Number of the chip, 16 lower-case hex digits. Empty when the card doesn't give it; then findings say so." example:"0123456789abcdef"`
}

// PhotoDocument is a photo with what its header says.
type PhotoDocument struct {
	MediaType string `json:"media_type" enum:"image/jpeg" doc:"Media type" example:"image/jpeg"`
	Width     int    `json:"width" minimum:"1" doc:"Width in pixels" example:"148"`
	Height    int    `json:"height" minimum:"1" doc:"Height in pixels" example:"178"`
	Data      []byte `json:"data" doc:"The JPEG, base64"`
}

// NHSODocument is the health-insurance right.
type NHSODocument struct {
	MainRight       string         `json:"main_right" doc:"Main right" example:"สิทธิหลักประกันสุขภาพแห่งชาติ"`
	SubRight        string         `json:"sub_right" doc:"Kind of the right" example:"ช่วงอายุ 12-59 ปี"`
	MainHospital    string         `json:"main_hospital" doc:"Main hospital" example:"โรงพยาบาลตัวอย่าง"`
	SubHospital     string         `json:"sub_hospital" doc:"Primary care unit" example:"สถานีอนามัยตัวอย่าง"`
	PaidType        string         `json:"paid_type" doc:"Code of the payer" example:"1"`
	IssueDate       DateDocument   `json:"issue_date" doc:"Start of the right"`
	ExpiryDate      ExpiryDocument `json:"expiry_date" doc:"End of the right"`
	UpdateDate      DateDocument   `json:"update_date" doc:"When the card was written last"`
	HospitalChanges string         `json:"hospital_changes" doc:"How often the hospital was changed" example:"0"`
}

// Format hides the document, whatever the verb.
func (Document) Format(f fmt.State, _ rune) { io.WriteString(f, mask) }

// LogValue hides the document.
func (Document) LogValue() slog.Value { return slog.StringValue(mask) }
