package doctor

import (
	"context"
	"errors"
	"io/fs"

	"chipproof/cardreader"
)

// service judges what came of asking the PC/SC service for its readers.
func (m Machine) service(ctx context.Context, err error) Check {
	c := Check{ID: IDService, State: Failed}
	switch {
	case err == nil:
		c.State = OK
		c.Found = Text{TH: "บริการเครื่องอ่านบัตร (PC/SC) ทำงานปกติ", EN: "The reader service (PC/SC) answers."}
	case errors.Is(err, cardreader.ErrNotBuiltIn):
		c.State = Unknown
		c.Found = Text{TH: "โปรแกรมนี้สร้างมาโดยไม่มีส่วนติดต่อ PC/SC", EN: "This program was built without PC/SC."}
		c.Remedy = Text{
			TH: "ใช้โปรแกรมฉบับที่เผยแพร่ หรือสร้างใหม่ด้วย CGO_ENABLED=1 และชุด libpcsclite-dev",
			EN: "Use a released program, or build it with CGO_ENABLED=1 and the package libpcsclite-dev.",
		}
	case errors.Is(err, cardreader.ErrDenied):
		c.Found = Text{
			TH: "บริการเครื่องอ่านบัตรไม่อนุญาตให้บัญชี " + m.Account + " ใช้งาน",
			EN: "The reader service refuses the account " + m.Account + ".",
		}
		c.Remedy = m.admission()
	case errors.Is(err, cardreader.ErrServiceDown):
		c.Found, c.Remedy = m.serviceDown()
	case ctx.Err() != nil:
		c.State = Unknown
		c.Found = Text{TH: "การตรวจถูกหยุดก่อนได้คำตอบ", EN: "The examination was stopped before an answer came."}
	default:
		c.Found = Text{
			TH: "บริการเครื่องอ่านบัตรทำงานอยู่แต่ไม่ตอบตามที่ควร",
			EN: "The reader service runs but does not answer as it should.",
		}
		c.Remedy = m.restart()
	}
	return c
}

// serviceDown tells a service that is missing from one that doesn't run.
func (m Machine) serviceDown() (found, remedy Text) {
	switch {
	case m.System == "windows":
		return Text{TH: "บริการ Smart Card ของ Windows (SCardSvr) ไม่ทำงาน", EN: "The Windows service Smart Card (SCardSvr) does not run."},
			Text{
				TH: "เสียบเครื่องอ่านบัตร (Windows จะเปิดบริการเอง) หรือเปิดด้วยสิทธิ์ผู้ดูแล: sc start SCardSvr",
				EN: "Plug the reader in (Windows then starts it), or as administrator: sc start SCardSvr",
			}
	case m.System == "linux" && m.Files != nil && !m.installed():
		return Text{TH: "ไม่พบบริการเครื่องอ่านบัตร (pcscd) ในเครื่องนี้", EN: "The reader service (pcscd) is not installed."},
			Text{
				TH: "ติดตั้ง: sudo apt-get install pcscd libccid (Fedora: pcsc-lite และ pcsc-lite-ccid)",
				EN: "Install it: sudo apt-get install pcscd libccid (Fedora: pcsc-lite and pcsc-lite-ccid)",
			}
	}
	return Text{TH: "บริการเครื่องอ่านบัตรไม่ทำงาน", EN: "The reader service does not run."}, m.restart()
}

func (m Machine) restart() Text {
	switch m.System {
	case "linux":
		return Text{
			TH: "เปิดบริการ: sudo systemctl enable --now pcscd.socket && sudo systemctl restart pcscd",
			EN: "Start it: sudo systemctl enable --now pcscd.socket && sudo systemctl restart pcscd",
		}
	case "windows":
		return Text{
			TH: "เปิดบริการใหม่ด้วยสิทธิ์ผู้ดูแล: sc stop SCardSvr แล้ว sc start SCardSvr",
			EN: "Restart it as administrator: sc stop SCardSvr, then sc start SCardSvr",
		}
	}
	return Text{
		TH: "ถอดเครื่องอ่านบัตรแล้วเสียบใหม่ ถ้าไม่หายให้เปิดเครื่องใหม่",
		EN: "Unplug the reader and plug it in again; if that doesn't help, restart the machine.",
	}
}

// installed says whether pcscd stands where a package or a build of one's own
// puts it.
func (m Machine) installed() bool {
	for _, path := range []string{"usr/sbin/pcscd", "usr/bin/pcscd", "sbin/pcscd", "usr/local/sbin/pcscd"} {
		if _, err := fs.Stat(m.Files, path); err == nil {
			return true
		}
	}
	return false
}
