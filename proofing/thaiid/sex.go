package thaiid

// Sex is what the card says, as one of the words below. It hides itself.
type Sex struct{ Text }

// What [Sex] reveals.
const (
	SexMale        = "male"
	SexFemale      = "female"
	SexUnspecified = "unspecified" // one source alone has this code (thai-id-card §14.13)
	SexUnknown     = "unknown"     // blank, or a code that nobody knows
)

// decodeSex takes one byte. It is odd when there is a code, but not a known one.
func decodeSex(raw []byte) (sex Sex, odd bool) {
	switch string(raw) {
	case "1":
		return Sex{newText(SexMale)}, false
	case "2":
		return Sex{newText(SexFemale)}, false
	case "3":
		return Sex{newText(SexUnspecified)}, false
	case " ", "\x00":
		return Sex{newText(SexUnknown)}, false
	}
	return Sex{newText(SexUnknown)}, true
}
