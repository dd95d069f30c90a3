package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/api"
	module "chipproof/api/client"
	"chipproof/cmd/internal/programtest"
)

// The catalogue is made from the tables that answers are made from; its diff is the
// review of what people are told: go test ./cmd/chipproof -run Catalogue -update.
func TestTheCatalogueOfErrorsIsWhatTheTablesSay(t *testing.T) {
	for lang, page := range map[api.Lang]string{api.Thai: "th", api.English: "en"} {
		path := filepath.Join("..", "..", "docs", page, "errors.md")
		made := catalogue(t, lang)
		if *update {
			require.NoError(t, os.WriteFile(path, []byte(made), 0o644))
		}
		programtest.CheckPage(t, path, made, "go test ./cmd/chipproof -run Catalogue -update")
	}
}

func TestEveryCodeStandsInTheCatalogue(t *testing.T) {
	made := catalogue(t, api.English)
	codes := kind().ServedProblems().Codes()
	for _, row := range kind().Problems() {
		codes = append(codes, row.Code)
	}
	require.Greater(t, len(codes), 60)
	for _, code := range codes {
		assert.Contains(t, made, "| `"+code+"` |")
	}
}

func catalogue(t *testing.T, lang api.Lang) string {
	t.Helper()
	answered := append(kind().ServedProblems(), kind().ServedProblems().Find(errors.New("nobody's")))
	answered = slices.DeleteFunc(answered, func(r api.Row) bool { return r.Status == 0 })
	typed := slices.DeleteFunc(kind().Problems(), func(r api.Row) bool { return r.Status != 0 })
	w := catalogueWords[lang]
	var page strings.Builder
	fmt.Fprintf(&page, "%s\n", w.head)
	fmt.Fprintf(&page, "\n%s\n\n| %s | HTTP | %s | %s |\n| --- | --- | --- | --- |\n", w.served, w.code, w.title, w.remedy)
	for _, l := range linesOf(answered, lang) {
		fmt.Fprintf(&page, "| `%s` | %s | %s | %s |\n", l.Code, l.Status, l.Title, l.Remedy)
	}
	for _, part := range []struct {
		head  string
		lines []programtest.ErrorLine
	}{{w.module, moduleLines(t, lang)}, {w.typed, linesOf(typed, lang)}} {
		fmt.Fprintf(&page, "\n%s\n\n| %s | %s | %s |\n| --- | --- | --- |\n", part.head, w.code, w.title, w.remedy)
		for _, l := range part.lines {
			fmt.Fprintf(&page, "| `%s` | %s | %s |\n", l.Code, l.Title, cmp.Or(l.Remedy, w.help))
		}
	}
	return page.String()
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

// moduleWord is one of chipproof.js: a code, then title and remedy in Thai, then in English.
var moduleWord = regexp.MustCompile(`(?m)^  ([a-z_]+): \[\n    \['([^']*)', '([^']*)'\],\n    \['([^']*)', '([^']*)'\],\n  \],$`)

// moduleLines are what chipproof.js says of itself, where no answer came.
func moduleLines(t *testing.T, lang api.Lang) []programtest.ErrorLine {
	t.Helper()
	script := string(module.Script())
	var lines []programtest.ErrorLine
	for _, m := range moduleWord.FindAllStringSubmatch(script, -1) {
		said := programtest.ErrorLine{Code: m[1], Title: programtest.ErrorCell(m[2]), Remedy: programtest.ErrorCell(m[3])}
		if lang == api.English {
			said.Title, said.Remedy = programtest.ErrorCell(m[4]), programtest.ErrorCell(m[5])
		}
		said.Remedy = strings.ReplaceAll(said.Remedy, "{console}", "http://localhost:8731/")
		lines = append(lines, said)
	}
	_, words, found := strings.Cut(script, "\nconst words = {\n")
	require.True(t, found, "chipproof.js has its words in one place")
	require.Len(t, lines, strings.Count(words, ": [\n"), "each is read")
	return programtest.SortErrors(lines)
}

var catalogueWords = map[api.Lang]struct {
	head, served, module, typed, code, title, remedy, help string
}{
	api.Thai: {
		head: `# รายการข้อผิดพลาด

หน้านี้สร้างจากตารางเดียวกับที่โปรแกรมใช้ตอบ จึงตรงกับที่เห็นบนจอเสมอ **รหัส** มีไว้ให้โปรแกรมใช้และไม่เปลี่ยน ส่วนข้อความมีไว้ให้คนอ่านและอาจปรับได้
ถ้าดูจากอาการ อ่าน[แก้ปัญหาตามอาการ](troubleshooting.md) ถ้าเขียนโปรแกรม อ่าน[คู่มือผู้พัฒนาเว็บ](developer.md)`,
		served: `## คำตอบของโปรแกรม

คำตอบเป็น problem ตาม RFC 9457: ` + "`code` `title` `remedy`" + ` และสถานะ HTTP ส่วน ` + "`field` `detail`" + ` และ ` + "`Retry-After`" + ` มีเฉพาะบางกรณี
chipproof.js ส่งต่อเป็น ` + "`ChipproofError`" + ` ที่มีค่าเหล่านี้ครบ`,
		module: `## สิ่งที่ chipproof.js บอกเอง

ไม่มีคำตอบจากโปรแกรม หรือคำตอบอ่านไม่ได้ สถานะจึงเป็น 0 เว้นแต่มีคำตอบ`,
		typed: `## คำสั่งในเทอร์มินัล

พบเฉพาะเมื่อพิมพ์คำสั่ง ` + "`chipproof`" + ` คำสั่งจบด้วยรหัส 2 และไม่มีอะไรถูกเปลี่ยน เว้นแต่ข้อความบอกไว้ คำสั่งใช้รหัสของคำตอบข้างบนด้วย`,
		code: "รหัส", title: "เกิดอะไรขึ้น", remedy: "ทำอย่างไรต่อ", help: "ดูวิธีใช้ของคำสั่งนั้นด้วย `--help`",
	},
	api.English: {
		head: `# Catalogue of errors

Made from the tables that the program answers from, so it says what stands on the screen. A **code** is for programs and stays; the
words are for people and may get better. By symptom: [troubleshooting](troubleshooting.md). For programs: [the developer's guide](developer.md).`,
		served: `## Answers of the agent

Each is a problem of RFC 9457: ` + "`code`, `title`, `remedy`" + ` and the HTTP status; ` + "`field`, `detail` and `Retry-After`" + ` where there is something to say.
chipproof.js hands them on as a ` + "`ChipproofError`" + ` with the same members.`,
		module: `## What chipproof.js says itself

No answer came, or none that can be read. The status is 0, unless there was one.`,
		typed: `## Commands

Met by whoever types ` + "`chipproof`" + ` in a terminal. The exit code is 2, and nothing was changed unless the words say so. Commands use the
codes of answers too.`,
		code: "code", title: "what happened", remedy: "what to do", help: "See the command's `--help`.",
	},
}
