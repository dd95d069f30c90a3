package simulator

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"chipproof/proofing/thaiid"
)

// Sizes that the layout table doesn't give (thai-id-card §4, §5, §8).
const (
	moiSize    = 0x1727 // behind the 256 bytes called SIGN
	signOffset = 0x1627
	photoArea  = 5118
	nhsoSize   = 0x015E

	oldTextSize   = 0x0179        // text in block 1 of a version 0002 card
	oldBlock1Size = 0x0179 + 5120 // text, photo length, photo
	oldAddressAt  = 4             // in block 0, behind the version
	oldAddressLen = 150
)

// memory is what the applets of one card hold. A nil file is an applet that the
// card doesn't have.
type memory struct {
	version string
	moi     []byte // read by INS B0
	block1  []byte // read by INS B1, version 0002 only
	nhso    []byte
	adm     []byte // 7 bytes of header and 16 of laser code
	cplc    []byte // the answer to GET DATA 9F7F
}

// memory encodes p.
func (p Person) memory() (memory, error) {
	parts, err := p.parts()
	if err != nil {
		return memory{}, err
	}
	m := memory{version: p.Card.Version, moi: make([]byte, moiSize)}
	if err := place(m.moi, thaiid.MOI, parts); err != nil {
		return memory{}, err
	}
	copy(m.moi[signOffset:], noise(moiSize-signOffset, p.CitizenID))
	if p.Card.Version == "0002" {
		if m.moi, m.block1, err = oldBlocks(m.moi, parts[thaiid.PartAddress]); err != nil {
			return memory{}, err
		}
	}
	if p.NHSO != nil {
		m.nhso = make([]byte, nhsoSize)
		if err := place(m.nhso, thaiid.NHSO, parts); err != nil {
			return memory{}, err
		}
	}
	if p.LaserCode != "" {
		// Version, state, authorise; three bytes nobody names; 12 characters, 4 NUL.
		m.adm = append([]byte{1, 0, 0, 0, 0, 0, 0}, p.LaserCode...)
		m.adm = append(m.adm, 0, 0, 0, 0)
	}
	if p.Chip.Number != "" {
		m.cplc, err = cplc(p.Chip.Number)
	}
	return m, err
}

// oldBlocks lays a version 0002 card out as GoSCApi reads it: block 0 has the
// version and a shorter address, block 1 the same text and photo as today.
func oldBlocks(moi, address []byte) (block0, block1 []byte, err error) {
	if len(address) > oldAddressLen {
		return nil, nil, fmt.Errorf("address: %d bytes, a version 0002 card has room for %d", len(address), oldAddressLen)
	}
	block0 = slices.Repeat([]byte{' '}, oldAddressAt+oldAddressLen)
	copy(block0, moi[:oldAddressAt])
	copy(block0[oldAddressAt:], address)
	return block0, slices.Clone(moi[:oldBlock1Size]), nil
}

// parts is the content of every part, unpadded.
func (p Person) parts() (map[thaiid.Part][]byte, error) {
	parts := map[thaiid.Part][]byte{}
	texts := p.texts()
	for _, part := range slices.Sorted(maps.Keys(texts)) {
		encoded, err := encodeTIS620(texts[part])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", part, err)
		}
		parts[part] = encoded
	}
	photo, err := p.JPEG()
	if err != nil {
		return nil, fmt.Errorf("photo: %w", err)
	}
	parts[thaiid.PartPhoto] = photo
	parts[thaiid.PartPhotoLength] = binary.BigEndian.AppendUint16(nil, uint16(len(photo)))

	over, err := p.overwrites()
	if err != nil {
		return nil, err
	}
	for part, content := range over {
		parts[part] = append(content, parts[part][min(len(content), len(parts[part])):]...)
	}
	return parts, nil
}

// texts is every part that is text, as it stands on the card.
func (p Person) texts() map[thaiid.Part]string {
	texts := map[thaiid.Part]string{
		thaiid.PartVersion:       p.Card.Version,
		thaiid.PartCitizenID:     p.CitizenID,
		thaiid.PartNameTH:        p.Name.TH.onCard(),
		thaiid.PartBirthDate:     p.BirthDate,
		thaiid.PartSex:           p.Sex,
		thaiid.PartRequestNumber: p.Card.RequestNumber,
		thaiid.PartIssuer:        p.Card.Issuer,
		thaiid.PartIssuerCode:    p.Card.IssuerCode,
		thaiid.PartIssueDate:     p.Card.IssueDate,
		thaiid.PartExpiryDate:    p.Card.ExpiryDate,
		thaiid.PartCardType:      p.Card.Type,
		thaiid.PartAddress:       p.Address.onCard(),
		thaiid.PartPhotoNumber:   p.Card.PhotoNumber,
	}
	if p.Name.EN != nil {
		texts[thaiid.PartNameEN] = p.Name.EN.onCard()
	}
	if p.NHSO != nil {
		maps.Copy(texts, map[thaiid.Part]string{
			thaiid.PartNHSOMainRight:       p.NHSO.MainRight,
			thaiid.PartNHSOSubRight:        p.NHSO.SubRight,
			thaiid.PartNHSOMainHospital:    p.NHSO.MainHospital,
			thaiid.PartNHSOSubHospital:     p.NHSO.SubHospital,
			thaiid.PartNHSOPaidType:        p.NHSO.PaidType,
			thaiid.PartNHSOIssueDate:       p.NHSO.IssueDate,
			thaiid.PartNHSOExpiryDate:      p.NHSO.ExpiryDate,
			thaiid.PartNHSOUpdateDate:      p.NHSO.UpdateDate,
			thaiid.PartNHSOHospitalChanges: p.NHSO.HospitalChanges,
		})
	}
	return texts
}

func (n Name) onCard() string { return strings.Join([]string{n.Title, n.First, n.Middle, n.Last}, "#") }

func (a Address) onCard() string {
	return strings.Join([]string{a.HouseNo, a.Moo, a.Trok, a.Soi, a.Road, a.Subdistrict, a.District, a.Province}, "#")
}

// place writes parts into file where the layout wants them, padded by spaces,
// which is how a card fills text and photo alike.
func place(file []byte, layout []thaiid.Segment, parts map[thaiid.Part][]byte) error {
	for _, s := range layout {
		content := parts[s.Part]
		if len(content) > s.Length {
			return fmt.Errorf("%s: %d bytes, the part has room for %d", s.Part, len(content), s.Length)
		}
		area := file[s.Offset:s.End()]
		for i := range area[copy(area, content):] {
			area[len(content)+i] = ' '
		}
	}
	return nil
}

// cplcHead is tag and length of the record.
var cplcHead = []byte{0x9F, 0x7F, 0x2A}

// cplc is a chip's life-cycle record with its tag and length. The number that
// the issuer wants is bytes 13 to 20: fabrication date, serial, batch
// (thai-id-card §8). All else is made up.
func cplc(number string) ([]byte, error) {
	id, err := hex.DecodeString(number)
	if err != nil {
		return nil, fmt.Errorf("chip.number: not hex")
	}
	record := append(slices.Clone(cplcHead), 0x47, 0x90, 0x01, 0x67, 0x47, 0x91, 0x12, 0x10, 0x39, 0x00)
	record = append(record, id...)
	return append(record, make([]byte, 3+0x2A-len(record))...), nil
}
