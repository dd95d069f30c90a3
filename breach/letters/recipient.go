package letters

// Person is one row of the agency's list in clear.
type Person struct{ Name, Address, Email string }

// Recipient is one row of the agency's list of those affected. It hides itself;
// Reveal shows it, for the letter and its delivery and nothing else.
type Recipient struct{ hidden[Person] }

// NewRecipient is a recipient of a single letter.
func NewRecipient(p Person) Recipient { return Recipient{hide(p)} }

// Reveal is the person in clear.
func (r Recipient) Reveal() Person { return r.reveal() }
