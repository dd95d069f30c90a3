package store

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"filippo.io/age"

	"chipproof/audit"
	"chipproof/mfa"
)

// unpacked is what a backup held.
type unpacked struct {
	info            BackupInfo
	files           map[string][]byte // key files by name
	key             *audit.Key
	secrets, pepper *mfa.Keyring
}

// unpack decrypts a backup into a folder. It takes exactly what [AuditLog.Backup]
// writes: the manifest, the four key files or three of them, and the database,
// each once, with the log's key and head as the manifest says.
// Errors: [ErrBackupInvalid], [ErrOtherProgram].
func unpack(path, into string, program Program, identities []age.Identity) (b unpacked, err error) {
	f, err := os.Open(path)
	if err != nil {
		return b, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	clear, err := age.Decrypt(f, identities...)
	if err != nil {
		return b, fmt.Errorf("%w: can't be opened with this passphrase or key", ErrBackupInvalid)
	}
	err = b.read(tar.NewReader(clear), into, program)
	if errors.Is(err, ErrOtherProgram) {
		return b, err
	}
	if err != nil {
		return b, fmt.Errorf("%w: %w", ErrBackupInvalid, err)
	}
	// Only the end of the file shows that nothing was cut off.
	if n, err := io.Copy(io.Discard, clear); err != nil || n > 0 {
		return b, fmt.Errorf("%w: it doesn't end where it should", ErrBackupInvalid)
	}
	if err := b.check(); err != nil {
		return b, fmt.Errorf("%w: %w", ErrBackupInvalid, err)
	}
	return b, nil
}

func (b *unpacked) read(pack *tar.Reader, into string, program Program) error {
	b.files = map[string][]byte{}
	keys := map[string]func([]byte) error{}
	for _, f := range (KeyFiles{}).all() {
		keys[f.name] = f.check
	}
	for step := 0; ; step++ {
		h, err := pack.Next()
		if err != nil {
			return fmt.Errorf("no database in it: %w", err)
		}
		check := keys[h.Name]
		switch {
		case h.Typeflag != tar.TypeReg || h.Size < 0:
			return errors.New("not a file")
		case step == 0 && h.Name == manifestName:
			content, err := readMember(pack, h)
			if err != nil {
				return err
			}
			if b.info, err = parseBackupInfo(content); err != nil {
				return err
			}
		case step > 0 && check != nil && b.files[h.Name] == nil:
			content, err := readMember(pack, h)
			if err != nil {
				return err
			}
			if err := check(content); err != nil {
				return err
			}
			b.files[h.Name] = content
		case step > 0 && h.Name == program.other().FileName():
			return fmt.Errorf("%w: the backup is of %s", ErrOtherProgram, program.other())
		case step > 0 && h.Name == program.FileName() && h.Size <= longestStore:
			if err := writeMember(pack, filepath.Join(into, program.FileName())); err != nil {
				return err
			}
			if _, err := pack.Next(); !errors.Is(err, io.EOF) {
				return errors.New("something follows the database")
			}
			return nil
		default:
			return fmt.Errorf("a member that doesn't belong there: %q", h.Name)
		}
	}
}

func readMember(pack *tar.Reader, h *tar.Header) ([]byte, error) {
	if h.Size > longestFile {
		return nil, errors.New("too large a member")
	}
	return io.ReadAll(pack)
}

func writeMember(pack *tar.Reader, path string) error {
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, pack)
	return errors.Join(err, out.Close())
}

// check makes sure that the parts belong together.
func (b *unpacked) check() (err error) {
	if b.key, err = audit.ParseKey(b.files[AuditKeyFile]); err != nil {
		return err
	}
	if b.secrets, err = mfa.ParseKeyring(b.files[SecretsKeyFile]); err != nil {
		return err
	}
	if b.pepper, err = mfa.ParseKeyring(b.files[PepperKeyFile]); err != nil {
		return err
	}
	c, err := audit.OpenCheckpoint([]byte(b.info.Signed), b.key.Keys())
	if err != nil {
		return err
	}
	if c.Head != b.info.Head || b.info.Log != b.key.Name() {
		return errors.New("manifest and key don't fit")
	}
	return nil
}
