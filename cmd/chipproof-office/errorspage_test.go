package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	"chipproof/cmd/internal/programtest"
)

// The catalogue is made from the tables that answers are made from; its diff is the
// review of what people are told.
func TestTheOfficesCatalogueOfErrorsIsWhatTheTablesSay(t *testing.T) {
	for lang, page := range map[api.Lang]string{api.Thai: "th", api.English: "en"} {
		path := filepath.Join("..", "..", "docs", page, "errors-office.md")
		made := catalogue(lang)
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(made), 0o644))
		}
		programtest.CheckPage(t, path, made, "go test ./cmd/chipproof-office -run Catalogue -update")
	}
}

func TestEveryCodeStandsInTheOfficesCatalogue(t *testing.T) {
	made := catalogue(api.English)
	codes := kind().ServedProblems().Codes()
	for _, row := range kind().Problems() {
		codes = append(codes, row.Code)
	}
	require.Greater(t, len(codes), 60)
	for _, code := range codes {
		assert.Contains(t, made, "| `"+code+"` |")
	}
}

func catalogue(lang api.Lang) string {
	answered := append(answerable(kind().ServedProblems()), kind().ServedProblems().Find(errors.New("nobody's")))
	answered = slices.DeleteFunc(answered, func(r api.Row) bool { return r.Status == 0 })
	typed := slices.DeleteFunc(answerable(kind().Problems()), func(r api.Row) bool { return r.Status != 0 })
	w := catalogueWords[lang]
	var page strings.Builder
	fmt.Fprintf(&page, "%s\n\n%s\n\n| %s | HTTP | %s | %s |\n| --- | --- | --- | --- |\n", w.head, w.served, w.code, w.title, w.remedy)
	for _, l := range linesOf(answered, lang) {
		fmt.Fprintf(&page, "| `%s` | %s | %s | %s |\n", l.Code, l.Status, l.Title, l.Remedy)
	}
	fmt.Fprintf(&page, "\n%s\n\n| %s | %s | %s |\n| --- | --- | --- |\n", w.typed, w.code, w.title, w.remedy)
	for _, l := range linesOf(typed, lang) {
		fmt.Fprintf(&page, "| `%s` | %s | %s |\n", l.Code, l.Title, cmp.Or(l.Remedy, w.help))
	}
	return page.String()
}

// answerable are the rows that are ever answered with: of a cause that this program has
// words of its own for, the first one.
func answerable(table api.Table) api.Table {
	return slices.DeleteFunc(slices.Clone(table), func(r api.Row) bool {
		if r.Cause == nil {
			return false
		}
		found := table.Find(r.Cause)
		return found.Code != r.Code || found.Title != r.Title || found.Remedy != r.Remedy
	})
}

// linesOf is a table as people read it: by code, no line twice.
func linesOf(table api.Table, lang api.Lang) []programtest.ErrorLine {
	var lines []programtest.ErrorLine
	for _, row := range table {
		lines = append(lines, programtest.ErrorLine{
			Code: row.Code, Status: fmt.Sprint(row.Status),
			Title: programtest.ErrorCell(row.Title.In(lang)), Remedy: programtest.ErrorCell(row.Remedy.In(lang)),
		})
	}
	return programtest.SortErrors(lines)
}

var catalogueWords = map[api.Lang]struct {
	head, served, typed, code, title, remedy, help string
}{
	api.Thai: {
		head: `# รายการข้อผิดพลาดของ chipproof-office

หน้านี้สร้างจากตารางเดียวกับที่โปรแกรมใช้ตอบ จึงตรงกับที่เห็นบนจอเสมอ **รหัส** มีไว้ให้โปรแกรมใช้และไม่เปลี่ยน ส่วนข้อความมีไว้ให้คนอ่านและอาจปรับได้
วิธีทำงานทีละขั้นอยู่ใน[คู่มือเจ้าหน้าที่คุ้มครองข้อมูลส่วนบุคคล](dpo.md) ของโปรแกรมที่เคาน์เตอร์ดู[รายการข้อผิดพลาด](errors.md)`,
		served: `## คำตอบของโปรแกรม

คำตอบเป็น problem ตาม RFC 9457: ` + "`code` `title` `remedy`" + ` และสถานะ HTTP ส่วน ` + "`field` `detail`" + ` และ ` + "`Retry-After`" + ` มีเฉพาะบางกรณี`,
		typed: `## คำสั่งในเทอร์มินัล

พบเฉพาะเมื่อพิมพ์คำสั่ง ` + "`chipproof-office`" + ` คำสั่งจบด้วยรหัส 2 และไม่มีอะไรถูกเปลี่ยน เว้นแต่ข้อความบอกไว้ คำสั่งใช้รหัสของคำตอบข้างบนด้วย`,
		code: "รหัส", title: "เกิดอะไรขึ้น", remedy: "ทำอย่างไรต่อ", help: "ดูวิธีใช้ของคำสั่งนั้นด้วย `--help`",
	},
	api.English: {
		head: `# Catalogue of errors of chipproof-office

Made from the tables that the program answers from, so it says what stands on the screen. A **code** is for programs and stays; the
words are for people and may get better. Step by step: [the DPO's manual](dpo.md). For the program at the counter: [its catalogue](errors.md).`,
		served: `## Answers of the program

Each is a problem of RFC 9457: ` + "`code`, `title`, `remedy`" + ` and the HTTP status; ` + "`field`, `detail` and `Retry-After`" + ` where there is something to say.`,
		typed: `## Commands

Met by whoever types ` + "`chipproof-office`" + ` in a terminal. The exit code is 2, and nothing was changed unless the words say so. Commands use the
codes of answers too.`,
		code: "code", title: "what happened", remedy: "what to do", help: "See the command's `--help`.",
	},
}
