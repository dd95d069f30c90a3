package store

import (
	"context"
	"time"

	"chipproof/mfa"
)

const selectUser = `SELECT id, name, role, created_at, disabled_at, last_login_at FROM account`

func scanUser(s scanner) (u mfa.User, err error) {
	err = s.Scan(&u.ID, &u.Name, &u.Role, moment{&u.Created}, moment{&u.Disabled}, moment{&u.LastLogin})
	return u, err
}

// User implements [mfa.UserRows].
func (t *tx) User(ctx context.Context, id string) (mfa.User, error) {
	return known(first(ctx, t, "read user", scanUser, selectUser+` WHERE id = ?`, id))
}

// UserNamed implements [mfa.UserRows].
func (t *tx) UserNamed(ctx context.Context, name string) (mfa.User, error) {
	return known(first(ctx, t, "read user", scanUser, selectUser+` WHERE name = ?`, name))
}

func known(u mfa.User, found bool, err error) (mfa.User, error) {
	if err == nil && !found {
		err = mfa.ErrUserUnknown
	}
	return u, err
}

// Users implements [mfa.UserRows].
func (t *tx) Users(ctx context.Context) ([]mfa.User, error) {
	return all(ctx, t, "read users", scanUser, selectUser+` ORDER BY name`)
}

// InsertUser implements [mfa.UserEdits].
func (t *tx) InsertUser(ctx context.Context, u mfa.User) (bool, error) {
	return t.one(ctx, "add user",
		`INSERT INTO account (id, name, role, created_at, disabled_at, last_login_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (name) DO NOTHING`,
		u.ID, u.Name, u.Role, ms(u.Created), ms(u.Disabled), ms(u.LastLogin))
}

// UpdateUser implements [mfa.UserEdits].
func (t *tx) UpdateUser(ctx context.Context, u mfa.User) error {
	ok, err := t.one(ctx, "change user",
		`UPDATE account SET role = ?, disabled_at = ?, last_login_at = ? WHERE id = ?`,
		u.Role, ms(u.Disabled), ms(u.LastLogin), u.ID)
	if err == nil && !ok {
		err = mfa.ErrUserUnknown
	}
	return err
}

// Password implements [mfa.PasswordRows].
func (t *tx) Password(ctx context.Context, user string) (mfa.Password, error) {
	p, _, err := first(ctx, t, "read password", func(s scanner) (p mfa.Password, err error) {
		err = s.Scan(&p.User, &p.PHC, &p.Pepper, moment{&p.Changed})
		return p, err
	}, `SELECT account_id, phc, pepper_id, changed_at FROM password WHERE account_id = ?`, user)
	return p, err
}

// SetPassword implements [mfa.PasswordRows].
func (t *tx) SetPassword(ctx context.Context, p mfa.Password) error {
	return t.run(ctx, "set password",
		`INSERT INTO password (account_id, phc, pepper_id, changed_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (account_id) DO UPDATE SET phc = excluded.phc, pepper_id = excluded.pepper_id, changed_at = excluded.changed_at`,
		p.User, p.PHC, p.Pepper, ms(p.Changed))
}

// DropPassword implements [mfa.PasswordRows].
func (t *tx) DropPassword(ctx context.Context, user string) error {
	return t.run(ctx, "drop password", `DELETE FROM password WHERE account_id = ?`, user)
}

// InsertNotice implements [mfa.NoticeRows].
func (t *tx) InsertNotice(ctx context.Context, n mfa.Notice) error {
	return t.run(ctx, "add notice",
		`INSERT INTO notice (account_id, at, kind, detail) VALUES (?, ?, ?, ?)`, n.User, ms(n.At), n.Kind, n.Detail)
}

// Notices implements [mfa.NoticeRows].
func (t *tx) Notices(ctx context.Context, user string, since time.Time) ([]mfa.Notice, error) {
	return all(ctx, t, "read notices", func(s scanner) (n mfa.Notice, err error) {
		err = s.Scan(&n.User, moment{&n.At}, &n.Kind, &n.Detail)
		return n, err
	}, `SELECT account_id, at, kind, detail FROM notice WHERE account_id = ? AND at >= ? ORDER BY at, id`, user, since.UnixMilli())
}

// KnownAgent implements [mfa.NoticeRows].
func (t *tx) KnownAgent(ctx context.Context, user, agent string) (bool, error) {
	_, found, err := first(ctx, t, "read agents", number,
		`SELECT 1 FROM session WHERE account_id = ? AND agent = ? AND logged_in_at IS NOT NULL LIMIT 1`, user, agent)
	return found, err
}
