package letters_test

import (
	"errors"
	"fmt"
	"time"

	"chipproof/breach"
	"chipproof/breach/letters"
)

func Example() {
	templates, err := letters.Shipped()
	if err != nil {
		fmt.Println(err)
		return
	}
	maker := letters.Maker{Agency: letters.Agency{Name: "ที่ว่าการอำเภอตัวอย่าง"}, Templates: templates}
	now := time.Date(2026, time.December, 30, 23, 30, 0, 0, breach.Bangkok())
	c, _, err := breach.Keeper{}.Open("b-2026-0007", breach.Reported{
		Title: "ไฟล์รายชื่อเปิดให้ดาวน์โหลด", Role: breach.RoleController, Source: breach.FromStaff, ReportedAt: breach.At(now),
	}, "u-12", now)
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = maker.OfficeNotice(c, letters.Draft{At: now, Digits: letters.ThaiDigits}, nil)
	if missing, ok := errors.AsType[*breach.MissingError](err); ok {
		fmt.Println(missing.What)
	}
	// Output:
	// [description people records dpo_contact consequences aware_at measures]
}
