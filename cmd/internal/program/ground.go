package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"chipproof/api"
)

// Root never works in a folder that another account can change. Such an account
// could put links in the way of every file that a command makes, reads or moves,
// at any moment, and so have root do it anywhere on the machine. The commands
// belong to the account that owns the data instead: sudo -u NAME chipproof …

// strangerError is for a folder that another account than root can change.
// Code: data_account_other.
type strangerError struct {
	path    string // what it can change
	account string // who, as sudo -u takes it; empty: everybody, by the mode of path
	link    bool   // path is a link, which leads elsewhere tomorrow
}

func (e *strangerError) Error() string {
	switch {
	case e.account != "":
		return fmt.Sprintf("root does not work where others can change things: %s belongs to %s", e.path, e.account)
	case e.link:
		return fmt.Sprintf("root does not work behind a link: %s", e.path)
	}
	return fmt.Sprintf("root does not work where others can change things: %s may be written by other accounts", e.path)
}

func (e *strangerError) remedy(name string) api.Text {
	switch {
	case e.account != "":
		return api.Text{
			TH: fmt.Sprintf("สั่งด้วยบัญชีนั้น: sudo -u %s %s … ไม่มีอะไรถูกเปลี่ยน", e.account, name),
			EN: fmt.Sprintf("Run it as that account: sudo -u %s %s … Nothing was changed.", e.account, name),
		}
	case e.link:
		return api.Text{
			TH: "ระบุโฟลเดอร์จริงที่ลิงก์ชี้ไป ไม่มีอะไรถูกเปลี่ยน",
			EN: "Name the folder itself, which the link leads to. Nothing was changed.",
		}
	}
	return api.Text{
		TH: fmt.Sprintf("ให้ root เท่านั้นที่เขียนได้: chmod go-w %s ไม่มีอะไรถูกเปลี่ยน", e.path),
		EN: fmt.Sprintf("Let nobody but root write there: chmod go-w %s Nothing was changed.", e.path),
	}
}

// trusted refuses the folders of the flags where this account can't be sure of
// what it works on. It comes before anything in them is made, read or restored.
// Errors: [*strangerError], [errIrregular], [errDataDenied].
func (d DataDir) trusted(k Kind, dir string) error {
	folders := []string{dir, d.keys(dir)}
	if d.CheckpointDir != "" {
		folders = append(folders, d.checkpoints())
	}
	for _, folder := range folders {
		if err := ownGround(folder); err != nil {
			return err
		}
	}
	if err := noLink(d.keys(dir)); err != nil {
		return err
	}
	if err := regularDatabase(k, dir); err != nil {
		return err
	}
	return regularCheckpoints(d.checkpoints())
}

// makeFolder makes a folder (0700) and those above it that are missing. Whoever
// makes one of them at the same moment is found out: each is looked at again
// before anything is put into it.
func makeFolder(folder string) error {
	if err := ownGround(folder); err != nil {
		return err
	}
	switch _, err := os.Lstat(folder); {
	case err == nil:
		return nil
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("make folder: %w: %w", ErrFileUnwritable, err)
	}
	parent := filepath.Dir(folder)
	if _, err := os.Lstat(parent); errors.Is(err, fs.ErrNotExist) {
		if err := makeFolder(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make folder: %w: %w", ErrFileUnwritable, err)
	}
	return ownGround(folder)
}
