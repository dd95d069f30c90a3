package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to this program's version, and refuses one that
// is beyond it. Of two processes that migrate at once, the one that finds the
// work done is content.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	for {
		current, target, err := provider.GetVersions(ctx)
		if err != nil {
			return fmt.Errorf("read schema version: %w", err)
		}
		if current > target {
			return fmt.Errorf("%w: schema %d, known up to %d", ErrStoreNewer, current, target)
		}
		if current == target {
			return nil
		}
		if _, err = provider.Up(ctx); err == nil {
			return nil
		}
		// Another process may have done a part of it, and then the rest is tried again.
		if now, _, failed := provider.GetVersions(ctx); failed != nil || now == current {
			return fmt.Errorf("migrate: %w", err)
		}
	}
}
