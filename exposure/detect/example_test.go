package detect_test

import (
	"fmt"

	"chipproof/exposure/detect"
)

type printer struct{}

func (printer) Hit(h detect.Hit) {
	if h.Score >= detect.Threshold {
		fmt.Println(h.Class, detect.Masked(h.Class, h.Value.Reveal(), h.Rule))
	}
}

func (printer) Miss(detect.Miss) {}

func ExampleDetector_Find() {
	d := detect.New()
	d.Find(&detect.Text{Bytes: []byte("๑-๑๐๑๗-๐๐๒๓๐-๗๐-๘"), Header: "เลขบัตรประชาชน"}, printer{})
	// Output: th_citizen_id 1-xxxx-xxxxx-70-8
}
