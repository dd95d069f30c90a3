package detect_test

import (
	"strings"
	"testing"

	"chipproof/exposure/detect"
)

// prose is text with few candidates: what most files of an agency hold.
const prose = `ประกาศเทศบาลตำบลบ้านลาด เรื่อง การรับสมัครบุคคลเพื่อสรรหาและเลือกสรรเป็นพนักงานจ้างทั่วไป ด้วยเทศบาลมีความประสงค์จะรับสมัคร
ผู้มีคุณสมบัติตามที่กำหนด สามารถยื่นใบสมัครด้วยตนเองได้ที่งานการเจ้าหน้าที่ ในวันและเวลาราชการ The municipality invites applications from
persons who meet the requirements below; forms are available at the personnel office during working hours, and results will be announced in 2568.
Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore et dolore magna aliqua.
`

func BenchmarkFind(b *testing.B) {
	for name, text := range map[string]string{
		"prose":   strings.Repeat(prose, 400),
		"english": strings.Repeat("the quick brown fox jumps over the lazy dog, and nothing else happens in this line\n", 4000),
		"thai":    strings.Repeat("ผู้มีคุณสมบัติตามที่กำหนด สามารถยื่นใบสมัครด้วยตนเองได้ที่งานการเจ้าหน้าที่ ในวันและเวลาราชการ\n", 1000),
		"people":  strings.Repeat("นายสมชาย ใจดี เลขประจำตัวประชาชน 1-1017-00230-70-8 โทร 081-234-5679\n", 1000),
		"numbers": strings.Repeat(`{"createdAt":1700000000000,"n":12345,"v":3.14159,"id":99812,"t":"10.20.30.40"}`+"\n", 1000),
	} {
		b.Run(name, func(b *testing.B) {
			d := detect.New()
			t := &detect.Text{Bytes: []byte(text)}
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				s := &sink{}
				d.Find(t, s)
			}
		})
	}
}
