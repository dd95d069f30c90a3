package store

import (
	"context"
	"time"

	"chipproof/mfa"
)

const selectTOTP = `SELECT id, account_id, label, secret, created_at, confirmed_at, last_step, pending_for FROM totp`

func scanTOTP(s scanner) (t mfa.TOTP, err error) {
	err = s.Scan(&t.ID, &t.User, &t.Label, &t.Secret, moment{&t.Created}, moment{&t.Confirmed}, &t.LastStep, &t.PendingFor)
	return t, err
}

// TOTPs implements [mfa.TOTPRows].
func (t *tx) TOTPs(ctx context.Context, user string) ([]mfa.TOTP, error) {
	return all(ctx, t, "read totp keys", scanTOTP, selectTOTP+` WHERE account_id = ? ORDER BY created_at, id`, user)
}

// AllTOTPs implements [mfa.TOTPRows].
func (t *tx) AllTOTPs(ctx context.Context) ([]mfa.TOTP, error) {
	return all(ctx, t, "read totp keys", scanTOTP, selectTOTP+` ORDER BY id`)
}

// InsertTOTP implements [mfa.TOTPRows].
func (t *tx) InsertTOTP(ctx context.Context, k mfa.TOTP) error {
	return t.run(ctx, "add totp key",
		`INSERT INTO totp (id, account_id, label, secret, created_at, confirmed_at, last_step, pending_for) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		k.ID, k.User, k.Label, k.Secret, ms(k.Created), ms(k.Confirmed), k.LastStep, k.PendingFor)
}

// DeleteTOTP implements [mfa.TOTPEdits].
func (t *tx) DeleteTOTP(ctx context.Context, user, id string) (bool, error) {
	return t.one(ctx, "delete totp key", `DELETE FROM totp WHERE id = ? AND account_id = ?`, id, user)
}

// DeletePendingTOTP implements [mfa.TOTPEdits].
func (t *tx) DeletePendingTOTP(ctx context.Context, pendingFor string) error {
	return t.run(ctx, "delete totp key", `DELETE FROM totp WHERE pending_for = ? AND confirmed_at IS NULL`, pendingFor)
}

// ResealTOTP implements [mfa.TOTPEdits].
func (t *tx) ResealTOTP(ctx context.Context, id string, from, to []byte) (bool, error) {
	return t.one(ctx, "reseal totp key", `UPDATE totp SET secret = ? WHERE id = ? AND secret = ?`, to, id, from)
}

// AdvanceStep implements [mfa.TOTPGuards].
func (t *tx) AdvanceStep(ctx context.Context, id string, step int64) (bool, error) {
	return t.one(ctx, "advance step",
		`UPDATE totp SET last_step = ?1 WHERE id = ?2 AND last_step < ?1 AND confirmed_at IS NOT NULL`, step, id)
}

// ConfirmTOTP implements [mfa.TOTPGuards].
func (t *tx) ConfirmTOTP(ctx context.Context, id string, step int64, at time.Time) (bool, error) {
	return t.one(ctx, "confirm totp key",
		`UPDATE totp SET last_step = ?1, confirmed_at = ?2, pending_for = '' WHERE id = ?3 AND last_step < ?1 AND confirmed_at IS NULL`,
		step, ms(at), id)
}

// BackupCodes implements [mfa.BackupCodeRows].
func (t *tx) BackupCodes(ctx context.Context, user string) (int, error) {
	n, _, err := first(ctx, t, "count backup codes", number,
		`SELECT count(*) FROM backup_code WHERE account_id = ? AND used_at IS NULL`, user)
	return n, err
}

// ReplaceBackupCodes implements [mfa.BackupCodeRows].
func (t *tx) ReplaceBackupCodes(ctx context.Context, user string, set []mfa.BackupCode) error {
	if err := t.run(ctx, "void backup codes", `DELETE FROM backup_code WHERE account_id = ? AND used_at IS NULL`, user); err != nil {
		return err
	}
	for _, c := range set {
		err := t.run(ctx, "add backup code",
			`INSERT INTO backup_code (id, account_id, hash, created_at, used_at) VALUES (?, ?, ?, ?, ?)`,
			c.ID, user, c.Hash, ms(c.Created), ms(c.Used))
		if err != nil {
			return err
		}
	}
	return nil
}

// UseBackupCode implements [mfa.BackupCodeRows].
func (t *tx) UseBackupCode(ctx context.Context, user string, hash []byte, at time.Time) (string, bool, error) {
	return first(ctx, t, "use backup code", name,
		`UPDATE backup_code SET used_at = ? WHERE account_id = ? AND hash = ? AND used_at IS NULL RETURNING id`, ms(at), user, hash)
}

func name(s scanner) (id string, err error) {
	err = s.Scan(&id)
	return id, err
}

// EmergencyCode implements [mfa.EmergencyCodeRows].
func (t *tx) EmergencyCode(ctx context.Context) (mfa.EmergencyCode, error) {
	c, _, err := first(ctx, t, "read emergency code", func(s scanner) (c mfa.EmergencyCode, err error) {
		err = s.Scan(&c.ID, &c.Hash, moment{&c.Created}, moment{&c.Used}, &c.UsedBy, moment{&c.Void})
		return c, err
	}, `SELECT id, hash, created_at, used_at, coalesce(used_by, ''), void_at FROM emergency_code ORDER BY created_at DESC, rowid DESC LIMIT 1`)
	return c, err
}

// ReplaceEmergencyCode implements [mfa.EmergencyCodeRows].
func (t *tx) ReplaceEmergencyCode(ctx context.Context, c mfa.EmergencyCode) error {
	err := t.run(ctx, "void emergency code",
		`UPDATE emergency_code SET void_at = ? WHERE used_at IS NULL AND void_at IS NULL`, ms(c.Created))
	if err != nil {
		return err
	}
	return t.run(ctx, "add emergency code",
		`INSERT INTO emergency_code (id, hash, created_at) VALUES (?, ?, ?)`, c.ID, c.Hash, ms(c.Created))
}

// UseEmergencyCode implements [mfa.EmergencyCodeRows].
func (t *tx) UseEmergencyCode(ctx context.Context, hash []byte, user string, at time.Time) (string, bool, error) {
	return first(ctx, t, "use emergency code", name,
		`UPDATE emergency_code SET used_at = ?, used_by = ? WHERE hash = ? AND used_at IS NULL AND void_at IS NULL RETURNING id`,
		ms(at), user, hash)
}

// NoteStep implements [mfa.ClockRow].
func (t *tx) NoteStep(ctx context.Context, offset int) error {
	return t.run(ctx, "note step", `UPDATE step_run SET length = CASE
		WHEN ?1 = 0 THEN 0
		WHEN ?1 > 0 THEN max(length, 0) + 1
		ELSE min(length, 0) - 1 END`, offset)
}

// StepRun implements [mfa.ClockRow].
func (t *tx) StepRun(ctx context.Context) (int, error) {
	n, _, err := first(ctx, t, "read step run", number, `SELECT length FROM step_run`)
	return n, err
}
