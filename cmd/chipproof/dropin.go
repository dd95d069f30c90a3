package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/api/compat"
	"chipproof/api/counter"
	"chipproof/cmd/internal/program"
)

// dropIn is a port for pages of another agent. Listeners and server are there
// while it is served.
type dropIn struct {
	agent     compat.Agent
	port      int
	listeners *api.Listeners
	server    *api.Server
}

// parseDropIns reads --compat: AGENT, or AGENT=PORT for tests.
func parseDropIns(values []string) ([]*dropIn, error) {
	var list []*dropIn
	seen := map[compat.Agent]bool{}
	for _, value := range values {
		name, port, other := strings.Cut(value, "=")
		a, err := compat.ParseAgent(name)
		if err != nil {
			return nil, fmt.Errorf("--compat: %w", err)
		}
		if seen[a] {
			return nil, fmt.Errorf("--compat: %s is named twice", a)
		}
		seen[a] = true
		d := &dropIn{agent: a, port: a.Port()}
		if other {
			n, err := strconv.ParseUint(port, 10, 16)
			if err != nil {
				return nil, errors.New("--compat: a port is a number from 0 to 65535")
			}
			d.port = int(n)
		}
		list = append(list, d)
	}
	return list, nil
}

// Listen implements [program.Door].
func (d *dropIn) Listen(ctx context.Context) (err error) {
	d.listeners, err = api.Listen(ctx, net.JoinHostPort("localhost", strconv.Itoa(d.port)))
	if err != nil {
		return fmt.Errorf("open --compat %s: %w", d.agent, err)
	}
	return nil
}

// Listeners implements [program.Door].
func (d *dropIn) Listeners() *api.Listeners { return d.listeners }

// Serve implements [program.Door].
func (d *dropIn) Serve(ctx context.Context) error { return d.server.Serve(ctx, d.listeners) }

// buildDropIns makes the servers of the ports that are asked for. There is one
// desk, one list of origins and one list of those refused, whatever the port.
func (a agent) buildDropIns(desk *counter.Counter, base api.Options) (*compat.Ports, error) {
	ports, err := compat.New(compat.Options{Desk: desk, Arms: desk, Problems: base.Problems, Now: time.Now, Log: a.log})
	if err != nil {
		return nil, err
	}
	for _, d := range a.dropIns {
		if d.server, err = ports.Server(d.agent, d.listeners.Ports()[0], base); err != nil {
			return nil, err
		}
	}
	return ports, nil
}

// announceDropIns says which ports are open, and that they are weaker.
func (a agent) announceDropIns(p *program.Program) {
	for _, d := range a.dropIns {
		text := api.Text{
			TH: "คำเตือน: เปิดพอร์ตสำหรับหน้าเว็บของโปรแกรมเดิม ปลอดภัยน้อยกว่าปกติ ไม่มีลายมือชื่อ ปิดเมื่อเปลี่ยนหน้าเว็บแล้ว",
			EN: "warning: open for pages of another agent; weaker, nothing is signed; close it once the pages are changed",
		}
		for _, lang := range p.Say {
			fmt.Fprintf(p.Err, "chipproof: %s (--compat %s) %s\n", d.listeners.URL(), d.agent, text.In(lang))
		}
	}
}

// dropInList names the agents and their ports, for the help.
func dropInList() string {
	var words []string
	for _, a := range compat.Agents() {
		words = append(words, fmt.Sprintf("%s (port %d)", a, a.Port()))
	}
	return strings.Join(words, ", ")
}
