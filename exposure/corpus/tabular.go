package corpus

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

// table is people in rows, with columns of what is no person's.
func (g *Generator) table(people int) [][]string {
	rows := [][]string{{"ลำดับ", "ชื่อ-สกุล", "เลขประจำตัวประชาชน", "วันเกิด", "ที่อยู่", "โทรศัพท์", "อีเมล", "createdAt", "บาร์โค้ด", "เลขที่ใบเสร็จ"}}
	switch g.random.below(3) {
	case 1:
		rows[0] = []string{"no", "full_name", "citizen_id", "birth_date", "address", "mobile", "email", "updated_at", "sku", "invoice_no"}
	case 2: // nothing names the number
		rows[0][2] = "รหัส"
	}
	form := g.random.below(4) // an export writes all numbers alike
	for i := range people {
		p := g.person()
		address := g.address(p)
		number := p.Number
		switch form {
		case 1:
			number = number[:1] + "-" + number[1:5] + "-" + number[5:10] + "-" + number[10:12] + "-" + number[12:]
		case 2:
			number = Thai(number)
		}
		g.plantNumber(p)
		g.plantName(p)
		g.plantBirth(p)
		g.plantAddress(address)
		g.plantPhone(p)
		g.plantEmail(p)
		rows = append(rows, []string{
			fmt.Sprint(i + 1), p.Title + p.First + " " + p.Last, number, g.birth(p), address, g.phone(p.Phone), p.Email,
			g.milliseconds(), g.barcode(), g.invoice(),
		})
	}
	return rows
}

func separated(rows [][]string, sep string) string {
	var b strings.Builder
	for _, row := range rows {
		for i, v := range row {
			if i > 0 {
				b.WriteString(sep)
			}
			if strings.ContainsAny(v, sep+"\"\n") {
				v = `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
			}
			b.WriteString(v)
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

func spreadsheet(rows [][]string) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	for r, row := range rows {
		for c, v := range row {
			cell, err := excelize.CoordinatesToCellName(c+1, r+1)
			if err != nil {
				return nil, fmt.Errorf("name cell: %w", err)
			}
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				return nil, fmt.Errorf("write cell: %w", err)
			}
		}
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("write spreadsheet: %w", err)
	}
	return out.Bytes(), nil
}
