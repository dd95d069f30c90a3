package detect_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"chipproof/exposure/detect"
)

// sink keeps what was found.
type sink struct {
	hits   []detect.Hit
	misses int
}

func (s *sink) Hit(h detect.Hit) { s.hits = append(s.hits, h) }
func (s *sink) Miss(detect.Miss) { s.misses++ }

func find(text, header string, loose detect.Looseness) *sink {
	s := &sink{}
	detect.New().Find(&detect.Text{Bytes: []byte(text), Header: header, Loose: loose}, s)
	return s
}

// passing gives "class value" for what reaches the threshold.
func passing(s *sink) []string {
	out := []string{}
	for _, h := range s.hits {
		if h.Score >= detect.Threshold {
			out = append(out, string(h.Class)+" "+h.Value.Reveal())
		}
	}
	return out
}

const someone = "th_citizen_id 1101700230708"

func TestACitizenNumberIsFoundHoweverItIsWritten(t *testing.T) {
	for _, text := range []string{
		"1101700230708",
		"1-1017-00230-70-8",
		"1 1017 00230 70 8",
		"1–1017–00230–70–8",
		"1 1017 00230 70 8",
		"๑๑๐๑๗๐๐๒๓๐๗๐๘",
		"๑-๑๐๑๗-๐๐๒๓๐-๗๐-๘",
		"เลข1101700230708บาท",
		"tel_1101700230708",
		"x=1101700230708.",
		"ID1101700230708X",
		"1101700\u200b230708",
		"11\ufeff01700230708",
		"เลขประจำตัวประชาชน: 1101700230708 โทร 0812345678",
		"เลขบัตรประชาชน 1 1 0 1 7 0 0 2 3 0 7 0 8",
		"เลขบัตรประชาชน 110-1700-2307-08",
		"/people/1101700230708/view",
		"?cid=1%2D1017%2D00230%2D70%2D8",
		"?cid=%E0%B9%91%E0%B9%91%E0%B9%90%E0%B9%91%E0%B9%97%E0%B9%90%E0%B9%90%E0%B9%92%E0%B9%93%E0%B9%90%E0%B9%97%E0%B9%90%E0%B9%98",
		"1&#45;1017&#45;00230&#45;70&#45;8",
		"&#3665;&#3665;&#3664;&#3665;&#3671;&#3664;&#3664;&#3666;&#3667;&#3664;&#3671;&#3664;&#3672;",
		"data=eyJjaWQiOiIxMTAxNzAwMjMwNzA4In0=",
		"token MTEwMTcwMDIzMDcwOA==",
		"2567 1101700230708",
		"1101700230708 1101700230708",
		"11０1700230708", // a full-width digit
		"ปี 2567/1101700230708",
	} {
		got := passing(find(text, "", detect.Spaced))
		assert.Contains(t, got, someone, text)
	}
}

func TestWhatIsNoCitizenNumberIsNotFound(t *testing.T) {
	for _, text := range []string{
		"1101700230709",                 // check digit
		"11017002307081",                // too long
		"110170023070",                  // too short
		"0.1101700230708",               // a fraction
		"3333333333333",                 // all digits equal
		"1234567890121",                 // the sample of all instructions
		"deadbeef1101700230708deadbeef", // part of a hash
		"createdAt: 1101700230708",
		"timestamp=1101700230708",
		"บาร์โค้ด 1101700230708",
		"เลขที่ใบแจ้งหนี้ 1101700230708",
		"EMS tracking no 1101700230708",
		"เลขบัญชี 1101700230708",
		"1101-7002307-08", // a grouping that nobody uses, without a word
		"1\n1017\n00230\n70\n8",
	} {
		for _, p := range passing(find(text, "", detect.Spaced)) {
			assert.False(t, strings.HasPrefix(p, string(detect.CitizenID)), "%s: %s", text, p)
		}
	}
}

func TestAWordSpeaksForTheNumberThatItStandsBeside(t *testing.T) {
	text := "เลขที่ใบเสร็จ 1000000000190 เลขบัตรประชาชน 1101700230708"
	assert.Equal(t, []string{someone}, passing(find(text, "", detect.Spaced)))
	text = "invoice 1000000000190, citizen_id=1101700230708"
	assert.Equal(t, []string{someone}, passing(find(text, "", detect.Spaced)))
}

func TestHeadersSpeakForAndAgainst(t *testing.T) {
	for _, header := range []string{"", "เลขประจำตัวประชาชน", "citizen_id", "citizenId", "CID", "ID_CARD", "id", "ค่า"} {
		assert.Equal(t, []string{someone}, passing(find("1101700230708", header, detect.Spaced)), header)
	}
	for _, header := range []string{"createdAt", "updated_at", "barcode", "เลขที่ใบเสร็จ", "orderId", "trackingNo", "isbn", "took_ms", "เลขบัญชี"} {
		assert.Empty(t, passing(find("1101700230708", header, detect.Spaced)), header)
	}
}

func TestTheOtherClassesAreFound(t *testing.T) {
	cases := []struct{ text, header, want string }{
		{"เลเซอร์หลังบัตร JT1-2345678-90", "", "th_laser_code JT1234567890"},
		{"ME1234567890", "laser_code", "th_laser_code ME1234567890"},
		{"1101700230708 JT1-2345678-90", "", "th_laser_code JT1234567890"},
		{"โทร 081-234-5679", "", "th_phone 0812345679"},
		{"โทรศัพท์มือถือ 0812345679", "", "th_phone 0812345679"},
		{"+66 81 234 5679", "phone", "th_phone 0812345679"},
		{"เบอร์บ้าน 02-123-4567", "", "th_phone 021234567"},
		{"โทร ๐๘๑-๒๓๔-๕๖๗๙", "", "th_phone 0812345679"},
		{"นายสมชาย ใจดี", "", "th_name สมชายใจดี"},
		{"นางสาว สมหญิง รักไทย", "", "th_name สมหญิงรักไทย"},
		{"น.ส.สมหญิง รักไทย", "", "th_name สมหญิงรักไทย"},
		{"ด.ช. เด่น ดวงดี", "", "th_name เด่นดวงดี"},
		{"ชื่อนายสมชาย ใจดีเป็นผู้ร้อง", "", "th_name สมชายใจดี"},
		{"สมชาย ใจดี", "ชื่อ-สกุล", "th_name สมชายใจดี"},
		{"ชื่อ-นามสกุล : สมชาย ใจดี", "", "th_name สมชายใจดี"},
		{"ที่อยู่ 9 ถ.พหลโยธิน แขวงจตุจักร เขตจตุจักร กทม. 10900", "", "th_address 9พหลโยธินจตุจักรจตุจักรกรุงเทพมหานคร10900"},
		{"Somchai Jaidee", "full_name", "th_name somchaijaidee"},
		{"99/9 หมู่ที่ 3 ตำบลหนองกะปุ อำเภอบ้านลาด จังหวัดเพชรบุรี 76150", "", "th_address 99/93หนองกะปุบ้านลาดเพชรบุรี76150"},
		{"ที่อยู่ 99/9 ม.3 ต.หนองกะปุ อ.บ้านลาด จ.เพชรบุรี", "", "th_address 99/93หนองกะปุบ้านลาดเพชรบุรี"},
		{"12 ซอยสุขใจ ถนนพหลโยธิน แขวงจตุจักร เขตจตุจักร กรุงเทพมหานคร 10900", "", "th_address 12สุขใจพหลโยธินจตุจักรจตุจักรกรุงเทพมหานคร10900"},
		{"99/9 หมู่ 3 หนองกะปุ บ้านลาด เพชรบุรี 76150", "ที่อยู่", "th_address 99/93หนองกะปุบ้านลาดเพชรบุรี76150"},
		{"ธนาคารกรุงไทย เลขที่บัญชี 123-4-56789-0", "", "bank_account 1234567890"},
		{"passport no. AA1234567", "", "passport AA1234567"},
		{"วันเกิด 31/12/2525", "", "dob 1982-12-31"},
		{"เกิดวันที่ 31 ธันวาคม พ.ศ. 2525", "", "dob 1982-12-31"},
		{"๓๑ ธ.ค. ๒๕๒๕", "วันเดือนปีเกิด", "dob 1982-12-31"},
		{"1982-12-31", "birth_date", "dob 1982-12-31"},
		{"ส่งที่ somchai.j@gmail.com ด่วน", "", "email somchai.j@gmail.com"},
		{"4111 1111 1111 1111", "", "card 4111111111111111"},
		{"บัตรเครดิต 4111111111111111", "", "card 4111111111111111"},
		{"HN 123456", "", "health 123456"},
		{"67-001234", "HN", "health 67001234"},
		{"ทะเบียนรถ 1กข 1234", "", "vehicle 1กข1234"},
		{"พิกัด 13.756331, 100.501765", "", "geo 13.756331"},
		{"13.756331", "latitude", "geo 13.756331"},
		{"password=hunter2-and-3", "", "secret hunter2-and-3"},
	}
	for _, c := range cases {
		assert.Contains(t, passing(find(c.text, c.header, detect.Spaced)), c.want, "%s under %q", c.text, c.header)
	}
}

func TestAPDFMayHaveLostItsSpaces(t *testing.T) {
	got := passing(find("ชื่อนายสมชายใจดี เลขประจำตัวประชาชน 1101700230708", "", detect.Unspaced))
	assert.Equal(t, []string{"th_name สมชายใจดี", someone}, got)
}

func TestOfficesAreNoPeople(t *testing.T) {
	for _, text := range []string{
		"สำนักงานเทศบาล โทร. 032-491-000 ต่อ 12",
		"กองคลัง 032-491-001",
		"นายกเทศมนตรีตำบล บ้านลาด",
		"นายอำเภอบ้านลาด เปิดงาน",
		"saraban@banlat.go.th",
		"โทรสาร 032-491-002",
		"เลขทะเบียนนิติบุคคล 0105536000000",
		"รุ่น 1กข 1234",
		"ราคา 4111111111111112",
		"วันที่ 31/12/2525",
		"logo@2x.png",
		"tel: 0801 2345 67 in a dump", // groups that no phone is written in
		"0x1baac 1234567890",          // no bank
		"nanoseconds 36" + strings.Repeat("0", 11),
		"รุ่น JT1-2345678-90", // nothing says that it is a laser code
	} {
		assert.Empty(t, passing(find(text, "", detect.Spaced)), text)
	}
}

func TestPlacesPointIntoTheText(t *testing.T) {
	text := "ชื่อ นายสมชาย ใจดี เลข ๑๑๐๑๗๐๐๒๓๐๗๐๘ ครับ"
	s := find(text, "", detect.Spaced)
	for _, h := range s.hits {
		if h.Class == detect.CitizenID {
			assert.Equal(t, "๑๑๐๑๗๐๐๒๓๐๗๐๘", text[h.Start:h.End])
		}
	}
	text = "url ?a=b&cid=1%2D1017%2D00230%2D70%2D8 end"
	s = find(text, "", detect.Spaced)
	assert.Equal(t, "1%2D1017%2D00230%2D70%2D8", text[s.hits[0].Start:s.hits[0].End])
}

func TestNumbersWithAWrongCheckDigitAreCounted(t *testing.T) {
	assert.Equal(t, 2, find("1101700230709 1000000000191 1101700230708", "", detect.Spaced).misses)
}
