package counter

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"chipproof/audit"
	"chipproof/proofing"
)

const selectApproval = `SELECT id, origin, purpose, fields, holder, session_id, hold_id, asked_at, ends_at, answer, answered_by, answered_at FROM approval`

func scanApproval(s scanner) (a proofing.Approval, err error) {
	var (
		fields                string
		asked, ends, answered sql.NullInt64
	)
	err = s.Scan(&a.ID, &a.Origin, &a.Purpose, &fields, &a.Holder, &a.Session, &a.Hold, &asked, &ends, &a.Answer, &a.AnsweredBy, &answered)
	a.Fields = split(fields, " ")
	a.Asked, a.Ends, a.Answered = moment(asked), moment(ends), moment(answered)
	return a, err
}

// approvalKept is how long a row stays after it was asked: its entry in the
// audit log is what lasts.
const approvalKept = 24 * time.Hour

// AskApproval puts down a request that waits for the clerk's word.
func (r *Records) AskApproval(ctx context.Context, a proofing.Approval) error {
	err := r.store.Write(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM approval WHERE asked_at < ?`, ms(a.Asked.Add(-approvalKept))); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO approval (id, origin, purpose, fields, holder, session_id, hold_id, asked_at, ends_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			a.ID, a.Origin, a.Purpose, words(a.Fields), a.Holder, a.Session, a.Hold, ms(a.Asked), ms(a.Ends))
		return err
	})
	if err != nil {
		return fmt.Errorf("ask for approval: %w", err)
	}
	return nil
}

// Approval is one of them, whatever became of it.
func (r *Records) Approval(ctx context.Context, id string) (a proofing.Approval, found bool, err error) {
	err = r.store.Read(ctx, func(tx *sql.Tx) error {
		a, found, err = first(tx.QueryRowContext(ctx, selectApproval+` WHERE id = ?`, id), scanApproval)
		return err
	})
	if err != nil {
		return proofing.Approval{}, false, fmt.Errorf("read approval: %w", err)
	}
	return a, found, nil
}

// ofTheDesk holds for a request whose hold of the desk is in force: not left, not
// taken over, its session neither locked nor ended. A desk that nobody holds has
// an empty hold, and so no request.
const ofTheDesk = ` AND hold_id <> '' AND EXISTS (SELECT 1 FROM desk JOIN session ON session.id = desk.session_id
	WHERE desk.hold_id = approval.hold_id AND session.locked_at IS NULL AND session.ended_at IS NULL)`

// Approvals are those that wait at the desk at that moment, oldest first.
func (r *Records) Approvals(ctx context.Context, at time.Time) (list []proofing.Approval, err error) {
	err = r.store.Read(ctx, func(tx *sql.Tx) error {
		list, err = all(ctx, tx, scanApproval, selectApproval+` WHERE answer = '' AND ends_at > ?`+ofTheDesk+` ORDER BY asked_at, id`, ms(at))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read approvals: %w", err)
	}
	return list, nil
}

// AnswerApproval gives an answer to one that waits, and says whether it was the
// first, in time, and of the desk: what waits in the name of somebody who lost the
// desk is answered by nobody, and the word of a session only by the one that holds
// it. All of that is asked in the transaction of the answer. A word of the clerk is an audit entry; that a question was
// withdrawn is none, since what became of the request is.
func (r *Records) AnswerApproval(ctx context.Context, by proofing.Actor, id string, answer proofing.Answer, at time.Time) (first bool, err error) {
	err = r.store.Write(ctx, func(tx *sql.Tx) error {
		guard := ` AND ends_at > ? AND (? = '' OR session_id = ?)` + ofTheDesk
		args := []any{answer, by.ID, ms(at), id, ms(at), by.Session, by.Session}
		if answer == proofing.Withdrawn { // whoever holds the desk, and also when its time has run out
			guard, args = "", args[:4]
		}
		first, err = one(ctx, tx, `UPDATE approval SET answer = ?, answered_by = ?, answered_at = ? WHERE id = ? AND answer = ''`+guard, args...)
		if err != nil || !first || answer == proofing.Withdrawn {
			return err
		}
		return r.appendAnswer(ctx, tx, by, id, answer, at)
	})
	if err != nil {
		return false, fmt.Errorf("answer approval: %w", err)
	}
	return first, nil
}

func (r *Records) appendAnswer(ctx context.Context, tx *sql.Tx, by proofing.Actor, id string, answer proofing.Answer, at time.Time) error {
	a, _, err := first(tx.QueryRowContext(ctx, selectApproval+` WHERE id = ?`, id), scanApproval)
	if err != nil {
		return err
	}
	kind := audit.KindReadApproved
	if answer == proofing.Declined {
		kind = audit.KindReadDeclined
	}
	return r.append(ctx, tx, audit.Event{
		Kind: kind, At: at, Actor: by.ID, Subject: a.Holder, Session: by.Session,
		Attributes: map[string]string{"approval": id, "origin": a.Origin, "purpose": a.Purpose, "fields": words(a.Fields)},
	})
}
