package counter

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"chipproof/audit"
	"chipproof/proofing"
)

// RecordRead writes the entry of a read, and of an origin's last use with it.
// When it returns nil the entry is durable and the read may be released.
func (r *Records) RecordRead(ctx context.Context, read proofing.Release) error {
	err := r.store.Write(ctx, func(tx *sql.Tx) error {
		if err := usedOrigin(ctx, tx, read.Origin, read.At); err != nil {
			return err
		}
		return r.append(ctx, tx, readEvent(read))
	})
	if err != nil {
		return fmt.Errorf("record read: %w", err)
	}
	return nil
}

func usedOrigin(ctx context.Context, tx *sql.Tx, origin string, at time.Time) error {
	_, err := tx.ExecContext(ctx, `UPDATE web_origin SET last_use_at = ?1 WHERE origin = ?2 AND (last_use_at IS NULL OR last_use_at < ?1)`, ms(at), origin)
	return err
}

func readEvent(read proofing.Release) audit.Event {
	e := audit.Event{
		Kind: audit.KindRead, At: read.At, Actor: read.By.ID, Subject: read.Pseudonym, Session: read.By.Session,
		Attributes: map[string]string{"purpose": read.Purpose, "origin": read.Origin, "fields": words(read.Fields)},
	}
	for name, value := range map[string]string{"port": read.Port, "read": read.ID, "pseudonym": read.Pseudonym, "approval": read.Approval, "code": read.Code} {
		if value != "" {
			e.Attributes[name] = value
		}
	}
	if read.Test {
		e.Attributes["mode"] = "test"
	}
	switch {
	case read.Code != "":
		e.Kind = audit.KindReadFailed
	case read.Port != "":
		e.Kind = audit.KindCompatRead
	}
	return e
}

// RecordRefusal writes the entry of what an approved origin asked for and may not
// have.
func (r *Records) RecordRefusal(ctx context.Context, f proofing.Refusal) error {
	_, err := r.log.Append(ctx, audit.Event{
		Kind: audit.KindRequestRefused, At: f.At, Actor: f.By.ID, Session: f.By.Session,
		Attributes: map[string]string{"code": f.Code, "origin": f.Origin, "purpose": f.Purpose, "fields": words(f.Fields)},
	})
	if err != nil {
		return fmt.Errorf("record refusal: %w", err)
	}
	return nil
}

// RecordAgain writes the entry of the clerk's click for one more answer of the
// card that is in.
func (r *Records) RecordAgain(ctx context.Context, by proofing.Actor, origin string, at time.Time) error {
	_, err := r.log.Append(ctx, audit.Event{
		Kind: audit.KindReadApproved, At: at, Actor: by.ID, Session: by.Session,
		Attributes: map[string]string{"origin": origin, "again": "yes"},
	})
	if err != nil {
		return fmt.Errorf("record approval: %w", err)
	}
	return nil
}

// RecordArming writes the entry of a site of a drop-in port that may be sent each
// card that is put in, or no longer.
func (r *Records) RecordArming(ctx context.Context, a proofing.Arming) error {
	e := audit.Event{
		Kind: audit.KindCompatDisarmed, At: a.At, Actor: a.By.ID, Session: a.By.Session,
		Attributes: map[string]string{"port": a.Port, "origin": a.Origin},
	}
	if a.Armed {
		e.Kind = audit.KindCompatArmed
	}
	if a.Cause != "" {
		e.Attributes["cause"] = a.Cause
	}
	if _, err := r.log.Append(ctx, e); err != nil {
		return fmt.Errorf("record arming: %w", err)
	}
	return nil
}
