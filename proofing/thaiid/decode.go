package thaiid

// decode turns all bytes of a read into an identity. The first part that can't
// be decoded is the error; there is no identity then.
func decode(got *raw, fields Fields) (*Identity, error) {
	d := &decoder{plan: got.plan, memory: &got.moi}
	id := &Identity{Fields: append(Fields(nil), fields...)}
	citizenID := d.citizenID() // whether it is asked for or not: a card without a number is none

	if fields.Has(FieldCitizenID) {
		id.CitizenID = citizenID
		if d.err == nil && !citizenID.Checksum() {
			d.find(PartCitizenID, FindingChecksumFailed)
		}
	}
	if fields.Has(FieldName) {
		id.Name = Names{TH: d.name(PartNameTH), EN: d.name(PartNameEN)}
	}
	if fields.Has(FieldBirthDate) {
		id.BirthDate = d.date(PartBirthDate, decodeDate)
	}
	if fields.Has(FieldSex) {
		id.Sex = d.sex()
	}
	if fields.Has(FieldAddress) {
		id.Address = d.address()
	}
	if fields.Has(FieldCard) {
		id.Card = d.card(got.cplc)
	}
	if fields.Has(FieldPhoto) {
		id.Photo = d.photo()
	}
	if fields.Has(FieldLaserCode) {
		id.LaserCode = d.laserCode(got.laser)
	}
	if fields.Has(FieldNHSO) {
		id.NHSO = d.healthRight(got)
	}
	if string(d.bytes(PartVersion)) == Version0002 {
		d.find(PartCard, FindingVersionUnproven)
	}
	if d.err != nil {
		return nil, d.err
	}
	id.Findings = d.findings
	return id, nil
}

// decoder remembers the first error, after which what it returns means nothing.
type decoder struct {
	plan     plan
	memory   *memory
	findings []Finding
	err      error
}

func (d *decoder) fail(part Part, err error) {
	if err != nil && d.err == nil {
		d.err = &ReadError{Field: part, Err: err}
	}
}

func (d *decoder) find(part Part, code FindingCode) {
	d.findings = append(d.findings, Finding{Field: part, Code: code})
}

func (d *decoder) bytes(part Part) []byte { return d.plan.part(d.memory, part) }

func (d *decoder) text(part Part) Text {
	text, err := decodeText(d.bytes(part))
	d.fail(part, err)
	return newText(text)
}

func (d *decoder) citizenID() CitizenID {
	id, err := ParseCitizenID(string(d.bytes(PartCitizenID)))
	d.fail(PartCitizenID, err)
	return id
}

func (d *decoder) name(part Part) Name {
	name, err := decodeName(d.bytes(part))
	d.fail(part, err)
	return name
}

func (d *decoder) date(part Part, decode func([]byte) (Date, bool, error)) Date {
	date, odd, err := decode(d.bytes(part))
	d.fail(part, err)
	if odd {
		d.find(part, FindingDateInvalid)
	}
	return date
}

func (d *decoder) sex() Sex {
	sex, odd := decodeSex(d.bytes(PartSex))
	if odd {
		d.find(PartSex, FindingSexUnknown)
	}
	return sex
}

func (d *decoder) address() Address {
	address, unplaced, err := decodeAddress(d.bytes(PartAddress))
	d.fail(PartAddress, err)
	if unplaced {
		d.find(PartAddress, FindingPartUnplaced)
	}
	return address
}

func (d *decoder) card(cplc []byte) Card {
	card := Card{
		Version:       string(d.bytes(PartVersion)),
		Type:          d.text(PartCardType),
		Issuer:        d.text(PartIssuer),
		IssuerCode:    IssuerCode{d.text(PartIssuerCode)},
		IssueDate:     d.date(PartIssueDate, decodeDate),
		ExpiryDate:    d.date(PartExpiryDate, decodeExpiry),
		RequestNumber: RequestNumber{d.text(PartRequestNumber)},
		PhotoNumber:   d.text(PartPhotoNumber),
	}
	if cplc == nil {
		d.find(PartChipNumber, FindingNotAvailable)
		return card
	}
	number, err := decodeChipNumber(cplc)
	d.fail(PartChipNumber, err)
	card.ChipNumber = number
	return card
}

func (d *decoder) photo() Photo {
	photo, err := decodePhoto(d.plan.photoLength(d.memory), d.bytes(PartPhoto))
	d.fail(PartPhoto, err)
	return photo
}

func (d *decoder) laserCode(answer []byte) LaserCode {
	code, ok := decodeLaserCode(answer)
	if !ok {
		d.find(PartLaserCode, FindingNotAvailable)
	}
	return code
}

func (d *decoder) healthRight(got *raw) *HealthRight {
	if got.nhsoRefused {
		d.find(PartNHSO, FindingNotAvailable)
	}
	if got.nhso == nil {
		return nil
	}
	plan, mem := d.plan, d.memory
	defer func() { d.plan, d.memory = plan, mem }()
	d.plan.layout, d.memory = NHSO, got.nhso
	return &HealthRight{
		MainRight:       d.text(PartNHSOMainRight),
		SubRight:        d.text(PartNHSOSubRight),
		MainHospital:    d.text(PartNHSOMainHospital),
		SubHospital:     d.text(PartNHSOSubHospital),
		PaidType:        d.text(PartNHSOPaidType),
		IssueDate:       d.date(PartNHSOIssueDate, decodeDate),
		ExpiryDate:      d.date(PartNHSOExpiryDate, decodeExpiry),
		UpdateDate:      d.date(PartNHSOUpdateDate, decodeDate),
		HospitalChanges: d.text(PartNHSOHospitalChanges),
	}
}
