package thaiid

// Name is a name in one script. Titles are as on the card, abbreviated (น.ส.);
// a part that the card leaves empty is empty.
type Name struct {
	Title, First, Middle, Last Text
}

// Names are a holder's name in both scripts. No English name is four empty parts.
type Names struct {
	TH, EN Name
}

// decodeName splits title#first#middle#last. Fewer parts fill from the left,
// surplus ones join the last. Splitting on spaces would break middle names
// (privageapp), an index without a check panics on a short name (go-thai-smartcard).
func decodeName(raw []byte) (Name, error) {
	parts, err := decodeParts(raw)
	if err != nil {
		return Name{}, err
	}
	var four [4]string
	copy(four[:], parts)
	if len(parts) > len(four) {
		four[3] = joinText(parts[3:])
	}
	return Name{
		Title: newText(four[0]), First: newText(four[1]), Middle: newText(four[2]), Last: newText(four[3]),
	}, nil
}

// Reveal is the clear name in one line, its parts joined by spaces.
func (n Name) Reveal() string {
	return joinText([]string{n.Title.Reveal(), n.First.Reveal(), n.Middle.Reveal(), n.Last.Reveal()})
}
