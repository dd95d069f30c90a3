package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"chipproof/audit"
	"chipproof/mfa"
)

// Returned is what a restore would have brought back of access that was
// withdrawn since the backup. Accounts and origins by their names, sorted.
type Returned struct {
	// Compared is false where nothing could be: without a former database, or
	// with one that isn't a later state of the backup.
	Compared bool `json:"compared"`

	Disabled []string `json:"disabled_again,omitzero"` // accounts
	Revoked  []string `json:"revoked_again,omitzero"`  // origins

	// What follows is as the backup has it again, and for people to look at.
	Roles     []string `json:"former_role,omitzero"`     // accounts with more than a clerk's role, that had another
	Factors   []string `json:"removed_factor,omitzero"`  // accounts whose removed app is good again
	Passwords []string `json:"former_password,omitzero"` // accounts whose replaced password is good again
	Origins   []string `json:"former_terms,omitzero"`    // origins that may ask on other terms than last
}

// access is who may do what, as a database has it.
type access struct {
	accounts map[string]*accountAccess // by id
	origins  map[string]originAccess   // by origin
}

type accountAccess struct {
	name, role string
	disabled   sql.NullInt64
	password   int64 // when it was set; 0 without one
	factors    map[string]bool
}

type originAccess struct {
	id                                          string
	audience, fields, purposes, returnURLs, ask string
	keys                                        string
	plainHTTP                                   bool
}

func readAccess(ctx context.Context, tx *sql.Tx) (access, error) {
	a := access{accounts: map[string]*accountAccess{}, origins: map[string]originAccess{}}
	err := eachRow(ctx, tx, `SELECT a.id, a.name, a.role, a.disabled_at, coalesce(p.changed_at, 0)
		FROM account AS a LEFT JOIN password AS p ON p.account_id = a.id`, func(s scanner) error {
		var id string
		u := accountAccess{factors: map[string]bool{}}
		err := s.Scan(&id, &u.name, &u.role, &u.disabled, &u.password)
		a.accounts[id] = &u
		return err
	})
	if err != nil {
		return a, err
	}
	err = eachRow(ctx, tx, `SELECT id, account_id FROM totp WHERE confirmed_at IS NOT NULL`, func(s scanner) error {
		var id, account string
		err := s.Scan(&id, &account)
		if u := a.accounts[account]; u != nil {
			u.factors[id] = true
		}
		return err
	})
	if err != nil {
		return a, err
	}
	err = eachRow(ctx, tx, `SELECT origin, id, audience, fields, purposes, return_urls, key_set, ask, plain_http FROM web_origin`, func(s scanner) error {
		var (
			origin string
			o      originAccess
		)
		err := s.Scan(&origin, &o.id, &o.audience, &o.fields, &o.purposes, &o.returnURLs, &o.keys, &o.ask, &o.plainHTTP)
		a.origins[origin] = o
		return err
	})
	return a, err
}

func eachRow(ctx context.Context, tx *sql.Tx, statement string, row func(scanner) error) (err error) {
	rows, err := tx.QueryContext(ctx, statement)
	if err != nil {
		return fmt.Errorf("read access: %w", err)
	}
	defer func() { _ = rows.Close() }() // its error is that of Err
	for rows.Next() {
		if err := row(rows); err != nil {
			return fmt.Errorf("read access: %w", err)
		}
	}
	return rows.Err()
}

// looser says whether an origin may do anything on the terms of the backup that
// it could not do any more.
func (o originAccess) looser(last originAccess) bool {
	return o.audience != last.audience || o.keys != last.keys || o.plainHTTP && !last.plainHTTP || o.ask == "never" && last.ask != "never" ||
		more(o.fields, last.fields) || more(o.purposes, last.purposes) || more(o.returnURLs, last.returnURLs)
}

// more says whether there are words that weren't there last.
func more(words, last string) bool {
	had := strings.Fields(last)
	return slices.ContainsFunc(strings.Fields(words), func(w string) bool { return !slices.Contains(had, w) })
}

// withdrawAgain shuts the accounts and origins that were shut since the backup,
// and says what else became more permissive than it was. What was withdrawn must
// not come back with a backup.
func (l *AuditLog) withdrawAgain(ctx context.Context, last access, by AuditBy) (Returned, error) {
	r := Returned{Compared: true}
	err := l.Write(ctx, func(sqlTx *sql.Tx) error {
		now, err := readAccess(ctx, sqlTx)
		if err != nil {
			return err
		}
		for _, id := range slices.Sorted(maps.Keys(now.accounts)) {
			if err := l.withdrawAccount(ctx, sqlTx, id, now, last, by, &r); err != nil {
				return err
			}
		}
		for _, origin := range slices.Sorted(maps.Keys(now.origins)) {
			o := now.origins[origin]
			was, there := last.origins[origin]
			if there {
				if o.looser(was) {
					r.Origins = append(r.Origins, origin)
				}
				continue
			}
			if _, err := sqlTx.ExecContext(ctx, `DELETE FROM web_origin WHERE id = ?`, o.id); err != nil {
				return fmt.Errorf("revoke origin: %w", err)
			}
			_, err := l.AppendTx(ctx, sqlTx, audit.Event{
				Kind: audit.KindOriginRevoked, Actor: by.Actor, Subject: o.id, Attributes: map[string]string{"origin": origin, "reason": "revoked before the restore"},
			})
			if err != nil {
				return err
			}
			r.Revoked = append(r.Revoked, origin)
		}
		return nil
	})
	for _, list := range [][]string{r.Disabled, r.Roles, r.Factors, r.Passwords} {
		slices.Sort(list)
	}
	return r, err
}

func (l *AuditLog) withdrawAccount(ctx context.Context, sqlTx *sql.Tx, id string, now, last access, by AuditBy, r *Returned) error {
	u, was := now.accounts[id], last.accounts[id]
	if u.disabled.Valid {
		return nil
	}
	if was == nil || was.disabled.Valid { // no account is ever removed: one that is gone isn't to be trusted
		rows := &tx{sqlTx, l}
		user, err := rows.User(ctx, id)
		if err != nil {
			return err
		}
		user.Disabled = l.clock()
		if was != nil {
			user.Disabled = time.UnixMilli(was.disabled.Int64).UTC()
		}
		if err := rows.UpdateUser(ctx, user); err != nil {
			return err
		}
		r.Disabled = append(r.Disabled, u.name)
		return rows.Record(ctx, mfa.Event{
			Kind: mfa.EventUserDisabled, Actor: by.Actor, Subject: id, Attributes: map[string]string{"reason": "disabled before the restore"},
		})
	}
	if u.role != was.role && u.role != string(mfa.RoleStaff) {
		r.Roles = append(r.Roles, u.name)
	}
	if u.password != 0 && u.password != was.password {
		r.Passwords = append(r.Passwords, u.name)
	}
	for factor := range u.factors {
		if !was.factors[factor] {
			r.Factors = append(r.Factors, u.name)
			break
		}
	}
	return nil
}
