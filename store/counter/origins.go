package counter

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"chipproof/audit"
	"chipproof/proofing"
)

const selectOrigin = `SELECT id, origin, audience, fields, purposes, return_urls, key_set, ask, plain_http,
	approved_by, approved_at, last_use_at FROM web_origin`

func scanOrigin(s scanner) (o proofing.Origin, err error) {
	var (
		fields, purposes, returns, keys string
		approved, used                  sql.NullInt64
	)
	err = s.Scan(&o.ID, &o.Origin, &o.Audience, &fields, &purposes, &returns, &keys, &o.Ask, &o.PlainHTTP, &o.ApprovedBy, &approved, &used)
	o.Fields, o.Purposes, o.ReturnURLs = split(fields, " "), split(purposes, " "), split(returns, "\n")
	if keys != "" {
		o.Keys = []byte(keys)
	}
	o.ApprovedAt, o.LastUse = moment(approved), moment(used)
	return o, err
}

// Origin is the entry of an origin, compared byte for byte.
func (r *Records) Origin(ctx context.Context, origin string) (o proofing.Origin, found bool, err error) {
	err = r.store.Read(ctx, func(tx *sql.Tx) error {
		o, found, err = first(tx.QueryRowContext(ctx, selectOrigin+` WHERE origin = ?`, origin), scanOrigin)
		return err
	})
	if err != nil {
		return proofing.Origin{}, false, fmt.Errorf("read origin: %w", err)
	}
	return o, found, nil
}

// Origins are all entries, sorted by origin.
func (r *Records) Origins(ctx context.Context) (list []proofing.Origin, err error) {
	err = r.store.Read(ctx, func(tx *sql.Tx) error {
		list, err = all(ctx, tx, scanOrigin, selectOrigin+` ORDER BY origin`)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read origins: %w", err)
	}
	return list, nil
}

// SaveOrigin adds an entry, or changes the one that the origin has, in the name
// of by, and gives it as it then stands. A changed entry keeps its id and its
// last use. o.ApprovedAt is the moment.
func (r *Records) SaveOrigin(ctx context.Context, by proofing.Actor, o proofing.Origin) (saved proofing.Origin, err error) {
	o.ID, o.ApprovedBy = newID(), by.ID
	err = r.store.Write(ctx, func(tx *sql.Tx) error {
		before, there, err := first(tx.QueryRowContext(ctx, selectOrigin+` WHERE origin = ?`, o.Origin), scanOrigin)
		if err != nil {
			return err
		}
		e := originEvent(audit.KindOriginAdded, by, o)
		if there {
			o.ID, o.LastUse = before.ID, before.LastUse
			e = originEvent(audit.KindOriginChanged, by, o)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO web_origin
			(id, origin, audience, fields, purposes, return_urls, key_set, ask, plain_http, approved_by, approved_at, last_use_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (origin) DO UPDATE SET audience = excluded.audience, fields = excluded.fields, purposes = excluded.purposes,
				return_urls = excluded.return_urls, key_set = excluded.key_set, ask = excluded.ask, plain_http = excluded.plain_http,
				approved_by = excluded.approved_by, approved_at = excluded.approved_at`,
			o.ID, o.Origin, o.Audience, words(o.Fields), words(o.Purposes), lines(o.ReturnURLs), string(o.Keys), o.Ask, o.PlainHTTP,
			o.ApprovedBy, ms(o.ApprovedAt), ms(o.LastUse))
		if err != nil {
			return err
		}
		if err := r.append(ctx, tx, e); err != nil {
			return err
		}
		saved, _, err = first(tx.QueryRowContext(ctx, selectOrigin+` WHERE origin = ?`, o.Origin), scanOrigin)
		return err
	})
	if err != nil {
		return proofing.Origin{}, fmt.Errorf("save origin: %w", err)
	}
	return saved, nil
}

func originEvent(kind audit.Kind, by proofing.Actor, o proofing.Origin) audit.Event {
	e := audit.Event{
		Kind: kind, At: o.ApprovedAt, Actor: by.ID, Subject: o.ID, Session: by.Session,
		Attributes: map[string]string{
			"origin": o.Origin, "audience": o.Audience, "fields": words(o.Fields), "purposes": words(o.Purposes), "ask": string(o.Ask),
			"return_urls": strconv.Itoa(len(o.ReturnURLs)),
		},
	}
	if len(o.Keys) > 0 {
		e.Attributes["keys"] = strings.Join(kids(o.Keys), " ")
	}
	if o.PlainHTTP {
		e.Attributes["plain_http"] = "yes"
	}
	return e
}

// RevokeOrigin removes an entry by its id; false for one that is not there.
func (r *Records) RevokeOrigin(ctx context.Context, by proofing.Actor, id string, at time.Time) (found bool, err error) {
	err = r.store.Write(ctx, func(tx *sql.Tx) error {
		var o proofing.Origin
		o, found, err = first(tx.QueryRowContext(ctx, selectOrigin+` WHERE id = ?`, id), scanOrigin)
		if err != nil || !found {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM web_origin WHERE id = ?`, id); err != nil {
			return err
		}
		return r.append(ctx, tx, audit.Event{
			Kind: audit.KindOriginRevoked, At: at, Actor: by.ID, Subject: id, Session: by.Session,
			Attributes: map[string]string{"origin": o.Origin},
		})
	})
	if err != nil {
		return false, fmt.Errorf("revoke origin: %w", err)
	}
	return found, nil
}

// UseOrigin notes the first use of an origin on or after since, with its entry; a
// second one changes nothing.
func (r *Records) UseOrigin(ctx context.Context, by proofing.Actor, origin string, at, since time.Time) error {
	err := r.store.Write(ctx, func(tx *sql.Tx) error {
		noted, err := one(ctx, tx, `UPDATE web_origin SET last_use_at = ? WHERE origin = ? AND (last_use_at IS NULL OR last_use_at < ?)`,
			ms(at), origin, ms(since))
		if err != nil || !noted {
			return err
		}
		return r.append(ctx, tx, audit.Event{
			Kind: audit.KindOriginUsed, At: at, Actor: by.ID, Session: by.Session, Attributes: map[string]string{"origin": origin},
		})
	})
	if err != nil {
		return fmt.Errorf("note use of origin: %w", err)
	}
	return nil
}

func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}
