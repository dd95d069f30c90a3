package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/cmd/internal/programtest"
	"chipproof/exposure"
	"chipproof/exposure/corpus"
	"chipproof/exposure/detect"
	"chipproof/exposure/report"
)

// officeRun runs the built program in a folder of its own and gives what it printed.
type officeRun struct {
	*testing.T
	dir  string
	said bytes.Buffer // on stderr, of all runs
}

func newOfficeRun(t *testing.T) *officeRun {
	r := &officeRun{T: t, dir: t.TempDir()}
	r.exits(0, "setup", "--json")
	return r
}

func (r *officeRun) exits(code int, args ...string) string {
	r.Helper()
	cmd := exec.CommandContext(r.Context(), tested.Path(), args...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "CHIPPROOF_OFFICE_DATA="+filepath.Join(r.dir, "data"), "CHIPPROOF_OFFICE_CONFIG="+os.DevNull, "CHIPPROOF_OFFICE_LANG=en", programtest.RaceAtExit)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err := cmd.Run()
	r.said.Write(said.Bytes())
	require.Equal(r, code, programtest.ExitCode(err), "%v: %s", args, said.String())
	return out.String()
}

// The people of a corpus, in every format and encoding, are found by the program as
// people run it; and of none of them anything is in the database, the log or a
// report of any form (A09, A14; assurance §4.7).
func TestA14NobodyOfACorpusIsInDatabaseLogOrReport(t *testing.T) {
	r := newOfficeRun(t)
	papers := filepath.Join(r.dir, "papers")
	require.NoError(t, os.Mkdir(papers, 0o700))
	generator := corpus.New(42)
	planted := map[detect.Class][]string{}
	numbers := map[string]int{} // citizen numbers by file
	for _, c := range corpus.Matrix() {
		d, err := generator.Document(c)
		require.NoError(t, err)
		name := c.Format + "-" + c.Encoding + filepath.Ext(d.Name)
		require.NoError(t, os.WriteFile(filepath.Join(papers, name), d.Content, 0o600))
		for _, p := range d.Planted {
			planted[p.Class] = append(planted[p.Class], p.Value)
			if p.Class == detect.CitizenID {
				numbers[name]++
			}
		}
	}

	reports := map[string]string{"json": r.exits(1, "scan", papers, "--json")}
	for _, form := range []string{"table", "csv", "sarif", "html"} {
		reports[form] = r.exits(1, "scan", "--resume", scanOf(t, r), "--format", form)
	}
	reports["letter"] = r.exits(1, "scan", "--resume", scanOf(t, r), "--format", "letter",
		"--agency", "เทศบาลตำบลตัวอย่าง", "--address", "ถนนหลัก", "--unit", "สำนักปลัด", "--phone", "02-000-0000", "--signer", "ผู้ลงนาม", "--position", "ปลัด",
		"--letter-number", "พบ 0618/1", "--letter-to", "นายอำเภอ", "--letter-measure", "นำออกแล้ว")
	reports["list"] = r.exits(1, "finding", "list", "--limit", "1000")
	reports["list.json"] = r.exits(1, "finding", "list", "--limit", "1000", "--json")
	reports["audit"] = r.exits(0, "audit", "list", "--json")

	foundIn(t, reports["json"], numbers)
	for name, text := range reports {
		if name != "audit" { // its ids are of the program itself
			assert.Empty(t, thirteen.FindString(text), name)
		}
	}
	for _, class := range []detect.Class{detect.CitizenID, detect.LaserCode, detect.Name, detect.Address, detect.Phone, detect.Email, detect.BankAccount} {
		require.NotEmpty(t, planted[class], class)
		for name, text := range reports {
			assert.Empty(t, heldIn([]byte(text), planted[class]), "%s in %s", class, name)
		}
		assert.Empty(t, heldIn(r.said.Bytes(), planted[class]), "%s in the log", class)
	}
	database, err := filepath.Glob(filepath.Join(r.dir, "data", "*"))
	require.NoError(t, err)
	for _, path := range database {
		if content, err := os.ReadFile(path); err == nil { // no folder
			for class, values := range planted {
				if class == detect.Health || class == detect.BirthDate || class == detect.Passport { // so short that chance writes them
					continue
				}
				assert.Empty(t, heldIn(content, values), "%s in %s", class, path)
			}
		}
	}
}

func scanOf(t *testing.T, r *officeRun) string {
	t.Helper()
	line := r.said.String()
	at := strings.Index(line, "--resume s-")
	require.GreaterOrEqual(t, at, 0)
	return strings.Fields(line[at:])[1]
}

// foundIn: in each file nearly all of the citizen numbers are found.
func foundIn(t *testing.T, reported string, numbers map[string]int) {
	t.Helper()
	r, err := report.ParseJSON([]byte(reported))
	require.NoError(t, err)
	met := map[string]map[string]bool{}
	for _, f := range r.Findings {
		file, _, _ := strings.Cut(filepath.Base(f.Target), "!")
		if strings.Contains(f.Target, "!") {
			file = filepath.Base(strings.SplitN(f.Target, "!", 2)[0])
		}
		if f.Class == detect.CitizenID {
			if met[file] == nil {
				met[file] = map[string]bool{}
			}
			met[file][f.Fingerprint] = true
		}
		assert.Equal(t, exposure.Internal, f.Reachability)
	}
	for file, n := range numbers {
		assert.GreaterOrEqual(t, float64(len(met[file])), 0.9*float64(n), file)
	}
}
