package exposure_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"chipproof/exposure"
)

// A notice that is about to be published is looked through first.
func ExampleScanner_Scan() {
	key, err := exposure.NewKey(rand.Reader)
	if err != nil {
		fmt.Println(err)
		return
	}
	scanner, err := exposure.NewScanner(exposure.Options{Key: key, Now: time.Now})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer scanner.Close()
	outcome, err := scanner.Scan(context.Background(), exposure.Item{
		Target: "notice.txt", Reachability: exposure.Anonymous,
		Source: exposure.BodySource("ผู้มีสิทธิรับเงิน นายสมชาย ใจดี เลขประจำตัวประชาชน 1-1017-00230-70-8"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(outcome.People, "person")
	for _, f := range outcome.Findings {
		fmt.Println(f.Severity, f.Class, f.Masked, "line", f.Locator.Line)
	}
	// Output:
	// 1 person
	// high th_name xxxx xxxx line 1
	// high th_citizen_id 1-xxxx-xxxxx-70-8 line 1
}
