package thaiid

// Applets (thai-id-card §1).
var (
	// AIDMOI is the Ministry of Interior's applet: identity, photo, address.
	AIDMOI = []byte{0xA0, 0x00, 0x00, 0x00, 0x54, 0x48, 0x00, 0x01}
	// AIDADM is the card administration applet: laser code.
	AIDADM = []byte{0xA0, 0x00, 0x00, 0x00, 0x84, 0x06, 0x00, 0x02}
	// AIDNHSO is the National Health Security Office's applet.
	AIDNHSO = []byte{0xA0, 0x00, 0x00, 0x00, 0x54, 0x48, 0x00, 0x83}
)

// Part names one run of bytes on the card. It is finer than [Field], because a
// field of the API may be made of several parts.
type Part string

// Segment is a row of the layout table: where a part lies.
type Segment struct {
	Part   Part
	Field  Field // the field that it belongs to; empty for what every read needs
	Offset int   // in bytes, sent as P1 P2
	Length int   // in bytes
}

// End is the offset of the first byte behind s.
func (s Segment) End() int { return s.Offset + s.Length }

// Parts of the MOI applet.
const (
	PartVersion       Part = "version"
	PartCitizenID     Part = "citizen_id"
	PartNameTH        Part = "name.th"
	PartNameEN        Part = "name.en"
	PartBirthDate     Part = "birth_date"
	PartSex           Part = "sex"
	PartRequestNumber Part = "card.request_number"
	PartIssuer        Part = "card.issuer"
	PartIssuerCode    Part = "card.issuer_code"
	PartIssueDate     Part = "card.issue_date"
	PartExpiryDate    Part = "card.expiry_date"
	PartCardType      Part = "card.type"
	PartPhotoLength   Part = "photo.length"
	PartPhoto         Part = "photo"
	PartAddress       Part = "address"
	PartPhotoNumber   Part = "card.photo_number"
)

// MOI is the layout of the MOI applet of a version 0003 card (thai-id-card §4),
// by offset. The simulator builds its cards on the same table.
var MOI = []Segment{
	{PartVersion, "", 0x0000, 4},
	{PartCitizenID, FieldCitizenID, 0x0004, 13},
	{PartNameTH, FieldName, 0x0011, 100},
	{PartNameEN, FieldName, 0x0075, 100},
	{PartBirthDate, FieldBirthDate, 0x00D9, 8},
	{PartSex, FieldSex, 0x00E1, 1},
	{PartRequestNumber, FieldCard, 0x00E2, 20},
	{PartIssuer, FieldCard, 0x00F6, 100},
	{PartIssuerCode, FieldCard, 0x015A, 13},
	{PartIssueDate, FieldCard, 0x0167, 8},
	{PartExpiryDate, FieldCard, 0x016F, 8},
	{PartCardType, FieldCard, 0x0177, 2},
	{PartPhotoLength, FieldPhoto, 0x0179, 2},
	{PartPhoto, FieldPhoto, 0x017B, 5118},
	{PartAddress, FieldAddress, 0x1579, 160},
	{PartPhotoNumber, FieldCard, 0x1619, 14},
}

// Parts of the NHSO applet.
const (
	PartNHSOMainRight       Part = "nhso.main_right"
	PartNHSOSubRight        Part = "nhso.sub_right"
	PartNHSOMainHospital    Part = "nhso.main_hospital"
	PartNHSOSubHospital     Part = "nhso.sub_hospital"
	PartNHSOPaidType        Part = "nhso.paid_type"
	PartNHSOIssueDate       Part = "nhso.issue_date"
	PartNHSOExpiryDate      Part = "nhso.expiry_date"
	PartNHSOUpdateDate      Part = "nhso.update_date"
	PartNHSOHospitalChanges Part = "nhso.hospital_changes"
)

// NHSO is the layout of the NHSO applet (thai-id-card §8), by offset.
var NHSO = []Segment{
	{PartNHSOMainRight, FieldNHSO, 0x0004, 60},
	{PartNHSOSubRight, FieldNHSO, 0x0040, 100},
	{PartNHSOMainHospital, FieldNHSO, 0x00A4, 80},
	{PartNHSOSubHospital, FieldNHSO, 0x00F4, 80},
	{PartNHSOPaidType, FieldNHSO, 0x0144, 1},
	{PartNHSOIssueDate, FieldNHSO, 0x0145, 8},
	{PartNHSOExpiryDate, FieldNHSO, 0x014D, 8},
	{PartNHSOUpdateDate, FieldNHSO, 0x0155, 8},
	{PartNHSOHospitalChanges, FieldNHSO, 0x015D, 1},
}
