//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"chipproof/breach"
	"chipproof/cmd/internal/program"
	"chipproof/cmd/internal/programtest"
)

// The manuals of the office: setting it up, and the DPO's.
const (
	setupPage   = "office.md"
	officerPage = "dpo.md"
)

// TestTheManualOfSettingUpWorksFromTopToBottom types every command of the page, in
// order. Only what would change the machine itself (accounts, services) is played.
func TestTheManualOfSettingUpWorksFromTopToBottom(t *testing.T) {
	m := newManual(t)
	commands := manualCommands(t, "th", setupPage)
	require.Greater(t, len(commands), 15)
	for _, command := range commands {
		m.follow(command)
	}
}

// TestTheOfficersManualWorksFromTopToBottom takes one incident from its report to
// its closing as the page does, and another as a processor.
func TestTheOfficersManualWorksFromTopToBottom(t *testing.T) {
	for _, language := range []string{"th", "en"} {
		t.Run(language, func(t *testing.T) {
			m := newManual(t)
			m.follow("chipproof-office setup")
			m.follow("chipproof-office user add somsri --role dpo")
			m.writeFiles(manualPage(t, language, officerPage))
			commands := manualCommands(t, language, officerPage)
			require.Greater(t, len(commands), 35)
			for _, command := range commands {
				m.follow(command)
			}
			assert.Contains(t, m.follow("chipproof-office breach list --json"), `"state":"closed"`)
			assert.Contains(t, m.follow("chipproof-office finding tasks --json"), `"state":"stopped"`)
		})
	}
}

func TestBothManualsOfTheOfficeShowTheSameCommands(t *testing.T) {
	for _, name := range []string{setupPage, officerPage} {
		assert.Equal(t, manualCommands(t, "en", name), manualCommands(t, "th", name))
	}
}

func TestTheSettingsOfTheOfficesManualAreTaken(t *testing.T) {
	for _, language := range []string{"en", "th"} {
		t.Setenv("CHIPPROOF_OFFICE_CONFIG", settingsFile(t, blocks(manualPage(t, language, setupPage), "yaml")...))
		c := &cli{}
		_, err := program.Parse(kind(), c, []string{"serve"}, program.Streams{})
		require.NoError(t, err, language)
		assert.NotEmpty(t, c.Serve.Agency.name(), language)
		assert.NotEmpty(t, c.Serve.Agency.Prefix, language)
		assert.NotEmpty(t, c.Serve.Keep, language)
		assert.Equal(t, "mail.example.go.th:587", c.Serve.SMTP.Server, language)
		assert.Equal(t, "dpo@example.go.th", c.Serve.SMTP.Officer, language)
	}
}

// The page's last table is of codes; each is one that the program has.
func TestTheCodesOfTheOfficersManualAreThoseOfTheProgram(t *testing.T) {
	known := map[string]bool{}
	for _, row := range kind().Problems() {
		known[row.Code] = true
	}
	cells := regexp.MustCompile("(?m)^\\| ((?:`[a-z_]+`,? ?)+)\\|")
	for _, language := range []string{"en", "th"} {
		sections := strings.Split(manualPage(t, language, officerPage), "\n## ")
		told := 0
		for _, cell := range cells.FindAllStringSubmatch(sections[len(sections)-1], -1) {
			for code := range strings.FieldsFuncSeq(cell[1], func(r rune) bool { return strings.ContainsRune("`, ", r) }) {
				assert.True(t, known[code], "%s: nothing is called %s", language, code)
				told++
			}
		}
		assert.Greater(t, told, 15, language)
	}
}

func manualPage(t *testing.T, language, name string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", language, name))
	require.NoError(t, err)
	return string(page)
}

// blocks are the contents of a page's blocks in a language of code.
func blocks(page, code string) (found []string) {
	for _, block := range regexp.MustCompile("(?ms)^```"+code+"\n(.*?)^```$").FindAllStringSubmatch(page, -1) {
		found = append(found, block[1])
	}
	return found
}

// manualCommands are what the page's console blocks show as typed.
func manualCommands(t *testing.T, language, name string) (commands []string) {
	t.Helper()
	for _, block := range blocks(manualPage(t, language, name), "console") {
		for line := range strings.Lines(block) {
			command, typed := strings.CutPrefix(strings.TrimSpace(line), "$ ")
			require.True(t, typed, line)
			commands = append(commands, command)
		}
	}
	return commands
}

// settingsFile is a file with settings that the manual shows.
func settingsFile(t *testing.T, shown ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "office.yaml")
	require.NoError(t, os.WriteFile(file, []byte(strings.Join(shown, "")), 0o600))
	return file
}

// played are programs that would change the machine; here they do nothing.
var played = []string{"useradd", "install", "systemctl"}

type manual struct {
	*testing.T
	dir string
	env []string
	is  *strings.Replacer
}

func newManual(t *testing.T) *manual {
	t.Helper()
	m := &manual{T: t, dir: t.TempDir()}
	bin, backups := filepath.Join(m.dir, "bin"), filepath.Join(m.dir, "backups")
	for _, folder := range []string{bin, backups} {
		require.NoError(t, os.Mkdir(folder, 0o700))
	}
	require.NoError(t, os.WriteFile(filepath.Join(bin, "sudo"), []byte("#!/bin/sh\n[ \"$1\" = -u ] && shift 2\nexec \"$@\"\n"), 0o700))
	for _, name := range played {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"), 0o700))
	}
	data, web := filepath.Join(m.dir, "data"), m.published()
	m.env = append(os.Environ(), "PATH="+bin+":"+filepath.Dir(tested.Path())+":"+os.Getenv("PATH"), "CHIPPROOF_OFFICE_DATA="+data,
		"CHIPPROOF_OFFICE_CONFIG="+settingsFile(t, m.settings()), "CHIPPROOF_OFFICE_LANG=en", programtest.RaceAtExit)
	now := time.Now().In(breach.Bangkok())
	year := now.Format("2006")
	replaced := []string{
		"/var/lib/chipproof-office", data, "/var/backups/chipproof-office", backups, "/srv/web", web,
		"b-2026-", "b-" + year + "-", "t-2026-", "t-" + year + "-",
	}
	// The page's day of the breach is yesterday, so that the clocks stand as it says.
	yesterday, shown := now.AddDate(0, 0, -1), time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for day := range 40 {
		replaced = append(replaced, shown.AddDate(0, 0, day).Format(time.DateOnly), yesterday.AddDate(0, 0, day).Format(time.DateOnly))
	}
	m.is = strings.NewReplacer(replaced...)
	return m
}

// published makes a folder of the agency's web site, in which a list of people lies.
func (m *manual) published() string {
	m.Helper()
	web := filepath.Join(m.dir, "web")
	require.NoError(m, os.Mkdir(web, 0o700))
	for name, text := range map[string]string{
		"index.html": "<h1>เทศบาลตำบลตัวอย่าง</h1>",
		"list.csv":   "ชื่อ-สกุล,เลขประจำตัวประชาชน\nนายสมชาย ใจดี,1101700230708\n",
	} {
		require.NoError(m, os.WriteFile(filepath.Join(web, name), []byte(text), 0o600))
	}
	// What a counter without other agents hands over.
	leaks := `{"tool":"chipproof doctor --leaks","version":"1.0.0","rules":"leaks-1","started":"2026-11-25T09:00:00Z","ended":"2026-11-25T09:00:01Z",` +
		`"complete":true,"roots":["tcp://counter-1:8189"],"root_ids":["tEy576wQ5dBZaZRyhH3nqA"],"findings":[],"not_read":[],"scanned":[],` +
		`"summary":{"classes":{},"people":0,"files":1,"bytes":0,"suppressed":0}}`
	require.NoError(m, os.WriteFile(filepath.Join(m.dir, "leaks.json"), []byte(leaks), 0o600))
	return web
}

// settings are those of the page, with the list of work contacts in a place that is there.
func (m *manual) settings() string {
	m.Helper()
	allow := filepath.Join(m.dir, "allow.yaml")
	require.NoError(m, os.WriteFile(allow, []byte("domains: [example.go.th]\n"), 0o600))
	shown := blocks(manualPage(m.T, "th", setupPage), "yaml")[0]
	require.Contains(m, shown, "/etc/chipproof-office/allow.yaml")
	return strings.Replace(shown, "/etc/chipproof-office/allow.yaml", allow, 1)
}

// savedAs are the files that a page tells people to save, with what is in them.
var savedAs = regexp.MustCompile("(?s)`([a-z]+\\.(?:json|csv|txt|yaml))`[^`\n]*\n\n```[a-z]+\n(.*?)```")

func (m *manual) writeFiles(page string) {
	m.Helper()
	files := savedAs.FindAllStringSubmatch(page, -1)
	require.NotEmpty(m, files)
	for _, file := range files {
		require.NoError(m, os.WriteFile(filepath.Join(m.dir, file[1]), []byte(file[2]), 0o600))
	}
}

var (
	placeholder = regexp.MustCompile(` ID\b`)
	findingID   = regexp.MustCompile(`"id":"([^"]+)"`)
)

// finding is the id that a reader takes from the list.
func (m *manual) finding() string {
	m.Helper()
	found := findingID.FindStringSubmatch(m.follow("chipproof-office finding list --open --json || true"))
	require.NotNil(m, found)
	return found[1]
}

// follow types one command, and a passphrase should it ask, and gives what it printed.
func (m *manual) follow(command string) string {
	m.Helper()
	command = placeholder.ReplaceAllStringFunc(command, func(string) string { return " " + m.finding() })
	cmd := exec.CommandContext(m.Context(), "bash", "-o", "pipefail", "-c", m.is.Replace(command))
	cmd.Dir, cmd.Env, cmd.Stdin = m.dir, m.env, strings.NewReader("not to be guessed by anybody\n")
	said, err := cmd.CombinedOutput()
	require.NoError(m, err, "%s\n%s", command, said)
	return string(said)
}
