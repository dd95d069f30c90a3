package doctor

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// IDLeak is the ID of what [LeakChecks] gives.
const IDLeak = "open_agent"

// LeakChecks says what [Neighbours.Look] found, in words: one check for each way
// in which an agent gives a card away, and one for each other port that is open.
// Closed ports are summed up when there is nothing else to say.
func LeakChecks(ports []Port) []Check {
	var checks []Check
	var numbers []string
	for _, p := range ports {
		numbers = append(numbers, strconv.Itoa(p.Number))
		for _, l := range p.Leaks {
			checks = append(checks, p.check(Failed, l.found(p), l.remedy(p)))
		}
		switch p.State {
		case PortOurs:
			checks = append(checks, p.check(OK, p.ours(), Text{}))
		case PortQuiet:
			checks = append(checks, p.check(OK, p.quiet(), Text{}))
		case PortUnasked:
			checks = append(checks, p.check(Unknown, p.notAsked(), whoIsThere))
		case PortSlow:
			checks = append(checks, p.check(Unknown, p.tooSlow(), whoIsThere))
		}
	}
	if len(checks) == 0 {
		list := strings.Join(numbers, ", ")
		checks = []Check{{ID: IDLeak, State: OK, Found: Text{
			TH: "ไม่มีพอร์ตของโปรแกรมอ่านบัตรอื่นเปิดอยู่ (" + list + ")",
			EN: "No port of another card agent is open (" + list + ").",
		}}}
	}
	return checks
}

func (p Port) check(state State, found, remedy Text) Check {
	return Check{ID: IDLeak, Subject: strconv.Itoa(p.Number), State: state, Found: found, Remedy: remedy}
}

// found says what the agent does. That it would give a card is concluded, never
// tried.
func (l Leak) found(p Port) Text {
	switch l.Way {
	case AnyOrigin:
		return Text{
			TH: fmt.Sprintf("พอร์ต %d (%s) ตอบหน้าเว็บของเว็บไซต์ใดก็ได้ที่เปิดอยู่ในเครื่องนี้ หน้าเหล่านั้นจึงขอข้อมูลบัตรได้", p.Number, l.Agent),
			EN: fmt.Sprintf("Port %d (%s) answers a page of any web site that is open on this machine, so any page can ask it for the card.", p.Number, l.Agent),
		}
	case AnyHost:
		return Text{
			TH: fmt.Sprintf("พอร์ต %d (%s) ตอบไม่ว่าจะถูกเรียกด้วยชื่อใด เว็บไซต์ที่ชี้ชื่อของตนมาที่เครื่องนี้ (DNS rebinding) จึงขอข้อมูลบัตรได้", p.Number, l.Agent),
			EN: fmt.Sprintf("Port %d (%s) answers under any name, so a site that points its own name at this machine (DNS rebinding) can ask it for the card.", p.Number, l.Agent),
		}
	}
	addresses := list(p.Beyond)
	return Text{
		TH: fmt.Sprintf("พอร์ต %d (%s) เปิดที่ที่อยู่เครือข่ายของเครื่องนี้ด้วย (%s) เครื่องอื่นจึงขอข้อมูลบัตรได้ เว้นแต่มีไฟร์วอลล์กั้น", p.Number, l.Agent, addresses),
		EN: fmt.Sprintf("Port %d (%s) is open at this machine's network addresses too (%s), so other machines can ask it for the card, unless a firewall is between.", p.Number, l.Agent, addresses),
	}
}

func (l Leak) remedy(p Port) Text {
	if l.Way == OtherAddresses {
		return Text{
			TH: fmt.Sprintf("ตั้งให้โปรแกรมรับที่ 127.0.0.1 อย่างเดียว ถ้าตั้งไม่ได้ ให้ปิดพอร์ต %d ขาเข้าในไฟร์วอลล์ของเครื่องนี้ หรือเลิกใช้โปรแกรมนั้น", p.Number),
			EN: fmt.Sprintf("Have it listen on 127.0.0.1 only; if it can't, close port %d for incoming connections in this machine's firewall, or stop using it.", p.Number),
		}
	}
	remedy := Text{
		TH: "ปิดโปรแกรมนั้นและเอาออกจากรายการเปิดพร้อมเครื่อง หรือขอรุ่นที่ตอบเฉพาะเว็บไซต์ที่อนุญาตจากผู้ผลิต ระหว่างนี้อย่าเสียบบัตรทิ้งไว้ขณะเปิดเว็บไซต์อื่น",
		EN: "Stop it and take it out of the machine's start-up, or get a version from its maker that answers approved sites only. Until then leave no card in the reader while other sites are open.",
	}
	for _, own := range agentPorts {
		if own.port == p.Number {
			remedy.TH += fmt.Sprintf("\nchipproof แทนได้ในส่วนของบัตร: chipproof serve --compat %s", own.agent)
			remedy.EN += fmt.Sprintf("\nchipproof can stand in for the card's part: chipproof serve --compat %s", own.agent)
		}
	}
	return remedy
}

func (p Port) ours() Text {
	return Text{
		TH: fmt.Sprintf("พอร์ต %d: chipproof อยู่ที่นี่ และไม่ให้ข้อมูลแก่หน้าเว็บแปลกหน้า", p.Number),
		EN: fmt.Sprintf("Port %d: chipproof is there, and gave a strange page nothing.", p.Number),
	}
}

func (p Port) quiet() Text {
	return p.andBeyond(Text{
		TH: fmt.Sprintf("พอร์ต %d: มีโปรแกรมอยู่ และไม่ให้อะไรแก่หน้าเว็บแปลกหน้า", p.Number),
		EN: fmt.Sprintf("Port %d: some program is there, and gave a strange page nothing.", p.Number),
	})
}

func (p Port) notAsked() Text {
	if len(p.Agents) == 0 {
		return p.andBeyond(Text{
			TH: fmt.Sprintf("พอร์ต %d เปิดอยู่ เป็นพอร์ตที่โปรแกรมอ่านบัตรบางตัวใช้ แต่ไม่รู้ว่าถามอะไรได้โดยไม่ขอข้อมูลบุคคล จึงไม่ได้ถามต่อ", p.Number),
			EN: fmt.Sprintf("Port %d is open, which some card agents use. Nothing is known that could be asked there without asking for a person, so it was not asked further.", p.Number),
		})
	}
	agents := strings.Join(p.Agents, ", ")
	return p.andBeyond(Text{
		TH: fmt.Sprintf("พอร์ต %d เปิดอยู่ เป็นพอร์ตของ %s สิ่งที่ถามได้เหลือแต่ข้อมูลบุคคล จึงไม่ได้ถามต่อ", p.Number, agents),
		EN: fmt.Sprintf("Port %d is open, which is that of %s. All that is left to ask there would be about a person, so it was not asked further.", p.Number, agents),
	})
}

func (p Port) tooSlow() Text {
	return p.andBeyond(Text{
		TH: fmt.Sprintf("พอร์ต %d: มีโปรแกรมอยู่ แต่ไม่ตอบในเวลาที่กำหนด จึงบอกไม่ได้", p.Number),
		EN: fmt.Sprintf("Port %d: some program is there, and did not answer in time, so nothing can be said of it.", p.Number),
	})
}

// andBeyond adds where else a program is that nobody could tell to be an agent.
func (p Port) andBeyond(t Text) Text {
	if len(p.Beyond) == 0 {
		return t
	}
	t.TH += " และเปิดที่ " + list(p.Beyond) + " ด้วย"
	t.EN += " It is open at " + list(p.Beyond) + " too."
	return t
}

var whoIsThere = Text{
	TH: "ดูว่าเป็นโปรแกรมอะไร (Linux: sudo ss -ltnp, Windows: netstat -abno, macOS: sudo lsof -nP -iTCP -sTCP:LISTEN) ถ้าเป็นโปรแกรมอ่านบัตร ให้ถือว่าให้ข้อมูลบัตรแก่หน้าเว็บใดก็ได้ จนกว่าผู้ผลิตจะแสดงว่าไม่ใช่",
	EN: "See which program it is (Linux: sudo ss -ltnp, Windows: netstat -abno, macOS: sudo lsof -nP -iTCP -sTCP:LISTEN). If it is a card agent, take it to give the card to any page until its maker shows otherwise.",
}

func list(addresses []netip.Addr) string {
	words := make([]string, len(addresses))
	for i, a := range addresses {
		words[i] = a.String()
	}
	return strings.Join(words, ", ")
}
