package main

import (
	"errors"
	"fmt"
	"io"
)

// row is a line of the table: what, the bar of design §9, where the figure
// comes from, and where that of the other way of reading comes from.
type row struct {
	what, bar    string
	ours, others []figure
	format       string
}

const (
	inProcess = "chipproof/proofing"
	overPCSC  = "chipproof/cardreader/pcsc"
	overHTTP  = "chipproof/api/counter"
	program   = "chipproof/cmd/chipproof"
	relying   = "chipproof/proofing/proof"
	login     = "chipproof/mfa"
	database  = "chipproof/store"
	inBrowser = "chipproof/api/browsertest"
	scanner   = "chipproof/exposure"
	accuracy  = "chipproof/exposure/corpus"
	register  = "chipproof/store/office"
)

// tables are those of the README: each has its own to compare with.
var tables = []struct {
	others string
	rows   []row
}{
	{"field by field, as others read", rows},
	{"`grep -cP '\\d{13}'`", scanRows},
}

var rows = []row{
	{
		"exchanges, all text of the MOI applet, select to final re-read", "≤ 9",
		[]figure{{inProcess, "BenchmarkRead/text/TA96", "moi-exchanges/op"}},
		[]figure{{inProcess, "BenchmarkReadAsOthersDo/text/TA96", "moi-exchanges/op"}},
		"%.0f",
	},
	{
		"exchanges, the same with a full-size photo", "≤ 50",
		[]figure{{inProcess, "BenchmarkRead/photo/TA96", "moi-exchanges/op"}},
		[]figure{{inProcess, "BenchmarkReadAsOthersDo/photo/TA96", "moi-exchanges/op"}},
		"%.0f",
	},
	{
		"milliseconds a read of all text, chip number included, TA1 = 96 / 18", "–",
		[]figure{{inProcess, "BenchmarkRead/text/TA96", "ms/op"}, {inProcess, "BenchmarkRead/text/TA18", "ms/op"}},
		[]figure{{inProcess, "BenchmarkReadAsOthersDo/text/TA96", "ms/op"}, {inProcess, "BenchmarkReadAsOthersDo/text/TA18", "ms/op"}},
		"%.0f",
	},
	{
		"the same with a full-size photo", "–",
		[]figure{{inProcess, "BenchmarkRead/photo/TA96", "ms/op"}, {inProcess, "BenchmarkRead/photo/TA18", "ms/op"}},
		[]figure{{inProcess, "BenchmarkReadAsOthersDo/photo/TA96", "ms/op"}, {inProcess, "BenchmarkReadAsOthersDo/photo/TA18", "ms/op"}},
		"%.0f",
	},
	{
		"wall time of a read with photo over the card's own time, in process", "≤ 1.05",
		[]figure{{inProcess, "BenchmarkRead/photo/TA96", "wall/card"}, {inProcess, "BenchmarkRead/photo/TA18", "wall/card"}},
		nil, "%.3f",
	},
	{
		"the same through pcscd", "≤ 1.10",
		[]figure{{overPCSC, "BenchmarkRead/TA96", "wall/card"}, {overPCSC, "BenchmarkRead/TA18", "wall/card"}},
		[]figure{{overPCSC, "BenchmarkReadAsOthersDo/TA96", "wall/card"}, {overPCSC, "BenchmarkReadAsOthersDo/TA18", "wall/card"}},
		"%.3f",
	},
	{
		"overhead of one `POST /v1/reads` in ms, all text, p50 / p99", "≤ 5 / 20",
		[]figure{{overHTTP, "BenchmarkPostReads/text", "p50-ms"}, {overHTTP, "BenchmarkPostReads/text", "p99-ms"}},
		nil, "%.2f",
	},
	{
		"the same with photo", "≤ 5 / 20",
		[]figure{{overHTTP, "BenchmarkPostReads/photo", "p50-ms"}, {overHTTP, "BenchmarkPostReads/photo", "p99-ms"}},
		nil, "%.2f",
	},
	{
		"overhead of one `POST /v1/proofings` with signature and durable audit entry in ms, no clerk's fact, p50 / p99", "≤ 5 / 20",
		[]figure{{overHTTP, "BenchmarkProofing", "p50-ms"}, {overHTTP, "BenchmarkProofing", "p99-ms"}},
		nil, "%.2f",
	},
	{
		"milliseconds from the clerk's click to the name on the screen, in Chromium, TA1 = 96 / 18", "–",
		[]figure{{inBrowser, "BenchmarkClickToScreen/TA96", "name-ms"}, {inBrowser, "BenchmarkClickToScreen/TA18", "name-ms"}},
		nil, "%.0f",
	},
	{
		"the same to a full-size photo on the screen", "–",
		[]figure{{inBrowser, "BenchmarkClickToScreen/TA96", "photo-ms"}, {inBrowser, "BenchmarkClickToScreen/TA18", "photo-ms"}},
		nil, "%.0f",
	},
	{
		"signed requests verified a second / proofs, as a relying party does, on one processor", "–",
		[]figure{{relying, "BenchmarkVerifyRequest", "requests/s"}, {relying, "BenchmarkVerifyProof", "proofs/s"}},
		nil, "%.0f",
	},
	{
		"resident memory of `serve` in MiB after 1,000 / 10,000 reads with photo", "≤ 64, flat",
		[]figure{{program, "BenchmarkServeMemory", "MiB-after-1000"}, {program, "BenchmarkServeMemory", "MiB-after-10000"}},
		nil, "%.0f",
	},
	{
		"start of `serve` to first answer in ms", "≤ 300",
		[]figure{{program, "BenchmarkServeStart", "start-ms"}},
		nil, "%.0f",
	},
	{
		"logins with both factors a second, each of its steps durable / percent of a login that is argon2id", "–",
		[]figure{{login, "BenchmarkLogin", "logins/s"}, {login, "BenchmarkLogin", "%argon2id"}},
		nil, "%.0f",
	},
	{
		"milliseconds of a login that are ours", "–",
		[]figure{{login, "BenchmarkLogin", "own-ms/login"}},
		nil, "%.1f",
	},
	{
		"audit entries a second, each on the disk before it counts, one after the other / 64 at once", "–",
		[]figure{{database, "BenchmarkAppendDurably", "appends/s"}, {database, "BenchmarkAppendDurablyTogether", "appends/s"}},
		nil, "%.0f",
	},
	{
		"entries verified a second, of a log of a million", "≥ 100,000",
		[]figure{{database, "BenchmarkVerifyAMillionEntries", "entries/s"}},
		nil, "%.0f",
	},
	{
		"bytes of the database for one audit entry", "–",
		[]figure{{database, "BenchmarkVerifyAMillionEntries", "bytes/entry"}},
		nil, "%.0f",
	},
}

func write(out io.Writer, figures map[figure]float64) error {
	var missing []error
	for _, t := range tables {
		fmt.Fprintf(out, "\n| what | bar | chipproof | %s |\n| --- | --- | --- | --- |\n", t.others)
		for _, r := range t.rows {
			ours, err := cell(figures, r.ours, r.format)
			missing = append(missing, err)
			others, err := cell(figures, r.others, r.format)
			missing = append(missing, err)
			fmt.Fprintf(out, "| %s | %s | %s | %s |\n", r.what, r.bar, ours, others)
		}
	}
	return errors.Join(missing...)
}

// cell joins figures by a stroke; none at all is a dash.
func cell(figures map[figure]float64, wanted []figure, format string) (string, error) {
	if len(wanted) == 0 {
		return "–", nil
	}
	text := ""
	for i, f := range wanted {
		value, ok := figures[f]
		if !ok {
			return "?", fmt.Errorf("no figure %s %s %s", f.pkg, f.benchmark, f.unit)
		}
		if i > 0 {
			text += " / "
		}
		text += fmt.Sprintf(format, value)
	}
	return text, nil
}
