package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"chipproof/api"
	"chipproof/api/counter"
	"chipproof/cmd/internal/program"
	"chipproof/mfa"
	"chipproof/proofing"
	"chipproof/simulator"
)

// demonstrate serves a site that is thrown away at the end, and prints what a
// person needs to try it.
func (a agent) demonstrate(ctx context.Context, p *program.Program, what api.Text, origins []string) (err error) {
	d := &demo{user: demoUser, log: p.Log, compat: len(a.dropIns) > 0}
	defer func() { err = errors.Join(err, d.remove()) }()
	a.open = func(ctx context.Context) (*site, error) { return d.open(ctx, origins) }
	return a.serve(ctx, func(l *api.Listeners) {
		a.announce(p, l, what)
		d.introduce(p, l.URL())
		d.introduceProof(p, l.URL())
		machine, simulated := a.driver.(*simulator.Machine)
		if simulated {
			fmt.Fprintf(p.Err, "%s\n", p.Say.Label(api.Text{
				TH: "เสียบบัตรหนึ่งครั้งอ่านได้หนึ่งครั้ง: พิมพ์ remove แล้ว insert default เพื่อเสียบใหม่ (help แสดงทั้งหมด)",
				EN: "one insertion gives one answer: type remove, then insert default (help lists more)",
			}))
		}
		go d.attend(ctx, p, l.URL(), machine)
	})
}

// approve lists the origins that were named, or the one of every first try.
func (d *demo) approve(ctx context.Context, origins []string) error {
	if len(origins) == 0 {
		origins = []string{testOrigin}
	}
	for _, name := range origins {
		origin, err := counter.NewOrigin(counter.OriginEntry{Origin: name}, api.OriginRules{Mode: api.Test}, proofing.DefaultPolicy())
		if err != nil {
			return err
		}
		origin.ApprovedAt = time.Now()
		if d.compat {
			origin.Purposes = append(origin.Purposes, proofing.Compat)
		}
		if _, err := d.site.records.SaveOrigin(ctx, d.site.asActor(), origin); err != nil {
			return err
		}
	}
	d.origin = origins[0]
	return nil
}

// formFill is what a page asks that fills a form.
const formFill = `{"purpose":"form_fill","fields":["citizen_id","name","birth_date","sex","address"]}`

// introduce prints who can log in, and the lines that do it: password, code, read.
func (d *demo) introduce(p *program.Program, url string) {
	fmt.Fprintf(p.Err, "%s\n", p.Say.Label(api.Text{TH: "เปิด " + url + " ในเบราว์เซอร์ แล้วเข้าสู่ระบบด้วย", EN: "open " + url + " in a browser and log in as"}))
	fmt.Fprintf(p.Err, "%s: %s   %s: %s\n",
		p.Say.Label(api.Text{TH: "ผู้ใช้", EN: "user"}), d.user, p.Say.Label(api.Text{TH: "รหัสผ่าน", EN: "password"}), d.password.Reveal())
	code := d.showCode(p)
	fmt.Fprintf(p.Err, "%s:\n", p.Say.Label(api.Text{TH: "หรือไม่ใช้เบราว์เซอร์ วางทีละบรรทัด: รหัสผ่าน รหัสจากแอป อ่านบัตร", EN: "or without a browser, line by line: password, code, read"}))
	curl := d.curl(runtime.GOOS, url)
	fmt.Fprintf(p.Err, "  %s\n  %s\n  %s\n", curl.password(d.user, d.password), curl.code(code), curlJSON(runtime.GOOS, url+"/v1/reads", formFill, "Origin: "+d.origin))
}

// introduceProof prints the lines that set up a web site which asks for proofs
// and checks them. A site that is named by --origin is somebody's own.
func (d *demo) introduceProof(p *program.Program, url string) {
	if d.origin != testOrigin {
		return
	}
	fmt.Fprintf(p.Err, "%s:\n", p.Say.Label(api.Text{TH: "เว็บไซต์ทดลองที่ขอผลพิสูจน์ สั่งในหน้าต่างอื่น บรรทัดที่สองทำงานค้างไว้", EN: "a web site that asks for a proof, in other terminals; the second line goes on running"}))
	data := shellWord(filepath.Join(d.dir, "data"))
	fmt.Fprintf(p.Err, "  %s keys export --test --data %s > agent.json\n", calledAs(), data)
	fmt.Fprintf(p.Err, "  %s sim rp --agent %s --key site.key --write-jwks site.json --jwks agent.json\n", calledAs(), url)
	fmt.Fprintf(p.Err, "  %s origin add %s --test --jwks site.json --return-url %s/return --data %s\n", calledAs(), testOrigin, testOrigin, data)
}

func (d *demo) curl(system, url string) demoCurl {
	return demoCurl{system: system, url: url, jar: filepath.Join(d.dir, "cookies")}
}

// showCode prints what the clerk's app shows, if it shows a new code already.
func (d *demo) showCode(p *program.Program) mfa.Hidden {
	code, ok, until, err := d.app.next(time.Now())
	switch at := until.Local().Format(time.TimeOnly); {
	case err != nil:
		fmt.Fprintf(p.Err, "%v\n", err)
	case !ok:
		fmt.Fprintf(p.Err, "%s %s\n", p.Say.Label(api.Text{TH: "ยังไม่มีรหัสใหม่ กด Enter อีกครั้งหลัง", EN: "no new code yet; press Enter again after"}), at)
	default:
		fmt.Fprintf(p.Err, "%s: %s   (%s %s)\n", p.Say.Label(api.Text{TH: "รหัสจากแอป", EN: "code"}), code.Reveal(),
			p.Say.Label(api.Text{TH: "กด Enter เพื่อขอรหัสถัดไป รหัสนี้ใช้ได้ถึง", EN: "press Enter for the next one; this is good until"}), at)
	}
	return code
}

// attend shows the next code, with its line, each time that Enter is pressed, and
// where the reader is a simulated one obeys what is typed besides. Since a read
// from stdin can't be broken off, it is left behind at the end.
func (d *demo) attend(ctx context.Context, p *program.Program, url string, machine *simulator.Machine) {
	obey(ctx, p, attended{demo: d, program: p, url: url, machine: machine})
}

// attended is what stdin of a demonstration works.
type attended struct {
	demo    *demo
	program *program.Program
	url     string
	machine *simulator.Machine // nil: a real reader, worked by hand
}

// Command implements [commanded]; an empty line asks for a code.
func (a attended) Command(ctx context.Context, line string) (string, error) {
	if strings.TrimSpace(line) != "" {
		if a.machine == nil {
			return "", errors.New("press Enter for a code, or Ctrl-C to end")
		}
		return a.machine.Command(ctx, line)
	}
	code := a.demo.showCode(a.program)
	if code.Reveal() == "" {
		return "", nil
	}
	return "  " + a.demo.curl(runtime.GOOS, a.url).code(code), nil
}
