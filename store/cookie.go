package store

import (
	"context"
	"database/sql"
	"fmt"
)

// CookieName is the random name of this installation that the names of its
// session cookies begin with, so that two programs on one host never take each
// other's: a cookie knows no port.
func (s *Store) CookieName(ctx context.Context) (name string, err error) {
	err = s.Read(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT cookie_name FROM installation`).Scan(&name)
	})
	if err != nil {
		return "", fmt.Errorf("read cookie name: %w", err)
	}
	return name, nil
}
