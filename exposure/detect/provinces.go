package detect

// provinces of Thailand, with the first two digits that their postcodes have.
// Names and prefixes are public knowledge (Thailand Post's list).
var provinces = map[string]string{
	"กรุงเทพมหานคร": "10", "กรุงเทพฯ": "10", "กทม": "10", "สมุทรปราการ": "10", "นนทบุรี": "11", "ปทุมธานี": "12", "พระนครศรีอยุธยา": "13", "อยุธยา": "13", "อ่างทอง": "14", "ลพบุรี": "15", "สิงห์บุรี": "16", "ชัยนาท": "17", "สระบุรี": "18",
	"ชลบุรี": "20", "ระยอง": "21", "จันทบุรี": "22", "ตราด": "23", "ฉะเชิงเทรา": "24", "ปราจีนบุรี": "25", "นครนายก": "26", "สระแก้ว": "27",
	"นครราชสีมา": "30", "บุรีรัมย์": "31", "สุรินทร์": "32", "ศรีสะเกษ": "33", "อุบลราชธานี": "34", "ยโสธร": "35", "ชัยภูมิ": "36", "อำนาจเจริญ": "37", "บึงกาฬ": "38", "หนองบัวลำภู": "39",
	"ขอนแก่น": "40", "อุดรธานี": "41", "เลย": "42", "หนองคาย": "43", "มหาสารคาม": "44", "ร้อยเอ็ด": "45", "กาฬสินธุ์": "46", "สกลนคร": "47", "นครพนม": "48", "มุกดาหาร": "49",
	"เชียงใหม่": "50", "ลำพูน": "51", "ลำปาง": "52", "อุตรดิตถ์": "53", "แพร่": "54", "น่าน": "55", "พะเยา": "56", "เชียงราย": "57", "แม่ฮ่องสอน": "58",
	"นครสวรรค์": "60", "อุทัยธานี": "61", "กำแพงเพชร": "62", "ตาก": "63", "สุโขทัย": "64", "พิษณุโลก": "65", "พิจิตร": "66", "เพชรบูรณ์": "67",
	"ราชบุรี": "70", "กาญจนบุรี": "71", "สุพรรณบุรี": "72", "นครปฐม": "73", "สมุทรสาคร": "74", "สมุทรสงคราม": "75", "เพชรบุรี": "76", "ประจวบคีรีขันธ์": "77",
	"นครศรีธรรมราช": "80", "กระบี่": "81", "พังงา": "82", "ภูเก็ต": "83", "สุราษฎร์ธานี": "84", "ระนอง": "85", "ชุมพร": "86",
	"สงขลา": "90", "สตูล": "91", "ตรัง": "92", "พัทลุง": "93", "ปัตตานี": "94", "ยะลา": "95", "นราธิวาส": "96",
}

// The same, by the low bits of a name's first letter, and by postcode.
var provincesByLetter, provincesByCode = func() (letters [128][]string, codes map[string][]string) {
	codes = map[string][]string{}
	for name, code := range provinces {
		letters[letterOf(name)] = append(letters[letterOf(name)], name)
		codes[code] = append(codes[code], name)
	}
	return letters, codes
}()

func letterOf(name string) byte { return name[1]&1<<6 | name[2]&0x3F }

// provinceAt is the province that b begins with, the longest one.
func provinceAt(b []byte) string {
	best := ""
	if len(b) < 3 || b[0] != 0xE0 {
		return best
	}
	for _, name := range provincesByLetter[b[1]&1<<6|b[2]&0x3F] {
		if len(name) > len(best) && len(b) >= len(name) && string(b[:len(name)]) == name {
			best = name
		}
	}
	return best
}

// provinceBefore is the province with this postcode that b ends with.
func provinceBefore(b []byte, code string) string {
	best := ""
	for _, name := range provincesByCode[code] {
		if len(name) > len(best) && len(b) >= len(name) && string(b[len(b)-len(name):]) == name {
			best = name
		}
	}
	return best
}
