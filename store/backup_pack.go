package store

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"chipproof/audit"
)

// BackupInfo is what a backup says about itself.
type BackupInfo struct {
	Format  int        `json:"format"`
	Version string     `json:"version"`
	Made    time.Time  `json:"made"`
	Log     string     `json:"log"` // name of the audit log
	Head    audit.Head `json:"head"`
	Signed  string     `json:"checkpoint"` // that head, signed
}

const (
	backupFormat = 1
	manifestName = "manifest.json"
	longestFile  = 1 << 20 // of a manifest or key file
	longestStore = 1 << 40
)

func (i BackupInfo) encode() ([]byte, error) {
	b, err := json.Marshal(i, jsontext.WithIndent("  "))
	if err != nil {
		return nil, fmt.Errorf("write manifest: %w", err)
	}
	return append(b, '\n'), nil
}

func parseBackupInfo(b []byte) (BackupInfo, error) {
	var i BackupInfo
	if err := json.Unmarshal(b, &i, json.RejectUnknownMembers(true)); err != nil || i.Format != backupFormat {
		return BackupInfo{}, fmt.Errorf("read manifest: %w", ErrBackupInvalid)
	}
	return i, nil
}

// writeBackup packs manifest, keys and database, in this order, so that a reader
// knows what it is dealing with before the large part.
func writeBackup(w io.Writer, to []age.Recipient, info BackupInfo, keys map[string][]byte, database string) error {
	sealed, err := age.Encrypt(w, to...)
	if err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	pack := tar.NewWriter(sealed)
	manifest, err := info.encode()
	if err != nil {
		return err
	}
	if err := packBytes(pack, manifestName, manifest, info.Made); err != nil {
		return err
	}
	for _, f := range (KeyFiles{}).all() {
		if content, ok := keys[f.name]; ok {
			if err := packBytes(pack, f.name, content, info.Made); err != nil {
				return err
			}
		}
	}
	if err := packFile(pack, filepath.Base(database), database, info.Made); err != nil {
		return err
	}
	if err := errors.Join(pack.Close(), sealed.Close()); err != nil {
		return fmt.Errorf("encrypt: %w", err)
	}
	return nil
}

func packHeader(name string, size int64, at time.Time) *tar.Header {
	return &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: at, Format: tar.FormatPAX}
}

func packBytes(pack *tar.Writer, name string, content []byte, at time.Time) error {
	if err := pack.WriteHeader(packHeader(name, int64(len(content)), at)); err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	if _, err := pack.Write(content); err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	return nil
}

func packFile(pack *tar.Writer, name, path string, at time.Time) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	stat, err := f.Stat()
	if err != nil {
		return err
	}
	if err := pack.WriteHeader(packHeader(name, stat.Size(), at)); err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	if _, err := io.Copy(pack, f); err != nil {
		return fmt.Errorf("pack %s: %w", name, err)
	}
	return nil
}
