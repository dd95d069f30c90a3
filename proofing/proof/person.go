package proof

// PersonClaims are what is said about the person (proof §3), in clear. What was
// not asked for, and what the card leaves blank, is left out.
type PersonClaims struct {
	SalutationTH string `json:"salutation#th,omitzero"`
	GivenNameTH  string `json:"given_name#th,omitzero"`
	MiddleNameTH string `json:"middle_name#th,omitzero"`
	FamilyNameTH string `json:"family_name#th,omitzero"`
	SalutationEN string `json:"salutation#en,omitzero"`
	GivenNameEN  string `json:"given_name#en,omitzero"`
	MiddleNameEN string `json:"middle_name#en,omitzero"`
	FamilyNameEN string `json:"family_name#en,omitzero"`
	// Birthdate is YYYY-MM-DD or, where the card has no full date, YYYY.
	Birthdate string `json:"birthdate,omitzero"`
	// Gender is male, female or left out.
	Gender  string         `json:"gender,omitzero"`
	Address *AddressClaims `json:"address,omitzero"`
	// CitizenID belongs to the person and survives a new card.
	CitizenID string `json:"urn:chipproof:claim:th_citizen_id,omitzero"`
	// BirthDateParts is there when the card's date is no full date.
	BirthDateParts *BirthDate `json:"urn:chipproof:claim:birth_date,omitzero"`
	// AddressParts is there when separate parts were asked for.
	AddressParts *ThaiAddress `json:"urn:chipproof:claim:th_address,omitzero"`
}

// AddressClaims is an address by OpenID Connect Core §5.1.1; the card has no post
// code.
type AddressClaims struct {
	Formatted string `json:"formatted,omitzero"`
	// StreetAddress is number, moo, trok, soi, road.
	StreetAddress string `json:"street_address,omitzero"`
	// Locality is subdistrict and district, Region the province.
	Locality string `json:"locality,omitzero"`
	Region   string `json:"region,omitzero"`
	// CountryCode is THA.
	CountryCode string `json:"country_code,omitzero"`
}

// BirthDate is a date of birth as the card has it (design §5): Precision is month,
// year or none, and Date as long as that.
type BirthDate struct {
	Date      string `json:"date"`
	Precision string `json:"precision"`
	Buddhist  string `json:"buddhist"`
}

// ThaiAddress is an address in its parts (design §5); parts that the card leaves
// blank are empty.
type ThaiAddress struct {
	HouseNo     string `json:"house_no"`
	Moo         string `json:"moo"`
	Trok        string `json:"trok"`
	Soi         string `json:"soi"`
	Road        string `json:"road"`
	Subdistrict string `json:"subdistrict"`
	District    string `json:"district"`
	Province    string `json:"province"`
	Text        string `json:"text"`
}
