package program

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"chipproof/audit"
)

// The audit key is the log's name and identity: every checkpoint, sheet and
// backup is of that key, for as long as the log lives. So it is never rotated.

// AuditPublic is all that a verifier needs. It stands beside the key for
// convenience; the copy that counts is kept elsewhere.
const AuditPublic = "audit.pub"

func publicFile(line string) []byte {
	return []byte("# public key of the audit log: checks checkpoints, day-end sheets and the log itself. Keep a copy elsewhere.\n" + line + "\n")
}

// readPublic reads public keys from a file.
func readPublic(path string) (audit.Keys, error) {
	content, err := ReadRegular(path, MaxKeyFile)
	if errors.Is(err, errIrregular) || errors.Is(err, errTooLarge) {
		return audit.Keys{}, fmt.Errorf("read public key: %w", err)
	}
	if err != nil {
		return audit.Keys{}, fmt.Errorf("read public key: %w: %w", ErrKeyFileMissing, err)
	}
	keys, err := audit.ParseKeys(content)
	if err != nil {
		return audit.Keys{}, fmt.Errorf("read %s: %w", path, err)
	}
	return keys, nil
}

// keepPublicLine puts the public file in place, where it is missing or another's.
func keepPublicLine(keyDir, line string) error {
	want := publicFile(line)
	if content, err := ReadRegular(filepath.Join(keyDir, AuditPublic), MaxKeyFile); err == nil && string(content) == string(want) {
		return nil
	}
	return ReplaceKeyFile(keyDir, AuditPublic, want)
}

// checkAuditKey makes sure that the key is the log's own: checkpoints that
// another one signed could never be checked. Error: [errAuditKeyWrong].
func (s *Site) checkAuditKey(ctx context.Context) error {
	for signed, err := range s.Store.AuditLog().Checkpoints(ctx) {
		if err != nil {
			return fmt.Errorf("check audit key: %w", err)
		}
		if _, err := audit.OpenCheckpoint(signed, s.auditKey.Keys()); errors.Is(err, audit.ErrWitnessInvalid) {
			return fmt.Errorf("check audit key: %w: a checkpoint in the log is not signed by it", errAuditKeyWrong)
		}
	}
	return nil
}
