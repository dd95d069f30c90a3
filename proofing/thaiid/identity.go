package thaiid

// Identity is what a card says of its holder and of itself: the fields that
// were asked for, and nothing else. Everything personal in it hides itself.
type Identity struct {
	// Fields is what was asked for. What was not is zero.
	Fields    Fields
	CitizenID CitizenID
	Name      Names
	BirthDate Date
	Sex       Sex
	Address   Address
	Card      Card
	Photo     Photo
	// LaserCode is blank when the card doesn't give one; then a finding says so.
	LaserCode LaserCode
	// NHSO is nil when the card has none or refuses it.
	NHSO *HealthRight
	// Findings is what there is to say about the values, in their order.
	Findings []Finding
}

// Card is what the card says of itself.
type Card struct {
	// Version is of the card's data, [Version0003] or [Version0002].
	Version string
	// Type is 01 for a national ID card.
	Type          Text
	Issuer        Text
	IssuerCode    IssuerCode
	IssueDate     Date
	ExpiryDate    Date
	RequestNumber RequestNumber
	// PhotoNumber is the number printed under the photo. Version 0002 has none.
	PhotoNumber Text
	// ChipNumber is blank when the card doesn't give one; then a finding says so.
	ChipNumber ChipNumber
}

// HealthRight is the health-insurance right as the card has it. It is stale in
// practice: hospitals ask NHSO online (thai-id-card §8).
type HealthRight struct {
	MainRight, SubRight               Text
	MainHospital, SubHospital         Text
	PaidType                          Text
	IssueDate, ExpiryDate, UpdateDate Date
	// HospitalChanges is one character, a count.
	HospitalChanges Text
}
