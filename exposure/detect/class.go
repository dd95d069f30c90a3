package detect

// Class is a kind of personal data (assurance §4.1). The names are stable: they
// stand in reports and baselines.
type Class string

// The classes.
const (
	CitizenID   Class = "th_citizen_id"
	LaserCode   Class = "th_laser_code"
	Phone       Class = "th_phone"
	Name        Class = "th_name"
	Address     Class = "th_address"
	BankAccount Class = "bank_account"
	Passport    Class = "passport"
	BirthDate   Class = "dob"
	Email       Class = "email"
	Card        Class = "card"
	Health      Class = "health"
	Vehicle     Class = "vehicle"
	Geo         Class = "geo"
	Secret      Class = "secret"
)

// Classes is every class, in the order of assurance §4.1.
func Classes() []Class {
	return []Class{
		CitizenID, LaserCode, Phone, Name, Address, BankAccount, Passport,
		BirthDate, Email, Card, Health, Vehicle, Geo, Secret,
	}
}

// kind is what a word of the lexicon speaks for.
type kind uint8

const (
	none kind = iota
	ofCitizen
	ofLaser
	ofPhone
	ofName
	ofFullName // a header under which a whole name stands
	ofPartName // a header under which a first or last name stands
	ofAddress
	ofBank
	ofPassport
	ofBirth
	ofEmail
	ofCard
	ofHealth
	ofVehicle
	ofGeo
	ofSecret
	ofTax      // a taxpayer's number: a person's citizen number, or a company's
	ofGoods    // barcodes, parcels, invoices, orders: numbers of things
	ofTime     // timestamps
	ofOffice   // an office's own phones and addresses
	ofJuristic // companies and other bodies
	ofSample   // made up, to show how
	ofTitle    // นาย, นาง; for snippets
	ofPlace    // ตำบล, อำเภอ; for snippets
	ofPlain    // words that may stand in a snippet and speak for nothing
	kinds
)

// set is a set of kinds.
type set uint32

func (s set) has(k kind) bool { return s&(1<<k) != 0 }

func (s set) any(other set) bool { return s&other != 0 }

func setOf(ks ...kind) set {
	var s set
	for _, k := range ks {
		s |= 1 << k
	}
	return s
}
