package doctor

import (
	"fmt"
	"slices"
	"strings"

	"chipproof/cardreader"
)

// reader judges whether there is a reader at all.
func (m Machine) reader(readers []cardreader.State, plugged []usbReader, known bool) Check {
	c := Check{ID: IDReader, State: OK}
	switch {
	case !known:
		c.State = Unknown
		c.Found = Text{
			TH: "ดูเครื่องอ่านบัตรไม่ได้จนกว่าบริการจะทำงาน",
			EN: "Readers can't be seen until the service answers.",
		}
	case len(readers) > 0:
		names := make([]string, len(readers))
		for i, r := range readers {
			names[i] = shown(r.Reader)
		}
		c.Found = Text{
			TH: fmt.Sprintf("พบเครื่องอ่านบัตร %d เครื่อง: %s", len(readers), strings.Join(names, ", ")),
			EN: fmt.Sprintf("Readers found, %d: %s", len(readers), strings.Join(names, ", ")),
		}
	case len(plugged) > 0:
		c.State = Failed
		c.Found = Text{
			TH: "เสียบเครื่องอ่านบัตรแล้ว แต่บริการยังไม่รู้จัก",
			EN: "A reader is plugged in, but the service does not know it.",
		}
		c.Remedy = Text{TH: "ดูข้อ " + IDDriver + " ด้านล่าง", EN: "See " + IDDriver + " below."}
	default:
		c.State = Failed
		c.Found = Text{TH: "ไม่พบเครื่องอ่านบัตร", EN: "There is no reader."}
		c.Remedy = Text{
			TH: "เสียบเครื่องอ่านบัตรเข้าช่อง USB ของเครื่องนี้โดยตรง ถ้ายังไม่พบให้เปลี่ยนช่องหรือเปลี่ยนสาย",
			EN: "Plug a reader straight into a USB port of this machine; if it still isn't found, try another port or cable.",
		}
	}
	return c
}

// driver compares what hangs on USB with what the service knows.
func (m Machine) driver(readers []cardreader.State, plugged []usbReader, seen, known bool) Check {
	c := Check{ID: IDDriver, State: OK}
	missing := undriven(readers, plugged)
	switch {
	case !seen:
		c.State = Unknown
		c.Found = Text{TH: "ระบบนี้ไม่เปิดให้ดูอุปกรณ์ USB", EN: "USB devices can't be seen here."}
		c.Remedy = m.lookYourself()
	case len(plugged) == 0:
		c.Found = Text{TH: "ไม่มีเครื่องอ่านบัตรเสียบอยู่ทาง USB", EN: "No reader is plugged in by USB."}
	case !known:
		c.State = Unknown
		c.Found = Text{
			TH: "เสียบอยู่ทาง USB: " + nameList(plugged) + " แต่ถามบริการเครื่องอ่านบัตรไม่ได้",
			EN: "Plugged in by USB: " + nameList(plugged) + ", but the reader service can't be asked.",
		}
	case len(missing) > 0:
		c.State = Failed
		c.Found = Text{
			TH: "เสียบอยู่แต่ไม่มีไดรเวอร์: " + nameList(missing),
			EN: "Plugged in, but without a driver: " + nameList(missing),
		}
		c.Remedy = m.installDriver()
	default:
		c.Found = Text{
			TH: "เครื่องอ่านบัตรทุกเครื่องที่เสียบทาง USB มีไดรเวอร์",
			EN: "Every reader plugged in by USB has its driver.",
		}
	}
	return c
}

// undriven are the USB readers that the service can't be serving. The two worlds
// share no key, only words: a USB reader claims one of the service's readers that
// bears its model's name. Those left over may be served under a name of another
// kind, as long as the service has such readers; a reader with two slots has two
// names of its own and lends none.
func undriven(readers []cardreader.State, plugged []usbReader) []usbReader {
	claimed := make([]bool, len(readers))
	var rest []usbReader
	for _, usb := range plugged {
		mine := -1
		for i, r := range readers {
			if !claimed[i] && usb.names(r) {
				mine = i
				break
			}
		}
		if mine < 0 {
			rest = append(rest, usb)
			continue
		}
		claimed[mine] = true
	}
	strangers := 0
	for _, r := range readers {
		ofThese := slices.ContainsFunc(plugged, func(usb usbReader) bool { return usb.names(r) })
		if !ofThese && !r.Simulated { // that hangs on no USB bus
			strangers++
		}
	}
	if len(rest) <= strangers {
		return nil
	}
	return rest
}

// names says whether r bears this model's name.
func (u usbReader) names(r cardreader.State) bool {
	return u.model != "" && strings.Contains(strings.ToLower(r.Reader), strings.ToLower(u.model))
}

func nameList(readers []usbReader) string {
	out := make([]string, len(readers))
	for i, r := range readers {
		out[i] = r.name()
	}
	return strings.Join(out, ", ")
}

func (m Machine) installDriver() Text {
	if m.System == "linux" {
		return Text{
			TH: "ติดตั้งไดรเวอร์: sudo apt-get install libccid (ACS รุ่นเก่า: libacsccid1) แล้ว sudo systemctl restart pcscd\n" +
				"ถ้ายังไม่พบ เครื่องอ่านรุ่นนี้ต้องใช้ไดรเวอร์ของผู้ผลิต",
			EN: "Install the driver: sudo apt-get install libccid (older ACS readers: libacsccid1), then sudo systemctl restart pcscd\n" +
				"If it still isn't found, this reader needs its maker's own driver.",
		}
	}
	return Text{TH: "ติดตั้งไดรเวอร์ของผู้ผลิตเครื่องอ่านบัตร", EN: "Install the driver of the reader's maker."}
}

// lookYourself is for systems where this program can't look at USB.
func (m Machine) lookYourself() Text {
	if m.System == "windows" {
		return Text{
			TH: "ถ้าเสียบแล้วไม่พบเครื่องอ่าน ให้เปิด Device Manager ดูหัวข้อ Smart card readers ว่ามีเครื่องหมายเตือนหรือไม่",
			EN: "If a plugged-in reader isn't found, look for a warning sign under Smart card readers in Device Manager.",
		}
	}
	return Text{
		TH: "ถ้าเสียบแล้วไม่พบเครื่องอ่าน ให้ดูรายการ USB ของระบบว่าเห็นอุปกรณ์หรือไม่",
		EN: "If a plugged-in reader isn't found, see whether the system's own list of USB devices shows it.",
	}
}
