package doctor

import "time"

// clock judges the workstation's clock: what is signed later carries its time.
func (m Machine) clock() Check {
	now := m.Clock()
	stamp := now.Format(time.RFC3339)
	c := Check{ID: IDClock}
	sync := m.Sync()
	switch {
	case !m.Built.IsZero() && now.Before(m.Built):
		c.State = Failed
		c.Found = Text{
			TH: "นาฬิกาของเครื่องแสดง " + stamp + " ซึ่งเก่ากว่าวันที่สร้างโปรแกรมนี้",
			EN: "The clock shows " + stamp + ", which is before this program was built.",
		}
		c.Remedy = m.setClock()
	case sync == Unsynchronised:
		c.State = Warning
		c.Found = Text{
			TH: "นาฬิกาแสดง " + stamp + " แต่ไม่มีบริการใดตั้งเวลาให้ตรง",
			EN: "The clock shows " + stamp + ", but nothing keeps it right.",
		}
		c.Remedy = m.setClock()
	case sync == Synchronised:
		c.State = OK
		c.Found = Text{TH: "นาฬิกาแสดง " + stamp + " และมีบริการตั้งเวลาให้ตรง", EN: "The clock shows " + stamp + " and is kept right."}
	default:
		c.State = Unknown
		c.Found = Text{
			TH: "นาฬิกาแสดง " + stamp + " ระบบนี้ไม่บอกว่าตั้งเวลาให้ตรงอยู่หรือไม่",
			EN: "The clock shows " + stamp + "; this system does not say whether it is kept right.",
		}
		c.Remedy = Text{TH: "เทียบกับนาฬิกาที่เชื่อถือได้", EN: "Compare it with a clock you trust."}
	}
	return c
}

func (m Machine) setClock() Text {
	switch m.System {
	case "linux":
		return Text{
			TH: "เปิดบริการตั้งเวลา: sudo timedatectl set-ntp true",
			EN: "Turn the time service on: sudo timedatectl set-ntp true",
		}
	case "windows":
		return Text{
			TH: "ตั้งเวลาด้วยสิทธิ์ผู้ดูแล: w32tm /resync",
			EN: "Set it as administrator: w32tm /resync",
		}
	}
	return Text{TH: "ให้ระบบตั้งเวลาเองจากเครือข่าย", EN: "Let the system set its time from the network."}
}
