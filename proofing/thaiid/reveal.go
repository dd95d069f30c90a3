package thaiid

// Document is the identity in clear.
func (id *Identity) Document() Document {
	doc := Document{
		CitizenID: id.CitizenID.Reveal(),
		Sex:       id.Sex.Reveal(),
		LaserCode: id.LaserCode.Reveal(),
		Findings:  append([]Finding(nil), id.Findings...),
	}
	if id.Fields.Has(FieldName) {
		doc.Name = &NameDocument{TH: id.Name.TH.document(), EN: id.Name.EN.document()}
	}
	if id.Fields.Has(FieldBirthDate) {
		date := id.BirthDate.document()
		doc.BirthDate = &date
	}
	if id.Fields.Has(FieldAddress) {
		doc.Address = id.Address.document()
	}
	if id.Fields.Has(FieldCard) {
		doc.Card = id.Card.document()
	}
	if id.Fields.Has(FieldPhoto) {
		doc.Photo = &PhotoDocument{
			MediaType: "image/jpeg", Width: id.Photo.Width, Height: id.Photo.Height, Data: id.Photo.Bytes(),
		}
	}
	if id.NHSO != nil {
		doc.NHSO = id.NHSO.document()
	}
	return doc
}

func (n Name) document() NamePartsDocument {
	return NamePartsDocument{
		Title: n.Title.Reveal(), FirstName: n.First.Reveal(), MiddleName: n.Middle.Reveal(), LastName: n.Last.Reveal(),
	}
}

func (d Date) document() DateDocument {
	return DateDocument{Date: d.Reveal(), Precision: d.Precision(), Buddhist: d.Buddhist()}
}

func (d Date) expiryDocument() ExpiryDocument {
	return ExpiryDocument{Date: d.Reveal(), Precision: d.Precision(), Buddhist: d.Buddhist(), Lifelong: d.Lifelong()}
}

func (a Address) document() *AddressDocument {
	return &AddressDocument{
		HouseNo: a.HouseNo.Reveal(), Moo: a.Moo.Reveal(), Trok: a.Trok.Reveal(), Soi: a.Soi.Reveal(), Road: a.Road.Reveal(),
		Subdistrict: a.Subdistrict.Reveal(), District: a.District.Reveal(), Province: a.Province.Reveal(),
		Text: a.Text.Reveal(),
	}
}

func (c Card) document() *CardDocument {
	return &CardDocument{
		Version:       c.Version,
		Type:          c.Type.Reveal(),
		Issuer:        c.Issuer.Reveal(),
		IssuerCode:    c.IssuerCode.Reveal(),
		IssueDate:     c.IssueDate.document(),
		ExpiryDate:    c.ExpiryDate.expiryDocument(),
		RequestNumber: c.RequestNumber.Reveal(),
		PhotoNumber:   c.PhotoNumber.Reveal(),
		ChipNumber:    c.ChipNumber.Reveal(),
	}
}

func (r *HealthRight) document() *NHSODocument {
	return &NHSODocument{
		MainRight: r.MainRight.Reveal(), SubRight: r.SubRight.Reveal(),
		MainHospital: r.MainHospital.Reveal(), SubHospital: r.SubHospital.Reveal(),
		PaidType:  r.PaidType.Reveal(),
		IssueDate: r.IssueDate.document(), ExpiryDate: r.ExpiryDate.expiryDocument(), UpdateDate: r.UpdateDate.document(),
		HospitalChanges: r.HospitalChanges.Reveal(),
	}
}
