package doctor

import (
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// Answer is who listens on a port of loopback.
type Answer int

const (
	// Silence: nobody.
	Silence Answer = iota
	// Ours: chipproof, by how it refuses a name that is not its own.
	Ours
	// Other: some other program.
	Other
)

// agentPort is a port that other agents use and that `serve --compat` can open.
type agentPort struct {
	port  int
	agent string
}

// agentPorts are those of package api/compat (thai-id-card §13).
var agentPorts = []agentPort{{8189, "nhso"}, {9898, "go-thai-smartcard"}}

// dropIns says which of these ports are open. While one of ours is, that is a
// warning each time: it is weaker than our own API (agent-security §14).
func (m Machine) dropIns(ctx context.Context) []Check {
	if m.DropIn == nil {
		return []Check{{ID: IDCompat, State: Unknown, Found: Text{TH: "ไม่ได้ดูพอร์ตของโปรแกรมเดิม", EN: "The ports of other agents were not looked at."}}}
	}
	var checks []Check
	for _, p := range agentPorts {
		switch m.DropIn(ctx, p.port) {
		case Ours:
			checks = append(checks, p.ours())
		case Other:
			checks = append(checks, p.other())
		}
	}
	if len(checks) == 0 {
		checks = append(checks, Check{
			ID: IDCompat, State: OK,
			Found: Text{TH: "ไม่มีพอร์ตของโปรแกรมเดิมเปิดอยู่ (8189, 9898)", EN: "No port of another agent is open (8189, 9898)."},
		})
	}
	return checks
}

func (p agentPort) ours() Check {
	return Check{
		ID: IDCompat, Subject: strconv.Itoa(p.port), State: Warning,
		Found: Text{
			TH: fmt.Sprintf("chipproof เปิดพอร์ต %d แทนโปรแกรมเดิม (--compat %s) ซึ่งปลอดภัยน้อยกว่าปกติ", p.port, p.agent),
			EN: fmt.Sprintf("chipproof answers on port %d for pages of another agent (--compat %s), which is weaker than its own interface.", p.port, p.agent),
		},
		Remedy: Text{
			TH: "เปลี่ยนหน้าเว็บให้เรียก chipproof โดยตรง แล้วเลิกใช้ --compat",
			EN: "Have the pages changed to call chipproof itself, then start it without --compat.",
		},
	}
}

func (p agentPort) other() Check {
	return Check{
		ID: IDCompat, Subject: strconv.Itoa(p.port), State: Warning,
		Found: Text{
			TH: fmt.Sprintf("มีโปรแกรมอื่นอยู่ที่พอร์ต %d ซึ่ง %s ใช้", p.port, p.agent),
			EN: fmt.Sprintf("Another program listens on port %d, where %s does.", p.port, p.agent),
		},
		Remedy: Text{
			TH: fmt.Sprintf("ใช้ต่อได้ แต่โปรแกรมแบบนี้มักให้ข้อมูลบัตรแก่หน้าเว็บใดก็ได้ และ --compat %s เปิดไม่ได้จนกว่าจะปิดโปรแกรมนั้น", p.agent),
			EN: fmt.Sprintf("It can stay, but most programs of that kind give the card to any page that asks, and --compat %s can't be opened beside it.", p.agent),
		},
	}
}

// lookTime bounds a look at a port, which is on this machine.
const lookTime = time.Second

// dropIn asks under a name that is nobody's. Only chipproof answers that with its
// host_refused, and nothing else comes of the question.
func dropIn(ctx context.Context, port int) Answer {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return Silence
	}
	defer func() { _ = conn.Close() }()
	deadline, _ := ctx.Deadline()
	if conn.SetDeadline(deadline) != nil {
		return Other
	}
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: doctor.invalid\r\nConnection: close\r\n\r\n"); err != nil {
		return Other
	}
	answer, _ := io.ReadAll(io.LimitReader(conn, 4<<10)) // what came before the deadline is judged
	if strings.Contains(string(answer), `"code":"host_refused"`) {
		return Ours
	}
	return Other
}
