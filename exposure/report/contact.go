package report

import (
	"fmt"
	"html/template"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// Contact is the block on every report that says whom to ask (A20). It is set by
// configuration; the Office's own address changes.
type Contact struct {
	Office string // สำนักงานคณะกรรมการคุ้มครองข้อมูลส่วนบุคคล (สคส.)
	Phone  string
	Email  string
	URL    string // what the QR code holds
}

func (c Contact) empty() bool { return c == Contact{} }

// code is the QR code of the URL as SVG, empty without one.
func (c Contact) code() (template.HTML, error) {
	if c.URL == "" {
		return "", nil
	}
	code, err := qr.Encode(c.URL, qr.M, qr.Auto)
	if err != nil {
		return "", fmt.Errorf("draw QR code: %w", err)
	}
	size := code.Bounds().Dx()
	var b strings.Builder
	fmt.Fprintf(&b, `<svg class="qr" role="img" aria-label="QR" viewBox="-4 -4 %d %d"><path fill="#fff" d="M-4-4h%dv%dh-%dz"/><path d="`, size+8, size+8, size+8, size+8, size+8)
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	b.WriteString(`"/></svg>`)
	return template.HTML(b.String()), nil // digits of coordinates alone: nothing of the caller's is in it
}
