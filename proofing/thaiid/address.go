package thaiid

import "strings"

// Address is the holder's address. Parts keep their prefixes (หมู่ที่, ตำบล …),
// because cutting a prefix by its length turns Bangkok into มหานคร
// (thai-smartcard-nodejs).
type Address struct {
	HouseNo, Moo, Trok, Soi, Road, Subdistrict, District, Province Text
	// Text is every part that is not empty, in the card's order, joined by one
	// space. It may hold more than the parts do.
	Text Text
}

// slot is one of the eight parts, in the order of the card.
type slot int

const (
	slotHouseNo slot = iota
	slotMoo
	slotTrok
	slotSoi
	slotRoad
	slotSubdistrict
	slotDistrict
	slotProvince
	slotCount

	slotNone slot = -1
)

// decodeAddress splits the address (thai-id-card §6). unplaced says that a part
// could not be placed and stands in Text only.
func decodeAddress(raw []byte) (address Address, unplaced bool, err error) {
	parts, err := decodeParts(raw)
	if err != nil {
		return Address{}, false, err
	}
	slots, unplaced := placeParts(parts)
	return Address{
		HouseNo:     newText(slots[slotHouseNo]),
		Moo:         newText(slots[slotMoo]),
		Trok:        newText(slots[slotTrok]),
		Soi:         newText(slots[slotSoi]),
		Road:        newText(slots[slotRoad]),
		Subdistrict: newText(slots[slotSubdistrict]),
		District:    newText(slots[slotDistrict]),
		Province:    newText(slots[slotProvince]),
		Text:        newText(joinText(parts)),
	}, unplaced, nil
}

// placeParts gives each part its slot, in three rounds: a prefix that agrees
// with the position; a prefix that doesn't, which beats the position
// (go-thai-smartcard #7: the soi was lost); the position.
func placeParts(parts []string) (slots [slotCount]string, unplaced bool) {
	for len(parts) > int(slotCount) && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1] // surplus '#' at the end
	}
	placed := make([]bool, len(parts))
	round := func(where func(i int) slot) {
		for i, part := range parts {
			if s := where(i); !placed[i] && part != "" && s != slotNone && slots[s] == "" {
				slots[s], placed[i] = part, true
			}
		}
	}
	position := func(i int) slot { return positionOf(i, len(parts)) }
	prefix := func(i int) slot { return prefixOf(parts[i], len(parts)) }

	round(func(i int) slot {
		if prefix(i) != position(i) {
			return slotNone
		}
		return position(i)
	})
	round(prefix)
	round(position)

	for i, part := range parts {
		unplaced = unplaced || part != "" && !placed[i]
	}
	return slots, unplaced
}

// positionOf is the slot of part i of n by its place alone. With another number
// than eight only the first and the last three have one.
func positionOf(i, n int) slot {
	switch {
	case n == int(slotCount):
		return slot(i)
	case i == 0:
		return slotHouseNo
	case n > 3 && i >= n-3:
		return slotCount - slot(n-i)
	}
	return slotNone
}

// prefixOf is the slot that a clear prefix names. The words of the
// administration count only where the position doesn't tell: with eight parts a
// road may well be called เขต….
func prefixOf(part string, n int) slot {
	switch {
	case strings.HasPrefix(part, "หมู่ที่"):
		return slotMoo
	case strings.HasPrefix(part, "ตรอก"):
		return slotTrok
	case strings.HasPrefix(part, "ซอย"):
		return slotSoi
	case strings.HasPrefix(part, "ถนน"):
		return slotRoad
	case n == int(slotCount):
		return slotNone
	case strings.HasPrefix(part, "ตำบล"), strings.HasPrefix(part, "แขวง"):
		return slotSubdistrict
	case strings.HasPrefix(part, "อำเภอ"), strings.HasPrefix(part, "เขต"):
		return slotDistrict
	case strings.HasPrefix(part, "จังหวัด"), part == "กรุงเทพมหานคร":
		return slotProvince
	}
	return slotNone
}
