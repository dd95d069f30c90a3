package doctor

import "strings"

// ipv6 is a note: browsers try ::1 and 127.0.0.1 for localhost, and one is enough.
func (m Machine) ipv6() Check {
	if m.LoopbackV6() == nil {
		return Check{ID: IDIPv6, State: OK, Found: Text{TH: "ใช้ ::1 ได้", EN: "::1 can be used."}}
	}
	return Check{
		ID: IDIPv6, State: Warning,
		Found: Text{
			TH: "IPv6 ปิดอยู่ chipproof จึงรับที่ 127.0.0.1 อย่างเดียว",
			EN: "IPv6 is off, so chipproof listens on 127.0.0.1 only.",
		},
		Remedy: Text{
			TH: "ไม่ต้องทำอะไร ยกเว้นหน้าเว็บที่เรียก [::1] โดยตรง ให้เปลี่ยนเป็น localhost",
			EN: "Nothing to do, unless a web page calls [::1] itself: let it call localhost.",
		},
	}
}

// terminal looks for a session that sits elsewhere. All users of one machine
// share loopback, one desk and one reader, so terminal servers are not supported
// (agent-security §3); and a service sees only the readers of its own machine.
func (m Machine) terminal() Check {
	kind := m.remoteSession()
	if kind == "" {
		return Check{
			ID: IDTerminal, State: OK,
			Found: Text{TH: "ไม่พบว่าเป็นการใช้เครื่องจากระยะไกล", EN: "This does not look like a remote session."},
		}
	}
	return Check{
		ID: IDTerminal, State: Warning,
		Found: Text{
			TH: "กำลังใช้เครื่องจากระยะไกล (" + kind + ")",
			EN: "This is a remote session (" + kind + ").",
		},
		Remedy: Text{
			TH: "chipproof ไม่รองรับเครื่องที่หลายคนใช้พร้อมกัน (terminal server) ให้ติดตั้งที่เครื่องของเคาน์เตอร์ซึ่งเสียบเครื่องอ่านบัตรไว้",
			EN: "Machines that several people share at once (terminal servers) are not supported: install chipproof on the counter's own machine, where the reader is.",
		},
	}
}

// remoteSession names the kind of remote session, empty for none that shows
// itself. Windows gives SESSIONNAME ("RDP-Tcp#3", "ICA-tcp#1"; "Console" at the
// machine), xrdp XRDP_SESSION, sshd SSH_CONNECTION.
func (m Machine) remoteSession() string {
	session := strings.ToUpper(m.Env("SESSIONNAME"))
	switch {
	case strings.HasPrefix(session, "RDP-"):
		return "Remote Desktop"
	case strings.HasPrefix(session, "ICA-"):
		return "Citrix"
	case m.Env("XRDP_SESSION") != "":
		return "xrdp"
	case m.Env("SSH_CONNECTION") != "":
		return "ssh"
	}
	return ""
}
