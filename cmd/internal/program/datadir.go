package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// DataDir is the folder of everything that outlasts the program: the database,
// and beside it the keys. Commands and `serve` find it by the same flags.
type DataDir struct {
	Data   string `help:"Folder of the program's data. Whoever can write it may do everything that these commands do; root works on none that another account can change (sudo -u NAME ${program} …). Without it the first of these that exists is taken: ${data_paths}." placeholder:"DIR"`
	KeyDir string `help:"Folder of the key files, when they don't stand in the data folder's own \"keys\"; for example one that the system's service manager fills." placeholder:"DIR"`
	// Every command that writes entries sends their checkpoint there.
	CheckpointDir string `help:"Second place for the audit log's signed checkpoints, best on another machine: a folder that is there already. Whoever keeps it finds out when the log is rewritten." placeholder:"DIR"`
}

// KeyFolder is where key files stand within the data folder.
const KeyFolder = "keys"

// dataPaths are the places where the data folder is looked for when none is
// named: the machine's, which a service account owns, then this account's own.
func (k Kind) dataPaths() []string {
	var paths []string
	switch runtime.GOOS {
	case "windows":
		if dir := os.Getenv("ProgramData"); dir != "" {
			paths = append(paths, filepath.Join(dir, k.Name, "data"))
		}
	case "darwin":
		paths = append(paths, "/Library/Application Support/"+k.Name+"/data")
	default:
		paths = append(paths, "/var/lib/"+k.Name)
	}
	if dir, err := os.UserConfigDir(); err == nil {
		paths = append(paths, filepath.Join(dir, k.Name, "data"))
	}
	return paths
}

// find is the data folder of a program, whether it is there or not.
func (d DataDir) find(k Kind) (string, error) {
	return d.path(k, k.dataPaths(), privileged())
}

// path is the data folder, whether it is there or not. privileged says that a
// machine's own folder is made rather than that of the account.
func (d DataDir) path(k Kind, places []string, privileged bool) (string, error) {
	if d.Data != "" {
		return filepath.Clean(d.Data), nil
	}
	for _, place := range places {
		// One that can't be looked into is there, too: a clerk must not begin
		// a second life beside the agent of the machine.
		if _, err := os.Lstat(place); !errors.Is(err, fs.ErrNotExist) {
			return place, nil
		}
	}
	switch {
	case len(places) == 0:
		return "", &UsageError{Err: errors.New("--data: this account has no folder of its own; name one"), Help: k.Name + " setup --help"}
	case privileged:
		return places[0], nil
	}
	return places[len(places)-1], nil
}

func (d DataDir) keys(dir string) string {
	if d.KeyDir != "" {
		return filepath.Clean(d.KeyDir)
	}
	return filepath.Join(dir, KeyFolder)
}

// checkpoints is the second place, empty for none. All three folders are clean
// paths, so that what was looked at is what is opened.
func (d DataDir) checkpoints() string {
	if d.CheckpointDir == "" {
		return ""
	}
	return filepath.Clean(d.CheckpointDir)
}

// privileged says that this is the account that may write anywhere.
func privileged() bool { return os.Geteuid() == 0 }

// private refuses a folder that other accounts may look into. On Windows an ACL
// stands in place of these bits. Error: [errDataOpen].
func private(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("look at data folder: %w", err)
	}
	if runtime.GOOS != "windows" && info.Mode()&(fs.ModePerm&0o077) != 0 {
		return fmt.Errorf("%w: %s has mode %04o; chmod 700 %s", errDataOpen, dir, info.Mode().Perm(), dir)
	}
	return nil
}
