//go:build unix

package program

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// ownGround refuses, for root, a folder that another account can change: it and
// all above it must be root's, and nobody else may write there. A folder above
// may be like /tmp, where nobody can rename what isn't theirs. Of one that isn't
// there yet, what is there of the way to it is looked at. Errors:
// [*strangerError], [errDataDenied].
func ownGround(folder string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	path, err := filepath.Abs(folder)
	if err != nil {
		return fmt.Errorf("look who may change a folder: %w", err)
	}
	stranger, err := strangerOn(path)
	if errors.Is(err, fs.ErrPermission) { // some file systems keep root out
		err = fmt.Errorf("%w: %w", errDataDenied, err)
	}
	if err != nil {
		return fmt.Errorf("look who may change a folder: %w", err)
	}
	if stranger != nil {
		return stranger
	}
	return nil
}

// mostLinks on one way, as the kernel's own limit.
const mostLinks = 40

// strangerOn goes the way to path as the kernel would, and tells of the last on
// it that another account can change: that is the one whose folder it is.
func strangerOn(path string) (*strangerError, error) {
	root, err := os.Lstat("/")
	if err != nil {
		return nil, err
	}
	var found *strangerError
	rest, at, links := wordsOf(path), "/", 0
	note := func(path string, info fs.FileInfo) {
		if s := strangerAt(path, info, len(rest) == 0); s != nil && (found == nil || s.account != "") {
			found = s
		}
	}
	note(at, root)
	for len(rest) > 0 {
		name := rest[0]
		rest = rest[1:]
		if name == ".." {
			at = filepath.Dir(at) // no link is left in it
			continue
		}
		next := filepath.Join(at, name)
		info, err := os.Lstat(next)
		if errors.Is(err, fs.ErrNotExist) {
			return found, nil
		}
		if err != nil {
			return nil, err
		}
		note(next, info)
		if info.Mode()&fs.ModeSymlink == 0 || len(rest) == 0 {
			at = next
			continue
		}
		if links++; links > mostLinks {
			return nil, fmt.Errorf("%s: %w", path, syscall.ELOOP)
		}
		target, err := os.Readlink(next)
		if err != nil {
			return nil, err
		}
		if filepath.IsAbs(target) {
			at = "/"
		}
		rest = append(wordsOf(target), rest...)
	}
	return found, nil
}

// wordsOf are the names of a path, without those that lead nowhere.
func wordsOf(path string) []string {
	var words []string
	for _, word := range strings.Split(path, "/") {
		if word != "" && word != "." {
			words = append(words, word)
		}
	}
	return words
}

// strangerAt judges one step of the way. last is the folder itself: there even
// files that nobody else can rename are in the way.
func strangerAt(path string, info fs.FileInfo, last bool) *strangerError {
	const others = 0o022
	link := info.Mode()&fs.ModeSymlink != 0 // whose mode says nothing
	switch stat, ok := info.Sys().(*syscall.Stat_t); {
	case !ok || stat.Uid != 0:
		return &strangerError{path: path, account: accountOf(stat)}
	case link && last:
		return &strangerError{path: path, link: true}
	case !link && info.Mode()&others != 0 && (last || info.Mode()&fs.ModeSticky == 0):
		return &strangerError{path: path}
	}
	return nil
}

// accountOf is the owner as sudo -u takes it: the name, or '#' and the number.
func accountOf(stat *syscall.Stat_t) string {
	if stat == nil {
		return "?"
	}
	uid := strconv.FormatUint(uint64(stat.Uid), 10)
	if u, err := user.LookupId(uid); err == nil {
		return Shown(u.Username)
	}
	return "'#" + uid + "'"
}
