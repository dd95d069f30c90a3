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

// Versions of the MOI applet whose layout is known.
const (
	Version0003 = "0003"
	Version0002 = "0002" // unproven, see [MOI0002]
)

// Part names one run of bytes on the card, by its path in the identity
// document. It is finer than [Field], because a field of the API may be made of
// several parts.
type Part string

// Segment is a row of the layout table: where a part lies.
type Segment struct {
	Part   Part
	Field  Field // the field that it belongs to; empty for what every read needs
	Offset int   // in bytes, sent as P1 P2
	Length int   // in bytes
	Block  int   // sent as INS B0 + Block; 0 but for most of a version 0002 card
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

// Parts that lie outside the MOI applet.
const (
	// PartChipNumber is in the CPLC of the card manager.
	PartChipNumber Part = "card.chip_number"
	// PartLaserCode is in the ADM applet.
	PartLaserCode Part = "laser_code"
	// PartNHSO is the NHSO applet as a whole.
	PartNHSO Part = "nhso"
	// PartCard is the card as a whole.
	PartCard Part = "card"
)

// MOI is the layout of the MOI applet of a version 0003 card (thai-id-card §4),
// by offset. The simulator builds its cards on the same table.
var MOI = []Segment{
	{Part: PartVersion, Offset: 0x0000, Length: 4},
	{Part: PartCitizenID, Field: FieldCitizenID, Offset: 0x0004, Length: 13},
	{Part: PartNameTH, Field: FieldName, Offset: 0x0011, Length: 100},
	{Part: PartNameEN, Field: FieldName, Offset: 0x0075, Length: 100},
	{Part: PartBirthDate, Field: FieldBirthDate, Offset: 0x00D9, Length: 8},
	{Part: PartSex, Field: FieldSex, Offset: 0x00E1, Length: 1},
	{Part: PartRequestNumber, Field: FieldCard, Offset: 0x00E2, Length: 20},
	{Part: PartIssuer, Field: FieldCard, Offset: 0x00F6, Length: 100},
	{Part: PartIssuerCode, Field: FieldCard, Offset: 0x015A, Length: 13},
	{Part: PartIssueDate, Field: FieldCard, Offset: 0x0167, Length: 8},
	{Part: PartExpiryDate, Field: FieldCard, Offset: 0x016F, Length: 8},
	{Part: PartCardType, Field: FieldCard, Offset: 0x0177, Length: 2},
	{Part: PartPhotoLength, Field: FieldPhoto, Offset: 0x0179, Length: 2},
	{Part: PartPhoto, Field: FieldPhoto, Offset: 0x017B, Length: 5118},
	{Part: PartAddress, Field: FieldAddress, Offset: 0x1579, Length: 160},
	{Part: PartPhotoNumber, Field: FieldCard, Offset: 0x1619, Length: 14},
}

// MOI0002 is the layout of the MOI applet of a version 0002 card (thai-id-card
// §5): text and photo in block 1, read with INS B1, the address in block 0. It
// is unproven: put together from two readers that contradict each other, and
// nobody has published a read of such a card. The number under the photo is not
// in it, because its place there lies beyond what is known of block 1.
var MOI0002 = []Segment{
	{Part: PartVersion, Offset: 0x0000, Length: 4},
	{Part: PartAddress, Field: FieldAddress, Offset: 0x0004, Length: 150},
	{Part: PartCitizenID, Field: FieldCitizenID, Offset: 0x0004, Length: 13, Block: 1},
	{Part: PartNameTH, Field: FieldName, Offset: 0x0011, Length: 100, Block: 1},
	{Part: PartNameEN, Field: FieldName, Offset: 0x0075, Length: 100, Block: 1},
	{Part: PartBirthDate, Field: FieldBirthDate, Offset: 0x00D9, Length: 8, Block: 1},
	{Part: PartSex, Field: FieldSex, Offset: 0x00E1, Length: 1, Block: 1},
	{Part: PartRequestNumber, Field: FieldCard, Offset: 0x00E2, Length: 20, Block: 1},
	{Part: PartIssuer, Field: FieldCard, Offset: 0x00F6, Length: 100, Block: 1},
	{Part: PartIssuerCode, Field: FieldCard, Offset: 0x015A, Length: 13, Block: 1},
	{Part: PartIssueDate, Field: FieldCard, Offset: 0x0167, Length: 8, Block: 1},
	{Part: PartExpiryDate, Field: FieldCard, Offset: 0x016F, Length: 8, Block: 1},
	{Part: PartCardType, Field: FieldCard, Offset: 0x0177, Length: 2, Block: 1},
	{Part: PartPhotoLength, Field: FieldPhoto, Offset: 0x0179, Length: 2, Block: 1},
	{Part: PartPhoto, Field: FieldPhoto, Offset: 0x017B, Length: 5118, Block: 1},
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
	{Part: PartNHSOMainRight, Field: FieldNHSO, Offset: 0x0004, Length: 60},
	{Part: PartNHSOSubRight, Field: FieldNHSO, Offset: 0x0040, Length: 100},
	{Part: PartNHSOMainHospital, Field: FieldNHSO, Offset: 0x00A4, Length: 80},
	{Part: PartNHSOSubHospital, Field: FieldNHSO, Offset: 0x00F4, Length: 80},
	{Part: PartNHSOPaidType, Field: FieldNHSO, Offset: 0x0144, Length: 1},
	{Part: PartNHSOIssueDate, Field: FieldNHSO, Offset: 0x0145, Length: 8},
	{Part: PartNHSOExpiryDate, Field: FieldNHSO, Offset: 0x014D, Length: 8},
	{Part: PartNHSOUpdateDate, Field: FieldNHSO, Offset: 0x0155, Length: 8},
	{Part: PartNHSOHospitalChanges, Field: FieldNHSO, Offset: 0x015D, Length: 1},
}
