package breach_test

import (
	"fmt"
	"time"

	"chipproof/breach"
)

func Example() {
	now := time.Date(2026, time.December, 30, 23, 30, 0, 0, breach.Bangkok())
	keeper := breach.Keeper{Settings: breach.Shipped()}
	c, _, err := keeper.Open("b-2026-0007", breach.Reported{
		Title: "ไฟล์รายชื่อเปิดให้ดาวน์โหลด", Role: breach.RoleController, Source: breach.FromStaff, ReportedAt: breach.At(now),
	}, "u-12", now)
	if err != nil {
		fmt.Println(err)
		return
	}
	c, _, err = keeper.Record(c, breach.Aware{AwareAt: breach.At(now)}, "u-12", now)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, duty := range breach.Duties(c, now.Add(48*time.Hour)) {
		fmt.Println(duty.Duty, duty.Deadline, duty.State)
	}
	// Output:
	// assess_credibility 2026-12-31T23:30:00+07:00 overdue
	// notify_office 2027-01-02T23:30:00+07:00 due_soon
}
