package program

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"chipproof/api"
)

// Why a command gives no answer, besides what the domain says.
var (
	ErrFileExists     = errors.New("file exists")
	ErrFileUnwritable = errors.New("file can't be written")
)

// Problems is the table of all that the program serves, with the causes in front
// that only a command line has. Those have no HTTP status: they never reach a web
// app.
func (k Kind) Problems() api.Table {
	own := api.Table{
		{
			Match: func(err error) bool { _, ok := errors.AsType[*UsageError](err); return ok },
			Code:  "usage_invalid",
			Title: api.Text{TH: "คำสั่งหรือค่าที่ตั้งไว้ไม่ถูกต้อง", EN: "The command line or a setting is wrong"},
		},
		{
			Cause: ErrFileExists, Code: "file_exists",
			Title:  api.Text{TH: "มีไฟล์นี้อยู่แล้ว", EN: "The file exists already"},
			Remedy: api.Text{TH: "ระบุชื่ออื่น หรือใส่ --force เพื่อเขียนทับ ถ้าคำสั่งนั้นมี", EN: "Name another file, or say --force to replace it where the command has that."},
		},
		{
			Cause: ErrFileUnwritable, Code: "file_unwritable",
			Title:  api.Text{TH: "เขียนไฟล์ไม่ได้", EN: "The file can't be written"},
			Remedy: api.Text{TH: "ตรวจว่ามีโฟลเดอร์นี้ มีสิทธิ์เขียน และดิสก์ยังไม่เต็ม", EN: "See that the folder exists, may be written to, and has room."},
		},
		{
			Cause: context.Canceled, Code: "interrupted",
			Title:  api.Text{TH: "ถูกหยุดก่อนได้คำตอบ", EN: "Stopped before there was an answer"},
			Remedy: api.Text{TH: "สั่งใหม่เมื่อพร้อม", EN: "Run it again when you are ready."},
		},
	}
	own = append(own, dataProblems()...)
	own = append(own, auditProblems()...)
	return slices.Concat(k.Own, k.namedRows(own), k.served())
}

// complain says on stderr why there is no answer: one line a language with the
// stable code, what happened and what to do, then the causes. No cause holds
// personal data.
func (p *Program) complain(err error) {
	row := p.Kind.Problems().Find(err)
	remedy := row.Remedy
	if usage, ok := errors.AsType[*UsageError](err); ok {
		remedy = api.Text{TH: "ดู " + p.Kind.Named(usage.Help), EN: "See " + p.Kind.Named(usage.Help)}
	}
	if stranger, ok := errors.AsType[*strangerError](err); ok {
		remedy = stranger.remedy(p.Kind.Name)
	}
	for _, lang := range p.Say {
		fmt.Fprintf(p.Err, "%s: %s: %s — %s\n", p.Kind.Name, row.Code, row.Title.In(lang), remedy.In(lang))
	}
	for _, cause := range strings.Split(err.Error(), "\n") {
		fmt.Fprintf(p.Err, "  %s\n", cause)
	}
}
