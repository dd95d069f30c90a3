package main

import (
	"database/sql"
	"net/url"

	"github.com/rogpeppe/go-internal/testscript"
)

// sqlCmd is `sql FILE STATEMENT`: somebody changes a database behind our back.
func sqlCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: ts.MkAbs(args[0])}).String())
	ts.Check(err)
	_, err = db.Exec(args[1])
	ts.Check(err)
	ts.Check(db.Close())
}
