package thaiid

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// The person on the test card is synthetic: the citizen number is the test
// value 1101700230708, everything else is invented (design §5).

// tis encodes Thai as TIS-620 by the arithmetic of the standard: U+0E01 is A1,
// and so on.
func tis(text string) []byte {
	var out []byte
	for _, r := range text {
		if r >= 0x0E00 && r <= 0x0E5B {
			r = r - 0x0E00 + 0xA0
		}
		if r > 0xFF {
			panic(fmt.Sprintf("test text holds U+%04X", r))
		}
		out = append(out, byte(r))
	}
	return out
}

// put writes data at an offset and pads with spaces to length.
func put(memory []byte, offset, length int, data []byte) {
	if len(data) > length {
		panic("test data is too long")
	}
	copy(memory[offset:offset+length], bytes.Repeat([]byte{' '}, length))
	copy(memory[offset:], data)
}

// The offsets here are those of thai-id-card §4, typed by hand once more, so
// that a slip in the layout table shows.
func newMOI() []byte {
	m := bytes.Repeat([]byte{' '}, 0x1627+256)
	put(m, 0x0000, 4, []byte("0003"))
	put(m, 0x0004, 13, []byte("1101700230708"))
	put(m, 0x0011, 100, tis("นาย#สมชาย##ใจดี"))
	put(m, 0x0075, 100, []byte("Mr.#Somchai##Jaidee"))
	put(m, 0x00D9, 8, []byte("25251231"))
	put(m, 0x00E1, 1, []byte("1"))
	put(m, 0x00E2, 20, []byte("100000000001/01"))
	put(m, 0x00F6, 100, tis("อำเภอบ้านลาด/เพชรบุรี"))
	put(m, 0x015A, 13, []byte("7699001000001"))
	put(m, 0x0167, 8, []byte("25630115"))
	put(m, 0x016F, 8, []byte("25711230"))
	put(m, 0x0177, 2, []byte("01"))
	putPhoto(m, jpegOf(5118))
	put(m, 0x1579, 160, tis("99/9#หมู่ที่ 3####ตำบลหนองกะปุ#อำเภอบ้านลาด#จังหวัดเพชรบุรี"))
	put(m, 0x1619, 14, []byte("9999-01-010101"))
	return m
}

func putPhoto(m, jpeg []byte) {
	binary.BigEndian.PutUint16(m[0x0179:], uint16(len(jpeg)))
	put(m, 0x017B, 5118, jpeg)
}

// The offsets are those of thai-id-card §8.
func newNHSO() []byte {
	m := bytes.Repeat([]byte{' '}, 0x0180)
	put(m, 0x0004, 60, tis("สิทธิหลักประกันสุขภาพแห่งชาติ"))
	put(m, 0x0040, 100, tis("ช่วงอายุ 12-59 ปี"))
	put(m, 0x00A4, 80, tis("โรงพยาบาลตัวอย่าง"))
	put(m, 0x00F4, 80, tis("สถานีอนามัยตัวอย่าง"))
	put(m, 0x0144, 1, []byte("1"))
	put(m, 0x0145, 8, []byte("25630115"))
	put(m, 0x014D, 8, []byte("99999999"))
	put(m, 0x0155, 8, []byte("25640000"))
	put(m, 0x015D, 1, []byte("2"))
	return m
}

func newCPLC() []byte {
	cplc := append([]byte{0x9F, 0x7F, 0x2A}, bytes.Repeat([]byte{0xEE}, 42)...)
	copy(cplc[13:], []byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF})
	return cplc
}

func newADM() []byte {
	return append([]byte{1, 0, 0, 0, 0, 0, 0}, "JT0123456789\x00\x00\x00\x00"...)
}

// newCard is a current card with every applet and a photo that fills its area.
func newCard() *testCard {
	return &testCard{moi: blocks{newMOI()}, nhso: blocks{newNHSO()}, adm: newADM(), cplc: newCPLC()}
}

// newCard0002 is a card as thai-id-card §5 has it: address in block 0, the rest
// in block 1, which ends with the photo.
func newCard0002() *testCard {
	m := newMOI()
	block0 := bytes.Repeat([]byte{' '}, 4+150)
	put(block0, 0, 4, []byte("0002"))
	put(block0, 4, 150, bytes.TrimRight(m[0x1579:0x1579+160], " "))
	block1 := bytes.Clone(m[:0x1579])
	put(block1, 0, 4, []byte("0002"))
	return &testCard{moi: blocks{block0, block1}, cplc: newCPLC()}
}

// jpegHead is SOI, a JFIF header, a frame of width × height and a scan header.
func jpegHead(width, height int) []byte {
	head := []byte{0xFF, 0xD8}
	head = append(head, 0xFF, 0xE0, 0x00, 0x10, 'J', 'F', 'I', 'F', 0, 1, 1, 1, 0, 96, 0, 96, 0, 0)
	head = append(head, 0xFF, 0xC0, 0x00, 0x0B, 8)
	head = binary.BigEndian.AppendUint16(head, uint16(height))
	head = binary.BigEndian.AppendUint16(head, uint16(width))
	head = append(head, 1, 1, 0x11, 0)
	return append(head, 0xFF, 0xDA, 0x00, 0x08, 1, 1, 0, 0, 63, 0)
}

// jpegOf is a picture of exactly size bytes. Its scan is all 0x20, so every
// block that is read of it ends in what looks like padding.
func jpegOf(size int) []byte {
	head := jpegHead(148, 178)
	return append(append(head, bytes.Repeat([]byte{0x20}, size-len(head)-2)...), 0xFF, 0xD9)
}
