package counter

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"

	"chipproof/audit"
	"chipproof/proofing"
)

// ErrRecordChanged is for a proofing whose row is not what its entry in the
// audit log says it was.
var ErrRecordChanged = errors.New("record of a proofing is not what its audit entry says")

// RecordProofing makes a decision durable: the row that it can be worked out
// from again, its entry in the audit log, the request used for good and the
// origin's last use, all of it or nothing. It gives the number by which the slip
// and the proof call it. Only when the error is nil may anything be released.
// Errors: [ErrNotReserved], [audit.ErrUnavailable].
func (r *Records) RecordProofing(ctx context.Context, record proofing.Record) (txn string, err error) {
	err = r.store.Write(ctx, func(tx *sql.Tx) error {
		if err := useRequest(ctx, tx, record.Use, record.ID); err != nil {
			return err
		}
		if err := usedOrigin(ctx, tx, record.Origin, record.At); err != nil {
			return err
		}
		if txn, err = nextTxn(ctx, tx, record.At); err != nil {
			return err
		}
		record.Txn = txn
		row, err := encodeRecord(record)
		if err != nil {
			return err
		}
		entry, err := r.log.AppendTx(ctx, tx, proofingEvent(record, row))
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO proofing (txn, id, entry, at, record) VALUES (?, ?, ?, ?, ?)`,
			txn, record.ID, entry.Number, ms(record.At), row)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("record proofing: %w", err)
	}
	return txn, nil
}

// encodeRecord gives the bytes of a row.
func encodeRecord(record proofing.Record) ([]byte, error) {
	row, err := json.Marshal(record, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("encode record: %w", err)
	}
	return row, nil
}

// nextTxn numbers a day's proofings from 1. The day begins in Thailand. A number
// is never given twice, also not after a restore (see package store).
func nextTxn(ctx context.Context, tx *sql.Tx, at time.Time) (string, error) {
	day := at.In(proofing.Thailand()).Format("20060102")
	var last int64
	err := tx.QueryRowContext(ctx, `INSERT INTO proofing_day (day, last) VALUES (?, 1)
		ON CONFLICT (day) DO UPDATE SET last = last + 1 RETURNING last`, day).Scan(&last)
	return fmt.Sprintf("pf-%s-%06d", day, last), err
}

// Proofing is what was recorded under a number, without its [proofing.RequestUse].
// The row goes with the content of its audit entry, so one that retention or an
// erasure took is not found. Error: [ErrRecordChanged].
func (r *Records) Proofing(ctx context.Context, txn string) (record proofing.Record, found bool, err error) {
	err = r.store.Read(ctx, func(tx *sql.Tx) error {
		var row []byte
		err := tx.QueryRowContext(ctx, `SELECT record FROM proofing WHERE txn = ?`, txn).Scan(&row)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := matchesEntry(ctx, tx, txn, row); err != nil {
			return err
		}
		found = true
		return json.Unmarshal(row, &record, json.RejectUnknownMembers(true))
	})
	if err != nil {
		return proofing.Record{}, false, fmt.Errorf("read proofing: %w", err)
	}
	return record, found, nil
}

// matchesEntry compares a row with the digest in its entry, which the signed
// heads of the log vouch for.
func matchesEntry(ctx context.Context, tx *sql.Tx, txn string, row []byte) error {
	var payload []byte
	err := tx.QueryRowContext(ctx, `SELECT e.payload FROM audit_entry AS e JOIN proofing AS p ON p.entry = e.number WHERE p.txn = ?`, txn).Scan(&payload)
	if err != nil {
		return err
	}
	entry, err := audit.ParseEntry(payload)
	if err != nil {
		return err
	}
	if entry.Kind != audit.KindProofing || entry.Attributes["txn"] != txn || entry.Attributes["record"] != digest(row) {
		return fmt.Errorf("%w: %s", ErrRecordChanged, txn)
	}
	return nil
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// EndProofing writes the entry of an attempt that ended without a decision, or
// by the clerk's no. Its request is free again, or used for good if the ending
// is final. Errors: [ErrNotReserved], [audit.ErrUnavailable].
func (r *Records) EndProofing(ctx context.Context, end proofing.Ending) error {
	err := r.store.Write(ctx, func(tx *sql.Tx) error {
		var err error
		if end.Final {
			err = useRequest(ctx, tx, end.Use, end.ID)
		} else {
			err = freeRequest(ctx, tx, end.Use, end.ID)
		}
		if err != nil {
			return err
		}
		return r.append(ctx, tx, endingEvent(end))
	})
	if err != nil {
		return fmt.Errorf("end proofing: %w", err)
	}
	return nil
}

// RecordStated writes the entry of what a person at the desk has seen. When it
// returns nil the statement may count. Error: [audit.ErrUnavailable].
func (r *Records) RecordStated(ctx context.Context, stated proofing.Stated) error {
	if _, err := r.log.Append(ctx, statedEvent(stated)); err != nil {
		return fmt.Errorf("record statement: %w", err)
	}
	return nil
}
