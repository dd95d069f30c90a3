package report

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"time"
)

// Duty is a row of the letter that an agency must follow (assurance §1, A).
type Duty struct{ ID, Thai string }

// Duties is A01 to A18, in order, in the letter's own words.
func Duties() []Duty {
	return []Duty{
		{"A01", "ให้ตรวจสอบเผยแพร่ข้อมูลส่วนบุคคล โดยเฉพาะการเผยแพร่ข้อมูลลงบนเว็บไซต์แพลตฟอร์ม"},
		{"A02", "หรือช่องทางต่างๆ (เช่น API หรือ Application Programming Interface)"},
		{"A03", "ที่มีลักษณะเป็นการทั่วไปที่ทุกคนสามารถเข้าถึงได้"},
		{"A04", "หากพบมีการเปิดเผยข้อมูลในลักษณะดังกล่าวขอให้ยุติการเผยแพร่ข้อมูลในทันที"},
		{"A05", "ให้ตรวจสอบระบบเทคโนโลยีสารสนเทศที่อยู่ในความครอบครองของหน่วยงาน"},
		{"A06", "ทำการทดสอบเพื่อหาช่องโหว่ หรือการหลุดรั่วของข้อมูล"},
		{"A07", "กรณีตรวจพบว่ามีข้อมูลรั่วหรือระบบมีช่องโหว่ให้หน่วยงานเร่งปรับปรุงแก้ไข"},
		{"A08", "และรายงานมายังสำนักงานคณะกรรมการคุ้มครองข้อมูลส่วนบุคคลโดยเร็ว"},
		{"A09", "การรั่วไหลประกอบด้วย ชื่อ - นามสกุล ที่อยู่ เบอร์โทรศัพท์ หมายเลขบัตรประชาชน"},
		{"A10", "ยกระดับการพิสูจน์ตัวตน (Identity Proofing)"},
		{"A11", "โดยตรวจสอบข้อมูลของบุคคลกับหน่วยงานที่ออกหลักฐานแสดงตน"},
		{"A12", "ใช้เครื่องอ่านบัตรประชาชนที่อ่านข้อมูลจากชิป"},
		{"A13", "หลีกเลี่ยงการใช้การพิสูจน์ตัวตนที่ใช้แค่ข้อมูลหน้าบัตรประชาชน และ Laser code หลังบัตรเท่านั้น"},
		{"A14", "(กรณีมีการรั่วไหลของข้อมูล Laser code)"},
		{"A15", "ยกระดับการยืนยันตัวตน (Authentication) ก่อนเข้าสู่ระบบของหน่วยงานโดยใช้การยืนยันตัวตนแบบหลายปัจจัย"},
		{"A16", "กรอกรหัสผ่านร่วมกับรหัส OTP ที่ส่งมายังโทรศัพท์ของผู้ใช้บริการ"},
		{"A17", "หรือเปรียบเทียบชีวมิติ (Biometrics)"},
		{"A18", "และเรียกใช้กุญแจเข้ารหัส (Cryptographic Software) ที่อยู่ในแอปพลิเคชัน"},
	}
}

// ErrDutyUnknown: a row was marked that the letter doesn't have.
var ErrDutyUnknown = errors.New("duty unknown")

// Done says that a duty is done (A19): by whom, when, and what shows it.
type Done struct {
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Evidence string    `json:"evidence"`
}

// DutiesCSV writes all of A01 to A18 for district and province, the undone ones
// included. Errors: [ErrDutyUnknown], [ErrUnsafe].
func DutiesCSV(w io.Writer, agency string, done map[string]Done, d Digits) error {
	known := map[string]bool{}
	var out bytes.Buffer
	out.WriteString("\ufeff")
	rows := csv.NewWriter(&out)
	rows.UseCRLF = true
	records := [][]string{{"หน่วยงาน", "ข้อ", "แนวทาง", "สถานะ", "ผู้ดำเนินการ", "วันที่", "หลักฐาน"}}
	for _, duty := range Duties() {
		known[duty.ID] = true
		row := []string{inert(agency), duty.ID, duty.Thai, "ยังไม่ดำเนินการ", "", "", ""}
		if x, ok := done[duty.ID]; ok {
			row = append(row[:3], "ดำเนินการแล้ว", inert(x.By), d.text(date(x.At)), inert(x.Evidence))
		}
		records = append(records, row)
	}
	for id := range done {
		if !known[id] {
			return fmt.Errorf("write duties: %w: %q", ErrDutyUnknown, id)
		}
	}
	if err := rows.WriteAll(records); err != nil {
		return fmt.Errorf("write duties: %w", err)
	}
	return give(w, "duties", out.Bytes())
}
