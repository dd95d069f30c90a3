package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chipproof/api"
	"chipproof/api/office"
	"chipproof/cmd/internal/program"
	"chipproof/exposure"
	"chipproof/exposure/formats"
	"chipproof/exposure/job"
)

// How much a terminal shows; files have all of it.
const (
	tableRows   = 40
	tableUnread = 10
)

// scanTable is what a scan came to, for a terminal: people first, then findings
// from the worst down, then what nobody knows.
func scanTable(say program.Speech, r job.Result, compared bool) string {
	var page strings.Builder
	s := r.Report.Summary
	writePeople(&page, say, s.People, s.PeopleEstimated)
	writeCounts(&page, say, r)
	if compared {
		writeChanges(&page, say, r)
	}
	rows := slices.Clone(r.Compared)
	slices.SortStableFunc(rows, func(a, b exposure.Compared) int {
		if gone, other := a.Change == exposure.Fixed, b.Change == exposure.Fixed; gone != other {
			return map[bool]int{true: 1, false: -1}[gone]
		}
		return b.Rank() - a.Rank()
	})
	if len(rows) > 0 {
		page.WriteString("\n")
		writeFindings(&page, say, rows[:min(len(rows), tableRows)], compared)
	}
	if more := len(rows) - tableRows; more > 0 {
		fmt.Fprintf(&page, "%s\n", said(say, "และอีก %d รายการ ดูทั้งหมดด้วย --format csv", "and %d more; --format csv has all of them", more))
	}
	writeUnread(&page, say, r.Report.NotRead)
	return page.String()
}

// said is a sentence with a number in it.
func said(say program.Speech, th, en string, args ...any) string {
	return say.Label(api.Text{TH: fmt.Sprintf(th, args...), EN: fmt.Sprintf(en, args...)})
}

func writePeople(page *strings.Builder, say program.Speech, people int, estimated bool) {
	switch {
	case estimated:
		fmt.Fprintln(page, said(say, "ข้อมูลของประมาณ %d คน", "data of about %d people", people))
	case people == 0:
		fmt.Fprintln(page, said(say, "ไม่พบข้อมูลของบุคคลใด", "nobody's data"))
	case people == 1:
		fmt.Fprintln(page, said(say, "ข้อมูลของ 1 คน", "data of 1 person"))
	default:
		fmt.Fprintln(page, said(say, "ข้อมูลของ %d คน", "data of %d people", people))
	}
}

func writeCounts(page *strings.Builder, say program.Speech, r job.Result) {
	s := r.Report.Summary
	by := map[exposure.Severity]int{}
	for _, f := range r.Report.Findings {
		by[f.Severity]++
	}
	fmt.Fprintf(page, "%s%s\n", said(say, "พบ %d รายการ", "%d findings", s.Findings), severityCounts(say, by))
	fmt.Fprintln(page, said(say, "อ่าน %d ไฟล์หรือหน้า (%s) อ่านไม่ได้ %d", "%d files or pages read (%s), %d not read", s.Files, mebibytes(s.Bytes), s.NotRead))
	if s.Allowed > 0 {
		fmt.Fprintln(page, said(say, "ไม่รายงาน %d รายการที่หน่วยงานเผยแพร่โดยตั้งใจ", "%d work contacts are not reported", s.Allowed))
	}
	if s.Omitted > 0 {
		fmt.Fprintln(page, said(say, "นับไว้แต่ไม่ได้แสดง %d รายการ เพราะมีมากเกินไปในที่เดียว", "%d findings are counted and not listed, because one place had too many", s.Omitted))
	}
}

// severityCounts is ": ร้ายแรงมาก 2 · ต่ำ 1", nothing for none.
func severityCounts(say program.Speech, by map[exposure.Severity]int) string {
	var words []string
	for _, s := range office.Severities() {
		if by[s] > 0 {
			words = append(words, fmt.Sprintf("%s %d", say.Label(office.SeverityText(s)), by[s]))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return ": " + strings.Join(words, " · ")
}

func writeChanges(page *strings.Builder, say program.Speech, r job.Result) {
	counts := map[exposure.Change]int{}
	for _, f := range r.Compared {
		counts[f.Change]++
	}
	var words []string
	for _, c := range []exposure.Change{exposure.New, exposure.Still, exposure.Fixed, exposure.Unchecked} {
		words = append(words, fmt.Sprintf("%s %d", say.Label(office.ChangeText(c)), counts[c]))
	}
	fmt.Fprintln(page, strings.Join(words, " · "))
}

func writeFindings(page *strings.Builder, say program.Speech, rows []exposure.Compared, compared bool) {
	t := table{}
	head := []string{
		say.Label(api.Text{TH: "ระดับ", EN: "severity"}), say.Label(api.Text{TH: "ชนิด", EN: "class"}), say.Label(api.Text{TH: "ค่า (ปิดบัง)", EN: "value (masked)"}),
		say.Label(api.Text{TH: "ใครเข้าถึง", EN: "who can reach it"}),
	}
	if compared {
		head = append(head, say.Label(api.Text{TH: "เทียบกับเดิม", EN: "since before"}))
	}
	t.add(append(head, say.Label(api.Text{TH: "ที่", EN: "where"}))...)
	for _, f := range rows {
		row := []string{
			say.Label(office.SeverityText(f.Severity)), say.Label(office.ClassText(f.Class)), f.Masked, say.Label(office.ReachText(f.Reachability)),
		}
		if compared {
			row = append(row, say.Label(office.ChangeText(f.Change)))
		}
		t.add(append(row, place(f.Target, f.Locator))...)
	}
	t.write(page)
}

// place is where a finding is: file:line, file!cell, file#path.
func place(target string, l formats.Locator) string {
	switch {
	case l.Line > 0:
		target += ":" + strconv.FormatInt(l.Line, 10)
	case l.Path == "name":
		return target
	}
	switch {
	case l.Cell != "":
		target += " " + l.Cell
	case l.Path != "":
		target += " " + l.Path
	}
	return target
}

// writeUnread says what nobody has looked into: for each reason how much, and the
// first ones.
func writeUnread(page *strings.Builder, say program.Speech, list []exposure.NotRead) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(page, "\n%s\n", say.Label(api.Text{TH: "ที่อ่านไม่ได้ (ยังไม่รู้ว่ามีข้อมูลหรือไม่)", EN: "not read (nobody knows what is in these)"}))
	t := table{}
	for _, n := range list[:min(len(list), tableUnread)] {
		t.add(say.Label(office.NotReadText(n.Reason)), n.Target)
	}
	t.write(page)
	if more := len(list) - tableUnread; more > 0 {
		fmt.Fprintln(page, said(say, "และอีก %d แห่ง", "and %d more", more))
	}
}
