package program

import (
	"context"
	"maps"
	"regexp"
	"strings"

	"chipproof/api"
	"chipproof/audit"
	"chipproof/store"
)

// Kind is one of the two programs: all that the shared parts do in another way
// for it.
type Kind struct {
	Name        string // as it is called, and as its folders and files are named
	Description string // what stands above the commands in --help
	Env         string // begins its variables: CHIPPROOF
	Store       store.Program

	// Citizens: the log names citizens by pseudonyms, which takes a ring of keys.
	Citizens bool
	// Desk: web apps are answered while somebody holds the desk.
	Desk bool

	// Secrets are the files with keys of its own besides, which no other account
	// may read, and MakeKeys fills a new key folder with them; nil: there are none.
	Secrets  []string
	MakeKeys func(keyDir string) error
	// Begun is told of a site that setup has just made, before anybody uses it,
	// and Restored of one that a backup was put into; nil: nothing is left to do.
	Begun, Restored func(context.Context, *Site) error

	// Unverified is told that the audit log of the data folder itself was looked at
	// and doesn't hold; nil: the verdict is all there is to it.
	Unverified func(context.Context, *Program, DataDir, audit.Result) error

	// Own are rows of causes that only its command line meets, Served the rows of
	// everything that it serves.
	Own, Served api.Table

	Texts Texts
	// Vars are what the help texts of its own commands leave open, and those of
	// shared ones where it has another word: services,
	// find_entries, audit_found, backup_keys, restore_keys.
	Vars map[string]string
}

// Texts are what shared commands say in the program's own words.
type Texts struct {
	Roles    string   // help: what each role may do
	Returned api.Text // after a restore with nothing to compare with: what to look at
}

// Named fills ${program} and ${database} in a text that both programs share.
func (k Kind) Named(text string) string {
	return strings.NewReplacer("${program}", k.Name, "${database}", k.Store.FileName()).Replace(text)
}

// sharedCommand is a command that both programs have, as package api names it in
// what it tells people to do.
var sharedCommand = regexp.MustCompile(`\bchipproof( (?:setup|user|audit|backup|restore|serve)\b)`)

// served are the rows of what is served, their commands in this program's name.
func (k Kind) served() api.Table {
	rows := make(api.Table, 0, len(k.Served))
	for _, row := range k.Served {
		row.Remedy.TH = sharedCommand.ReplaceAllString(row.Remedy.TH, k.Name+"$1")
		row.Remedy.EN = sharedCommand.ReplaceAllString(row.Remedy.EN, k.Name+"$1")
		rows = append(rows, row)
	}
	return rows
}

func (k Kind) namedText(t api.Text) api.Text {
	return api.Text{TH: k.Named(t.TH), EN: k.Named(t.EN)}
}

func (k Kind) namedRows(rows api.Table) api.Table {
	named := make(api.Table, 0, len(rows))
	for _, row := range rows {
		row.Title, row.Remedy = k.namedText(row.Title), k.namedText(row.Remedy)
		named = append(named, row)
	}
	return named
}

// vars are what help texts leave open.
func (k Kind) vars() map[string]string {
	vars := map[string]string{
		"program":       k.Name,
		"database":      k.Store.FileName(),
		"services":      "serve",
		"find_entries":  k.Name + " audit list",
		"audit_found":   "",
		"backup_keys":   "all keys",
		"restore_keys":  "",
		"config_paths":  strings.Join(k.configPaths(), ", "),
		"data_paths":    strings.Join(k.dataPaths(), ", "),
		"role_help":     k.Texts.Roles,
		"audit_public":  AuditPublic,
		"audit_classes": auditClasses(),
		"keep_classes":  keepClasses(),
	}
	maps.Copy(vars, k.Vars)
	return vars
}
